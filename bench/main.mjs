// `npm run bench [-- words]`: measures, prints a table as it goes, and writes RESULTS.md when nothing was left out,
// or its section about workers and replicas, or about engines, when that alone was measured.

import { readFileSync, writeFileSync } from "node:fs";
import { budgetRows, trainingBudgetRows } from "./budgets.mjs";
import { chosen } from "./cases.mjs";
import { CONTESTANTS, TRAINERS } from "./contestants/index.mjs";
import { poolFiles } from "./data.mjs";
import { ENGINES, measureEngines, PARTS } from "./engines/index.mjs";
import { allocationPerStep, allocationPerTrainingStep, packageSizes, sequenceMemory } from "./measure/footprint.mjs";
import { compareLosses, measureCase } from "./measure/rounds.mjs";
import { measureParallel, PARALLEL } from "./parallel/index.mjs";
import { machine } from "./report/figures.mjs";
import { enginesSection, parallelSection, resultsPage, withSection } from "./report/results.mjs";
import {
  printBudgets,
  printCase,
  printEngines,
  printHead,
  printParallel,
  printTraining,
  printTrainingHead,
} from "./report/terminal.mjs";

/** The planned duration of the whole run; cases share the remaining time. */
const SECONDS = 420;
/** Training of a model by all contestants; slow ones need more. */
const TRAINING_SECONDS = 25;
/** Whole steps need more compilation than updates. */
const TRAINING_WARM_UP_MS = 500;

const RESULTS = new URL("RESULTS.md", import.meta.url);

async function openAll(wanted, pools) {
  const opened = [];
  for (const contestant of wanted) {
    let result;
    try {
      result = await contestant.open(pools);
    } catch (error) {
      result = { missing: error.message.split("\n")[0] };
    }
    opened.push({ ...contestant, ...result });
    console.log(`  ${contestant.label.padEnd(34)} ${result.missing ? `missing: ${result.missing}` : result.version}`);
  }
  return opened;
}

/** Steps of optimizers. */
async function measureSteps(cases, contestants) {
  const present = contestants.filter(({ missing }) => missing === undefined);
  const deadline = performance.now() + SECONDS * 1000;
  const results = [];
  if (cases.length > 0) printHead(contestants);
  for (const [i, one] of cases.entries()) {
    const seconds = Math.min(10, Math.max(0, deadline - performance.now()) / 1000 / (cases.length - i));
    const result = one.bounded ? { case: one, measured: new Map() } : await measureCase(one, present, seconds);
    results.push(result);
    printCase(result, contestants);
  }
  return results;
}

/** Whole training steps. */
async function measureTraining(cases, trainers) {
  const present = trainers.filter(({ missing }) => missing === undefined);
  const results = [];
  if (cases.length > 0) printTrainingHead();
  for (const one of cases) {
    const able = present.filter(({ id }) => one.only?.includes(id) ?? true);
    const result = await measureCase(one, able, TRAINING_SECONDS, {
      compare: compareLosses,
      warmUpMs: TRAINING_WARM_UP_MS,
    });
    results.push(result);
    printTraining(result, trainers);
  }
  return results;
}

/** Only workers and replicas: their section of the page is written if all of it was measured. */
async function onlyParallel(measurements) {
  const measured = await measureParallel(measurements, printParallel);
  if (measurements.length < PARALLEL.length) {
    console.log("\nOnly a part was measured: RESULTS.md stays as it is.");
    return;
  }
  writeFileSync(RESULTS, withSection(readFileSync(RESULTS, "utf8"), parallelSection(measured, machine())));
  console.log("\nWritten: a section of bench/RESULTS.md; the others stay as they are.");
}

/** Engines alone: their section contains all measured parts. Parts that were measured before are kept. */
async function onlyEngines(wanted) {
  const kept = await measureEngines(wanted, printEngines);
  writeFileSync(RESULTS, withSection(readFileSync(RESULTS, "utf8"), enginesSection(kept, machine())));
  console.log("\nWritten: a section of bench/RESULTS.md; the others stay as they are.");
}

async function main(words) {
  const known = {
    contestants: CONTESTANTS,
    trainers: TRAINERS,
    measurements: PARALLEL,
    engines: ENGINES,
    parts: PARTS,
  };
  const wanted = chosen(words, known);
  if (wanted.isParallel) {
    await onlyParallel(wanted.parallel);
    return;
  }
  if (wanted.isEngines) {
    await onlyEngines(wanted);
    return;
  }
  const pools = poolFiles();
  let contestants = [];
  let trainers = [];
  let results;
  let trained;
  try {
    console.log("Contestants");
    contestants = await openAll(wanted.contestants, pools);
    results = await measureSteps(wanted.cases, contestants);
    if (wanted.training.length > 0) console.log("\nContestants in training");
    trainers = await openAll(wanted.trainers, pools);
    trained = await measureTraining(wanted.training, trainers);
  } finally {
    for (const { close } of [...contestants, ...trainers]) close?.();
    pools.remove();
  }
  const measured = await measureParallel(wanted.parallel, printParallel);
  const budgets = [
    ...budgetRows(results, {
      allocation: allocationPerStep(),
      trainingAllocation: allocationPerTrainingStep(),
      sequence: sequenceMemory(),
      sizes: await packageSizes(),
    }),
    ...trainingBudgetRows(trained),
  ];
  printBudgets(budgets);
  if (!wanted.isAll) {
    console.log("\nOnly a part was measured: RESULTS.md stays as it is.");
    return;
  }
  const page = resultsPage({ machine: machine(), contestants, results, trainers, trained, budgets });
  writeFileSync(RESULTS, withSection(page, parallelSection(measured, machine())));
  await onlyEngines(wanted);
  console.log("\nWritten: bench/RESULTS.md");
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
