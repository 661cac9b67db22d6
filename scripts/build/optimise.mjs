// binaryen: gradstep_bg.wasm -> gradstep.wasm, of pkg/ and of pkg-threads/. First panic messages are removed, then
// wasm-opt runs, and once more to put similar functions side by side.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { inRoot, root } from "../paths.mjs";
import { captureOrStop } from "../process.mjs";
import { StepFailed } from "../steps.mjs";
import { withoutPanics } from "./panics.mjs";
import { namedByOrder } from "./similar.mjs";
import { rebuildIfStale } from "./stale.mjs";

// rustc strips the list of features from the module, so validation must be told which ones it uses. Not --all-features,
// which may emit what older engines lack; never --fast-math, which would change results.
const features = "simd bulk-memory nontrapping-float-to-int sign-ext mutable-globals reference-types multivalue".split(
  " ",
);
const flags = [
  "-O3",
  "--strip-producers",
  "--flexible-inline-max-function-size",
  "0",
  "--always-inline-max-function-size",
  "0",
  ...features.map((feature) => `--enable-${feature}`),
];

/** Panics name source files: a local path would make the module differ between machines. */
function checkNoPaths(output) {
  const text = readFileSync(output, "latin1");
  const found = [root, homedir()].find((path) => path.length > 1 && text.includes(path));
  if (found) throw new StepFailed(`${output} contains a path of this machine (${found}): see rust-flags.mjs.`);
}

function optimise({ folder, step, isShared }) {
  const [input, silent, output] = ["_bg", "_silent", ""].map((end) => inRoot(folder, `gradstep${end}.wasm`));
  const binaryen = JSON.parse(readFileSync(inRoot("node_modules/binaryen/package.json"), "utf8")).version;
  const work = async () => {
    writeFileSync(silent, await withoutPanics(readFileSync(input), { isShared }));
    const program = [inRoot("node_modules/binaryen/bin/wasm-opt"), ...flags, ...(isShared ? ["--enable-threads"] : [])];
    const run = (...passes) =>
      captureOrStop(process.execPath, [...program, ...passes, silent, "-o", output], {
        sentence:
          "wasm-opt refused the module (above): does it use a feature that scripts/build/optimise.mjs does not list?",
      });
    run("--converge");
    writeFileSync(silent, namedByOrder(readFileSync(output)));
    // It optimises again: reading a module makes it a little longer.
    run("--reorder-functions-by-name");
    rmSync(silent);
    checkNoPaths(output);
  };
  const inputs = [
    input,
    ...["optimise", "panics", "similar", "wasm-code"].map((name) => inRoot(`scripts/build/${name}.mjs`)),
  ];
  return rebuildIfStale({ name: step, inputs, facts: [binaryen], outputs: [output], work });
}

export const optimiseWasm = () => optimise({ folder: "pkg", step: "optimise", isShared: false });
export const optimiseThreads = () => optimise({ folder: "pkg-threads", step: "optimise-threads", isShared: true });
