// The Vitest suites, in Node, in Chromium, or under another runtime.

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { inRoot } from "../paths.mjs";
import { run } from "../process.mjs";
import { expectedSeconds } from "./durations.mjs";
import { afterLoss } from "./lost-browser.mjs";
import { suites } from "./table.mjs";

const vitest = inRoot("node_modules/vitest/vitest.mjs");
const reporter = (name) => `--reporter=${inRoot(`scripts/suites/${name}-reporter.mjs`)}`;

/**
 * Runs a suite of the table; `command` is what executes Vitest, `after` has the names of the suites that follow. When the
 * browser is lost, the files without a result run once more, in a new one.
 */
export async function vitestSuite(name, { command = [process.execPath], after = [] } = {}) {
  const { paths } = suites[name];
  const seconds = expectedSeconds([name]);
  const first = await vitestRun(name, { command, after, paths, seconds, report: name });
  const { lost, kept, again } = afterLoss(first);
  if (!lost) return counts(kept, first.code);

  const { length: total } = first.files;
  console.log(`  The browser was lost: ${first.errors[0].join(" ")}`);
  console.log(`  ${again.length} of ${total} files have no result and run once more, in a new browser.`);
  if (again.length === 0) return counts(kept, 0);
  const share = (seconds * again.length) / total;
  const second = await vitestRun(name, { command, after, paths: again, seconds: share, report: `${name}-again` });
  return counts([...kept, ...second.files], second.code);
}

/** Runs Vitest once; resolves to its exit code and the outcome of outcome-reporter.mjs. */
async function vitestRun(name, { command: [program, ...before], after, paths, seconds, report }) {
  const { project, without = [] } = suites[name];
  const json = inRoot(".cache/reports", `${report}.json`);
  const outcome = inRoot(".cache/reports", `${report}.outcome.json`);
  mkdirSync(dirname(json), { recursive: true });
  for (const file of [json, outcome]) rmSync(file, { force: true });
  const options = [
    // Output of tests that passed is of interest to no one.
    "--silent=passed-only",
    ...[reporter("progress"), reporter("outcome"), "--reporter=json", `--outputFile.json=${json}`],
    ...without.flatMap((path) => ["--exclude", path.endsWith(".ts") ? path : `${path}/**`]),
  ];
  const env = {
    ...suites[name].env,
    GRADSTEP_OUTCOME: outcome,
    GRADSTEP_SUITE_SECONDS: String(seconds),
    GRADSTEP_SECONDS_AFTER: String(expectedSeconds(after)),
  };
  const { code } = await run(program, [...before, vitest, "run", "--project", project, ...options, ...paths], { env });
  const results = existsSync(outcome) ? JSON.parse(readFileSync(outcome, "utf8")) : { errors: [], files: [] };
  return { code, ...results };
}

function counts(files, code) {
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  // A skipped test is a promise that is not kept: it counts as failed.
  const failed = sum("failed") + sum("skipped");
  return { passed: sum("passed"), failed: code === 0 ? failed : Math.max(1, failed) };
}
