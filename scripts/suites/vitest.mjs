// The Vitest suites, in Node, in Chromium, or under another runtime.

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { inRoot } from "../paths.mjs";
import { run as execute } from "../process.mjs";
import { expectedSeconds } from "./durations.mjs";
import { afterLoss } from "./lost-browser.mjs";
import { partsOf, suites } from "./table.mjs";

const vitest = inRoot("node_modules/vitest/vitest.mjs");
const reporter = (name) => `--reporter=${inRoot(`scripts/suites/${name}-reporter.mjs`)}`;

/** Runs a suite of the table; `command` is what executes Vitest, `after` has the names of the suites that follow. */
export async function vitestSuite(name, { command = [process.execPath], after = [] } = {}) {
  const parts = partsOf(suites[name]);
  const total = { passed: 0, failed: 0 };
  for (const [at, part] of parts.entries()) {
    // For the time left: the parts are taken to be equally long.
    const share = 1 / parts.length;
    const run = { command, seconds: expectedSeconds([name]) * share, secondsAfter: expectedSeconds(after) };
    run.secondsAfter += expectedSeconds([name]) * (1 - share * (at + 1));
    if (parts.length > 1)
      console.log(part.isolate ? "  Files with modules loaded for each." : "  Files that share their modules.");
    const { passed, failed } = await partOfSuite(name, part, { ...run, report: reportOf(name, part, at) });
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

/** Name of the report of a part: its suite's, `NAME-shared`, `NAME-shared-2`. */
function reportOf(name, { isolate }, at) {
  if (isolate) return name;
  return at === 0 ? `${name}-shared` : `${name}-shared-${at + 1}`;
}

/** Runs one part. If the browser is lost, the files without a result run once more, in a new one. */
async function partOfSuite(name, part, run) {
  const { report } = run;
  const first = await vitestRun(name, part, run);
  const { lost, kept, again } = afterLoss(first);
  if (!lost) return counts(kept, first.code);

  const { length: total } = first.files;
  console.log(`  The browser was lost: ${first.errors[0].join(" ")}`);
  console.log(`  ${again.length} of ${total} files have no result and run once more, in a new browser.`);
  if (again.length === 0) return counts(kept, 0);
  const seconds = (run.seconds * again.length) / total;
  const second = await vitestRun(name, { ...part, paths: again }, { ...run, seconds, report: `${report}-again` });
  return counts([...kept, ...second.files], second.code);
}

/** Runs Vitest once; resolves to its exit code and the outcome of outcome-reporter.mjs. */
async function vitestRun(name, { isolate, paths, without }, { command: [program, ...before], ...run }) {
  const { project } = suites[name];
  const json = inRoot(".cache/reports", `${run.report}.json`);
  const outcome = inRoot(".cache/reports", `${run.report}.outcome.json`);
  mkdirSync(dirname(json), { recursive: true });
  for (const file of [json, outcome]) rmSync(file, { force: true });
  const options = [
    // Output of passed tests is not shown.
    "--silent=passed-only",
    ...[reporter("progress"), reporter("outcome"), "--reporter=json", `--outputFile.json=${json}`],
    // The second format is that of pages.
    ...(isolate ? [] : ["--no-isolate", "--browser.isolate=false"]),
    ...without.flatMap((path) => ["--exclude", path.endsWith(".ts") ? path : `${path}/**`]),
  ];
  const env = {
    ...suites[name].env,
    ...(isolate ? {} : { GRADSTEP_SHARED_MODULES: "1" }),
    GRADSTEP_OUTCOME: outcome,
    GRADSTEP_SUITE_SECONDS: String(run.seconds),
    GRADSTEP_SECONDS_AFTER: String(run.secondsAfter),
  };
  const { code } = await execute(program, [...before, vitest, "run", "--project", project, ...options, ...paths], {
    env,
  });
  const results = existsSync(outcome) ? JSON.parse(readFileSync(outcome, "utf8")) : { errors: [], files: [] };
  return { code, ...results };
}

function counts(files, code) {
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  // A skipped test verifies nothing: it counts as failed.
  const failed = sum("failed") + sum("skipped");
  return { passed: sum("passed"), failed: code === 0 ? failed : Math.max(1, failed) };
}
