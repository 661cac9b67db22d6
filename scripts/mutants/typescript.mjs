// Mutants of ts/: Stryker creates them, and the tests run against one at a time. Stryker's runner cannot sample, and
// does not instrument dist/, which the tests of workers load.

import { relative } from "node:path";
import { capture } from "../process.mjs";
import { StepFailed, step } from "../steps.mjs";
import { installStryker } from "../toolchain/stryker.mjs";
import { tryMutant } from "./attempt.mjs";
import { listMutants, withSwitches } from "./instrument.mjs";
import { judged } from "./judged.mjs";
import { kindsOf } from "./kinds.mjs";
import { lineOf, printReport, short } from "./report.mjs";
import { drawSample } from "./sample.mjs";
import { startTests } from "./tests.mjs";
import { makeTree, tree } from "./tree.mjs";

/** ts/mpi is tested by jobs of mpirun, which start the packed package: mutants cannot be inserted. */
const isMeasured = (name) => name.endsWith(".ts") && !name.startsWith("ts/mpi/");

export async function mutateTypeScript(folder, { sample, seed, kind, only, limit, cap, tests: filters }) {
  const names = capture("git", ["ls-files", folder]).stdout.split("\n").filter(isMeasured);
  if (names.length === 0) throw new StepFailed(`There is no TypeScript to change in "${folder}".`);
  const stryker = await step("stryker", installStryker);
  const chosen = await step("mutants", async () => {
    const all = await listMutants(stryker, names);
    const kindOf = kindsOf(capture("git", ["ls-files", "ts"]).stdout.split("\n").filter(isMeasured));
    for (const mutant of all) mutant.kind = kindOf(mutant);
    const open = kind ? all.filter((mutant) => mutant.kind === kind) : all;
    const chosen = only ? all.filter(({ key }) => only.includes(key)) : drawSample(open, sample, seed);
    return { outcome: `${chosen.length} of ${open.length}`, value: chosen };
  });
  if (chosen.length === 0) throw new StepFailed("There are no mutants to try.");
  const numbers = await step("copy of the tree", async () => {
    const { files, numbers } = await withSwitches(stryker, chosen);
    await makeTree(files);
    return { outcome: "made", value: numbers };
  });
  const tests = startTests();
  try {
    const files = await step("tests without a mutant", async (note) => {
      note("all tests run once, to record the code that each reaches: ten minutes");
      return dryRun(tests, filters);
    });
    const kills = new Map();
    let done = 0;
    for (const mutant of chosen) {
      const start = performance.now();
      await tryMutant(mutant, { tests, number: numbers.get(mutant), files, kills, limit, cap });
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      console.log(
        `  ${++done}/${chosen.length} ${mutant.outcome}, ${seconds} s: ${lineOf(mutant)}${mutant.by ? `\n      ${short(mutant.by, 200)}` : ""}`,
      );
    }
  } finally {
    tests.stop();
  }
  printReport(chosen, judged());
}

async function dryRun(tests, filters) {
  const { files, errors } = await tests.dryRun(filters);
  const failed = files.flatMap((file) => (file.ok ? [] : [`${relative(tree, file.path)}: ${file.failure}`]));
  for (const line of [...failed, ...errors]) console.log(`  left out, since it fails in the copy: ${line}`);
  // A test that fails without a mutant says nothing about one. In a file with such a test, only the others count, by
  // name.
  const usable = files.map((file) => ({ ...file, tests: file.tests.filter(({ state }) => state === "passed") }));
  const some = usable.filter(({ tests }) => tests.length > 0);
  if (some.length === 0) throw new StepFailed("No test passes in the copy of the tree.");
  return { outcome: `${some.length} files`, value: some };
}
