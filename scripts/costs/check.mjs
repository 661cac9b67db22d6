// npm run bench -- check: checks whether a kernel has become slower, by the cost of the instructions that it executes.
// The numbers are the same on every machine, regardless of other programs and of the processor.

import { readFileSync, writeFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { capture } from "../process.mjs";
import { StepFailed } from "../steps.mjs";

const KNOWN = inRoot("scripts/costs/costs.json");
/** An unchanged kernel has the same cost; another release of the compiler changes it by a percent or two. */
const LIMIT = 1.05;

/** Costs by case, with the compiler of the module. */
function measured({ release }) {
  const measure = inRoot("scripts/costs/measure.mjs");
  const { ok, stdout, stderr } = capture(process.execPath, [measure, inRoot("dist/gradstep.wasm")]);
  if (!ok) throw new StepFailed("The costs of kernels could not be counted.", stderr);
  return { rust: versionOf(release), costs: JSON.parse(stdout) };
}

/** Of the text of `rustc -vV`. */
const versionOf = (release) => /^release: (.+)$/m.exec(release)?.[1] ?? "unknown";

/** Changes of costs above the limit, and cases that are new or missing. */
export function changes(known, costs) {
  const rows = Object.entries(costs).map(([name, cost]) => ({ name, cost, before: known[name] }));
  return {
    slower: rows.filter(({ cost, before }) => cost > before * LIMIT),
    faster: rows.filter(({ cost, before }) => cost * LIMIT < before),
    added: rows.filter(({ before }) => before === undefined),
    gone: Object.keys(known).filter((name) => !(name in costs)),
  };
}

const percent = ({ cost, before }) => `${cost > before ? "+" : ""}${(100 * (cost / before - 1)).toFixed(1)} %`;

/** Compares with costs.json and prints what differs. @returns numbers of cases that passed and failed */
export function checkCosts(rust) {
  const known = JSON.parse(readFileSync(KNOWN, "utf8"));
  const { rust: version, costs } = measured(rust);
  const { slower, faster, added, gone } = changes(known.costs, costs);
  if (known.rust !== version) console.log(`  costs.json is of Rust ${known.rust}, this module of ${version}.`);
  for (const row of slower)
    console.log(`  slower   ${row.name.padEnd(44)} ${row.before} -> ${row.cost}, ${percent(row)}`);
  for (const row of faster)
    console.log(`  faster   ${row.name.padEnd(44)} ${row.before} -> ${row.cost}, ${percent(row)}`);
  for (const { name } of added) console.log(`  new      ${name}`);
  for (const name of gone) console.log(`  gone     ${name}`);
  if (slower.length + faster.length + added.length + gone.length > 0) {
    console.log("  If this is intended: npm run bench -- check write");
  }
  // A kernel that is no longer counted could become slower unnoticed.
  const failed = slower.length + gone.length;
  return { passed: Object.keys(costs).length - slower.length, failed };
}

/** Writes costs.json. */
export function writeCosts(rust) {
  writeFileSync(KNOWN, `${JSON.stringify(measured(rust), null, 2)}\n`);
  console.log("Written: scripts/costs/costs.json");
}
