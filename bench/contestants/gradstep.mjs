// gradstep, with gradients in WebAssembly memory and with gradients that come from JavaScript each time.

import { readFileSync } from "node:fs";
import * as gradstep from "../../dist/index.js";
import { LEARNING_RATE } from "../cases.mjs";
import { gradientOf, startOf } from "../gradients.mjs";
import { timed } from "./timed.mjs";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** Muon decays weights by default; without it all contestants do the same work. */
const OPTIONS = { Muon: { weightDecay: null } };

/** An optimizer over the problem's variables, and pairs for `applyGradients`. */
export function makeGradstep(problem, asTensors) {
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: nothing here is bundled
  const Class = gradstep[problem.optimizer];
  if (Class === undefined) return undefined;
  const pairs = Array.from({ length: problem.count }, (_, i) => {
    const gradient = gradientOf(problem, i);
    const variable = new gradstep.Variable(startOf(problem, i), { shape: problem.shape });
    return [asTensors ? gradstep.tensor(gradient, problem.shape) : gradient, variable];
  });
  const optimizer = new Class({ learningRate: LEARNING_RATE, ...OPTIONS[problem.optimizer] });
  return {
    run: (steps) => timed(() => optimizer.applyGradients(pairs), steps),
    weights: (n) => pairs[0][1].array().slice(0, n),
    dispose() {
      optimizer.dispose();
      for (const [gradient, variable] of pairs) {
        if (asTensors) gradient.dispose();
        variable.dispose();
      }
    },
  };
}

const open = (asTensors) => () => ({
  version: `gradstep ${version}`,
  make: (problem) => makeGradstep(problem, asTensors),
  close() {},
});

export const gradstepTensors = { id: "gradstep", label: "gradstep", open: open(true) };
export const gradstepArrays = { id: "gradstepArrays", label: "gradstep, Float32Array gradients", open: open(false) };
