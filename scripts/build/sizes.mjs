// What the module weighs, against the budget.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { inRoot } from "../paths.mjs";
import { StepFailed } from "../steps.mjs";

/** Raw size of the module, in bytes: everything that page and worker load is within this. */
const BUDGET = 150_000;

export function reportSizes() {
  const wasm = readFileSync(inRoot("dist/gradstep.wasm"));
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  if (wasm.length > BUDGET) {
    throw new StepFailed(`gradstep.wasm has ${kB(wasm.length)}, over its budget of ${kB(BUDGET)}.`);
  }
  return `${kB(wasm.length)}, gzip ${kB(gzipSync(wasm).length)}`;
}
