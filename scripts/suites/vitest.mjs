// The Vitest suites, in Node, in Chromium, or under another runtime.

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { inRoot } from "../paths.mjs";
import { run } from "../process.mjs";
import { expectedSeconds } from "./durations.mjs";
import { suites } from "./table.mjs";

const vitest = inRoot("node_modules/vitest/vitest.mjs");

/**
 * Runs a suite of the table; `command` is what executes Vitest, `after` has the names of the suites that follow. Counts come
 * from Vitest's JSON report.
 */
export async function vitestSuite(name, { command = [process.execPath], after = [] } = {}) {
  const { project, paths, without = [] } = suites[name];
  const report = inRoot(".cache/reports", `${name}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const [program, ...before] = command;
  const reporter = inRoot("scripts/suites/progress-reporter.mjs");
  const reporters = [`--reporter=${reporter}`, "--reporter=json", `--outputFile.json=${report}`];
  // Output of tests that passed is of interest to no one.
  const options = [
    "--silent=passed-only",
    ...reporters,
    ...without.flatMap((path) => ["--exclude", path.endsWith(".ts") ? path : `${path}/**`]),
  ];
  const env = {
    GRADSTEP_SUITE_SECONDS: String(expectedSeconds([name])),
    GRADSTEP_SECONDS_AFTER: String(expectedSeconds(after)),
  };
  const { code } = await run(program, [...before, vitest, "run", "--project", project, ...options, ...paths], { env });
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, "utf8"));
  // A skipped test is a promise that is not kept: it counts as failed.
  const failed = numFailedTests + numPendingTests + numTodoTests;
  return { passed: numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
}
