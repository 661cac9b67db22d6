// Size of the module, against the budget.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { inRoot } from "../paths.mjs";
import { StepFailed } from "../steps.mjs";

/** Limits in bytes: the module, raw, and what a page loads for `import { Adam }`, bundled, minified and gzipped. */
export const BUDGETS = { wasm: 190_000, page: 92_000 };

/** `buildStd` says that the compiler is Debian's, whose module is some 4 % larger, and is not what is published. */
export function reportSizes({ buildStd }) {
  const wasm = readFileSync(inRoot("dist/gradstep.wasm"));
  const threads = readFileSync(inRoot("pkg-threads/gradstep.wasm"));
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  for (const { length } of buildStd ? [] : [wasm, threads]) {
    if (length > BUDGETS.wasm)
      throw new StepFailed(`gradstep.wasm has ${kB(length)}, over its budget of ${kB(BUDGETS.wasm)}.`);
  }
  return `${kB(wasm.length)}, gzip ${kB(gzipSync(wasm).length)}; on shared memory ${kB(threads.length)}`;
}
