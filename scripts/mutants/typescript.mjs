// Mutants of ts/: Stryker makes them, our tests meet them one at a time. Stryker's own runner takes no samples, and does
// not reach dist/, which the tests of workers load.

import { relative } from "node:path";
import { capture } from "../process.mjs";
import { StepFailed, step } from "../steps.mjs";
import { installStryker } from "../toolchain/stryker.mjs";
import { chooseTests } from "./choose.mjs";
import { compiles } from "./compile.mjs";
import { listMutants, withSwitches } from "./instrument.mjs";
import { judged } from "./judged.mjs";
import { kindsOf } from "./kinds.mjs";
import { lineOf, printReport } from "./report.mjs";
import { drawSample } from "./sample.mjs";
import { startTests } from "./tests.mjs";
import { makeTree, tree } from "./tree.mjs";

/** ts/mpi is tested by jobs of mpirun, which start the packed package: no mutant gets in there. */
const isMeasured = (name) => name.endsWith(".ts") && !name.startsWith("ts/mpi/");

export async function mutateTypeScript(folder, { sample, seed, only, limit, tests: filters }) {
  const names = capture("git", ["ls-files", folder]).stdout.split("\n").filter(isMeasured);
  if (names.length === 0) throw new StepFailed(`There is no TypeScript to change in "${folder}".`);
  const stryker = await step("stryker", installStryker);
  const { all, chosen } = await step("mutants", async () => {
    const all = await listMutants(stryker, names);
    const chosen = only ? all.filter(({ key }) => only.includes(key)) : drawSample(all, sample, seed);
    return { outcome: `${chosen.length} of ${all.length}`, value: { all, chosen } };
  });
  if (all.length === 0 || chosen.length === 0) throw new StepFailed("None of them is to be tried.");
  const numbers = await step("copy of the tree", async () => {
    const { files, numbers } = await withSwitches(stryker, chosen);
    await makeTree(files);
    return { outcome: "made", value: numbers };
  });
  const kindOf = kindsOf(capture("git", ["ls-files", "ts"]).stdout.split("\n").filter(isMeasured));
  const tests = startTests();
  try {
    const files = await step("tests without a mutant", async (note) => {
      note("all of them once, to see what each reaches: ten minutes");
      return dryRun(tests, filters);
    });
    const kills = new Map();
    let done = 0;
    for (const mutant of chosen) {
      mutant.kind = kindOf(mutant);
      const start = performance.now();
      await tryMutant(mutant, { tests, number: numbers.get(mutant), files, kills, limit });
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      console.log(
        `  ${++done}/${chosen.length} ${mutant.outcome}, ${seconds} s: ${lineOf(mutant)}${mutant.by ? `\n      by ${mutant.by}` : ""}`,
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
  // What fails without a mutant says nothing with one. In a file that has such a test, only the others count, by name.
  const usable = files.map((file) => ({ ...file, tests: file.tests.filter(({ state }) => state === "passed") }));
  const some = usable.filter(({ tests }) => tests.length > 0);
  if (some.length === 0) throw new StepFailed("No test passes in the copy of the tree.");
  return { outcome: `${some.length} files`, value: some };
}

/** Sets `outcome` and, where a test failed, `by`. */
async function tryMutant(mutant, { tests, number, files, kills, limit }) {
  const reaching = chooseTests(mutant, number, files, kills);
  const list = [];
  let seconds = 0;
  for (const file of reaching) {
    if (list.length > 0 && seconds + file.seconds > limit) continue;
    list.push(file);
    seconds += file.seconds;
  }
  const left = reaching.length - list.length;
  if (list.length === 0) mutant.outcome = "not reached";
  else {
    const paths = list.map(({ path, ids }) => ({ path, ids }));
    const reply = await tests.ask({ mutant: number, files: paths, bail: true }, 30 + 6 * seconds);
    const failed = reply?.files.find(({ ok }) => !ok);
    if (!reply) mutant.outcome = "caught by looping";
    else if (failed) {
      mutant.outcome = "caught";
      mutant.by = `${relative(tree, failed.path)}: ${failed.failure}`;
      kills.set(failed.path, (kills.get(failed.path) ?? 0) + 1);
    } else if (reply.errors.length > 0) {
      mutant.outcome = "caught";
      mutant.by = reply.errors[0];
    } else mutant.outcome = "survived";
  }
  if (mutant.outcome === "survived" || mutant.outcome === "not reached") {
    if (!compiles(mutant)) mutant.outcome = "refused by the compiler";
    else if (left > 0) mutant.by = `none of ${list.length} files; ${left} more reach it`;
  }
}
