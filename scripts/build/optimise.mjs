// binaryen: pkg/gradstep_bg.wasm -> pkg/gradstep.wasm. First panics lose their messages, then wasm-opt does the rest.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { inRoot, root } from "../paths.mjs";
import { captureOrStop } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { withoutPanics } from "./panics.mjs";
import { rebuildIfStale } from "./stale.mjs";

// rustc strips the list of features from the module, so validation must be told which ones it uses. Not --all-features,
// which may emit what older engines lack; never --fast-math, which would change results.
const features = "simd bulk-memory nontrapping-float-to-int sign-ext mutable-globals reference-types multivalue".split(
  " ",
);
const flags = ["-O3", "--converge", "--strip-producers", ...features.map((feature) => `--enable-${feature}`)];

const input = inRoot("pkg/gradstep_bg.wasm");
const silent = inRoot("pkg/gradstep_silent.wasm");
const output = inRoot("pkg/gradstep.wasm");

/** Panics name source files: a path of this machine would make each machine's module another one. */
function checkNoPaths() {
  const text = readFileSync(output, "latin1");
  const found = [root, homedir()].find((path) => path.length > 1 && text.includes(path));
  if (found) throw new StepFailed(`${output} has a path of this machine in it (${found}): see rust-flags.mjs.`);
}

export function optimiseWasm() {
  const binaryen = JSON.parse(readFileSync(inRoot("node_modules/binaryen/package.json"), "utf8")).version;
  const work = async () => {
    writeFileSync(silent, await withoutPanics(readFileSync(input)));
    captureOrStop(process.execPath, [inRoot("node_modules/binaryen/bin/wasm-opt"), ...flags, silent, "-o", output], {
      sentence:
        "wasm-opt refused the module (above): does it use a feature that scripts/build/optimise.mjs does not list?",
    });
    rmSync(silent);
    checkNoPaths();
  };
  const inputs = [input, ...["optimise", "panics"].map((name) => inRoot(`scripts/build/${name}.mjs`))];
  return rebuildIfStale({ name: "optimise", inputs, facts: [binaryen], outputs: [output], work });
}
