// binaryen's wasm-opt: pkg/gradstep_bg.wasm -> pkg/gradstep.wasm.

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { inRoot, root } from "../paths.mjs";
import { captureOrStop } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { rebuildIfStale } from "./stale.mjs";

// rustc strips the list of features from the module, so validation must be told which ones it uses. Not --all-features,
// which may emit what older engines lack; never --fast-math, which would change results.
const features = "simd bulk-memory nontrapping-float-to-int sign-ext mutable-globals reference-types multivalue".split(
  " ",
);
const flags = ["-O3", "--converge", ...features.map((feature) => `--enable-${feature}`)];

const input = inRoot("pkg/gradstep_bg.wasm");
const output = inRoot("pkg/gradstep.wasm");

/** Panics name source files: a path of this machine would make each machine's module another one. */
function checkNoPaths() {
  const text = readFileSync(output, "latin1");
  const found = [root, homedir()].find((path) => path.length > 1 && text.includes(path));
  if (found) throw new StepFailed(`${output} has a path of this machine in it (${found}): see rust-flags.mjs.`);
}

export function optimiseWasm() {
  const binaryen = JSON.parse(readFileSync(inRoot("node_modules/binaryen/package.json"), "utf8")).version;
  const work = () => {
    captureOrStop(process.execPath, [inRoot("node_modules/binaryen/bin/wasm-opt"), ...flags, input, "-o", output], {
      sentence:
        "wasm-opt refused the module (above): does it use a feature that scripts/build/optimise.mjs does not list?",
    });
    checkNoPaths();
  };
  const inputs = [input, inRoot("scripts/build/optimise.mjs")];
  return rebuildIfStale({ name: "optimise", inputs, facts: [binaryen], outputs: [output], work });
}
