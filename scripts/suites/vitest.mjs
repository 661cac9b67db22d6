// The Vitest suites, in Node, in Chromium, or under another runtime.

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { inRoot } from "../paths.mjs";
import { run } from "../process.mjs";

const vitest = inRoot("node_modules/vitest/vitest.mjs");

/** Folders whose suites run in every runtime. */
export const everywhere = [
  "test/conformance",
  "test/errors",
  "test/properties",
  "test/memory",
  "test/regression",
  "test/gradients",
];

/** Runs a project; `command` is what executes Vitest. Counts come from its JSON report. */
export async function vitestSuite(name, { project, folders = [], command = [process.execPath] }) {
  const report = inRoot(".cache/reports", `${name}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const [program, ...before] = command;
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const { code } = await run(program, [...before, vitest, "run", "--project", project, ...reporters, ...folders]);
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, "utf8"));
  // A skipped test is a promise that nobody keeps: it counts as failed.
  const failed = numFailedTests + numPendingTests + numTodoTests;
  return { passed: numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
}
