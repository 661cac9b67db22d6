// binaryen's wasm-opt: pkg/gradstep_bg.wasm -> pkg/gradstep.wasm.

import { readFileSync } from "node:fs";
import { inRoot } from "../paths.mjs";
import { run } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { rebuildIfStale } from "./stale.mjs";

// rustc strips the list of features from the module, so validation must be told which ones it uses. Not --all-features,
// which may emit what older engines lack; never --fast-math, which would change results.
const features = [
  "simd",
  "bulk-memory",
  "nontrapping-float-to-int",
  "sign-ext",
  "mutable-globals",
  "reference-types",
  "multivalue",
];
const flags = ["-O3", ...features.map((feature) => `--enable-${feature}`)];

const input = inRoot("pkg/gradstep_bg.wasm");
const output = inRoot("pkg/gradstep.wasm");

export function optimiseWasm() {
  const binaryen = JSON.parse(readFileSync(inRoot("node_modules/binaryen/package.json"), "utf8")).version;
  const work = async () => {
    const wasmOpt = inRoot("node_modules/binaryen/bin/wasm-opt");
    const { code } = await run(process.execPath, [wasmOpt, ...flags, input, "-o", output]);
    if (code !== 0)
      throw new StepFailed(
        "wasm-opt refused the module (its output is above): does it use a feature that scripts/build/optimise.mjs does not list?",
      );
  };
  return rebuildIfStale({ name: "optimise", inputs: [input], facts: [binaryen, ...flags], outputs: [output], work });
}
