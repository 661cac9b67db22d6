// npm test: set up, build, then the suites of scripts/suites/table.mjs. `npm test -- node rust` runs those named, `npm test -- all` every suite but those that run only when named.

import { build } from "./build.mjs";
import { runChecks } from "./checks.mjs";
import { checkCosts } from "./costs/check.mjs";
import { setUp } from "./setup.mjs";
import { runScript, StepFailed } from "./steps.mjs";
import { cargoSuite } from "./suites/cargo.mjs";
import { denoVitestSuite } from "./suites/deno.mjs";
import { expectedSeconds, inWords, rememberDuration } from "./suites/durations.mjs";
import { mpiSuite } from "./suites/mpi.mjs";
import { bunPackageSuite, denoPackageSuite } from "./suites/packed.mjs";
import { all, byDefault, suites } from "./suites/table.mjs";
import { vitestSuite } from "./suites/vitest.mjs";

/** Functions that run the suites that are not Vitest alone. */
const runners = {
  check: (_name, { rust }) => runChecks(rust),
  rust: (_name, { rust }) => cargoSuite(rust),
  costs: (_name, { rust }) => checkCosts(rust),
  deno: denoVitestSuite,
  "deno-rest": denoVitestSuite,
  "deno-package": denoPackageSuite,
  bun: bunPackageSuite,
  mpi: mpiSuite,
  "mpi-rest": mpiSuite,
};

/** A suite that cannot even start has failed; the others run all the same. */
async function runSuite(name, options) {
  try {
    return await (runners[name] ?? vitestSuite)(name, options);
  } catch (error) {
    console.log(error instanceof StepFailed ? `${error.details}\n${error.message}` : error);
    return { passed: 0, failed: 1 };
  }
}

/** The suites that the command line names, each once. */
function chosen(wanted) {
  const unknown = wanted.find((name) => name !== "all" && !(name in suites));
  if (unknown !== undefined)
    throw new StepFailed(`There is no suite "${unknown}". The suites are: ${Object.keys(suites).join(", ")}; or all.`);
  if (wanted.length === 0) return byDefault;
  return [...new Set(wanted.flatMap((name) => (name === "all" ? all : [name])))];
}

// Logs are read as text; a person at a terminal keeps the colours.
if (!process.stdout.isTTY) process.env.NO_COLOR ??= "1";

await runScript(async () => {
  const names = chosen(process.argv.slice(2));
  console.log(`Suites: ${names.join(", ")}; ${inWords(expectedSeconds(names))} after set-up and build.\n`);

  const needs = (...suiteNames) => names.some((name) => suiteNames.includes(name));
  const { rust } = await setUp({
    checks: needs("check"),
    browser: needs("browser", "browser-rest", "packaging", "packaging-rest", "documents", "documents-rest", "hosts"),
    firefox: needs("firefox"),
  });
  await build({ rust, scalar: true });

  const results = [];
  for (const [at, name] of names.entries()) {
    const after = names.slice(at + 1);
    const left = inWords(expectedSeconds([name, ...after]));
    console.log(`\nSuite ${name} (${at + 1} of ${names.length}; ${left} left): ${suites[name].question}`);
    const start = performance.now();
    const { passed, failed } = await runSuite(name, { rust, after });
    // A suite in which nothing ran has checked nothing.
    const none = passed + failed === 0;
    const seconds = (performance.now() - start) / 1000;
    results.push({ name, passed, failed: none ? 1 : failed, seconds });
    // One that failed may have ended early.
    if (failed === 0 && !none) rememberDuration(name, seconds);
  }

  console.log("\nSuites");
  for (const { name, passed, failed, seconds } of results) {
    console.log(
      `  ${name.padEnd(28)} ${`${passed} passed, ${failed} failed`.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s`,
    );
  }
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  console.log(`\n${total("passed")} passed, ${total("failed")} failed`);
  return total("failed") > 0 ? 1 : 0;
});
