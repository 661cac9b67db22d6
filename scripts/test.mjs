// npm test: set up, build, then every suite but Firefox's. `npm test -- node rust` runs only the suites named.

import { build } from "./build.mjs";
import { runChecks } from "./checks.mjs";
import { setUp } from "./setup.mjs";
import { runScript, StepFailed } from "./steps.mjs";
import { cargoSuite } from "./suites/cargo.mjs";
import { denoVitestSuite } from "./suites/deno.mjs";
import { mpiSuite } from "./suites/mpi.mjs";
import { bunPackageSuite, denoPackageSuite } from "./suites/packed.mjs";
import { everywhere, vitestSuite } from "./suites/vitest.mjs";

const suites = {
  check: (rust) => runChecks(rust),
  rust: (rust) => cargoSuite(rust),
  node: () =>
    vitestSuite("node", { project: "node", folders: [...everywhere, "test/source", "test/worker", "test/distribute"] }),
  threads: () => vitestSuite("threads", { project: "threads" }),
  browser: () => vitestSuite("browser", { project: "browser" }),
  deno: () => denoVitestSuite(),
  "deno-package": () => denoPackageSuite(),
  bun: () => bunPackageSuite(),
  mpi: () => mpiSuite(),
  packaging: () => vitestSuite("packaging", { project: "node", folders: ["test/packaging", "test/examples"] }),
};

/** Takes a Firefox and minutes: only when it is named. */
const onRequest = { firefox: () => vitestSuite("firefox", { project: "firefox" }) };
const known = { ...suites, ...onRequest };

/** A suite that cannot even start has failed; the others run all the same. */
async function runSuite(name, rust) {
  try {
    return await known[name](rust);
  } catch (error) {
    console.log(error instanceof StepFailed ? `${error.details}\n${error.message}` : error);
    return { passed: 0, failed: 1 };
  }
}

// Logs are read as text; a person at a terminal keeps the colours.
if (!process.stdout.isTTY) process.env.NO_COLOR ??= "1";

await runScript(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in known));
  if (unknown.length > 0)
    throw new StepFailed(`There is no suite "${unknown[0]}". The suites are: ${Object.keys(known).join(", ")}.`);
  const names = wanted.length > 0 ? wanted : Object.keys(suites);

  const needs = (...suiteNames) => names.some((name) => suiteNames.includes(name));
  const { rust } = await setUp({
    checks: needs("check"),
    browser: needs("browser", "packaging"),
    firefox: needs("firefox"),
  });
  await build({ rust, scalar: true });

  const results = [];
  for (const name of names) {
    console.log(`\nSuite ${name}`);
    const start = performance.now();
    const { passed, failed } = await runSuite(name, rust);
    // A suite in which nothing ran has checked nothing.
    const none = passed + failed === 0;
    results.push({ name, passed, failed: none ? 1 : failed, seconds: (performance.now() - start) / 1000 });
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
