// `npm run bench [-- words]`: measures, prints a table as it goes, and writes RESULTS.md when nothing was left out.

import { writeFileSync } from "node:fs";
import { budgetRows } from "./budgets.mjs";
import { chosen } from "./cases.mjs";
import { CONTESTANTS } from "./contestants/index.mjs";
import { poolFiles } from "./gradients.mjs";
import { machine } from "./machine.mjs";
import { allocationPerStep } from "./measure/allocation.mjs";
import { measureCase } from "./measure/rounds.mjs";
import { packageSizes } from "./measure/sizes.mjs";
import { resultsPage } from "./results-page.mjs";
import { printBudgets, printCase, printHead } from "./table.mjs";

/** The whole run is planned for this long; cases share what is left of it. */
const SECONDS = 330;

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
    console.log(`  ${contestant.label.padEnd(34)} ${result.missing ? `not here: ${result.missing}` : result.version}`);
  }
  return opened;
}

async function main(words) {
  const { cases, contestants: wanted, isAll } = chosen(words, CONTESTANTS);
  const pools = poolFiles();
  const results = [];
  let contestants = [];
  try {
    console.log("Contestants");
    contestants = await openAll(wanted, pools);
    const present = contestants.filter(({ missing }) => missing === undefined);
    const deadline = performance.now() + SECONDS * 1000;
    printHead(contestants);
    for (const [i, one] of cases.entries()) {
      const seconds = Math.min(10, Math.max(0, deadline - performance.now()) / 1000 / (cases.length - i));
      const result = one.bounded ? { case: one, measured: new Map() } : await measureCase(one, present, seconds);
      results.push(result);
      printCase(result, contestants);
    }
  } finally {
    for (const { close } of contestants) close?.();
    pools.remove();
  }
  const budgets = budgetRows(results, { allocation: allocationPerStep(), sizes: await packageSizes() });
  printBudgets(budgets);
  if (!isAll) {
    console.log("\nA part of the benchmark: RESULTS.md is left as it is.");
    return;
  }
  const page = resultsPage({ machine: machine(), contestants, results, budgets });
  writeFileSync(new URL("RESULTS.md", import.meta.url), page);
  console.log("\nWritten: bench/RESULTS.md");
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
