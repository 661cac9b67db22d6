// The contestants. A contestant is `{ id, label, open(pools) }`; `open` resolves to `{ version, make(problem), close()
// }`, or to `{ missing: reason }` if the machine does not have it.
//
// `make` resolves to `{ run(steps), weights(n), dispose() }`, or to undefined when the contestant has no such
// optimizer. `run` takes that many steps, and resolves to their milliseconds by the contestant's clock;
// `weights` to the first n weights of the first tensor. The others are compared with the first contestant.
//
// In training, `make` resolves to: `{ run(steps), loss(), dispose(), fewestSteps? }`. `loss` is the current loss of the
// first batch; `fewestSteps` is the minimum number of steps per run. `way` is "fit" or "loop": the others are compared
// with the first one of the same way. An error of `make`, or of the first step, means that the contestant cannot train
// the model.

import { gradientOf, startOf } from "../data.mjs";
import { timed } from "../measure/rounds.mjs";
import { nativeBaseline, nativeFull } from "./child.mjs";
import { gradstepArrays, gradstepFit, gradstepTape, gradstepTensors } from "./gradstep.mjs";
import { jaxJs, jaxLoop } from "./jax-js.mjs";
import * as rules from "./plain-rules.mjs";
import { kerasFit, optax, pytorch, pytorchLoop } from "./python.mjs";
import { tensorflowCpu, tensorflowFits, tensorflowLoops, tensorflowWasm } from "./tensorflow-js.mjs";

// Plain JavaScript: handwritten loops over typed arrays.

/** Rules by the names of their classes in lower case. */
const named = new Map(Object.entries(rules).map(([name, rule]) => [name.toLowerCase(), rule]));
// The same rule.
named.set("schedulefree", rules.scheduleFreeSGD);
// Those that these options replace.
named.set("adambfloat16", rules.adam);
named.set("adamuint8", rules.adam);
named.set("muonpolarexpress", rules.muon);

function makePlain(problem) {
  const rule = named.get(problem.optimizer.toLowerCase())?.(problem);
  if (rule === undefined) return undefined;
  const tensors = Array.from({ length: problem.count }, (_, i) => ({
    w: startOf(problem, i),
    g: gradientOf(problem, i),
    slots: rule.slots.map((length) => new Float32Array(length).fill(rule.start ?? 0)),
  }));
  let t = 0;
  const step = () => {
    rule.begin(++t);
    for (const { w, g, slots } of tensors) rule.update(w, g, slots);
  };
  return { run: (steps) => timed(step, steps), weights: (n) => tensors[0].w.slice(0, n), dispose() {} };
}

const plainJs = {
  id: "plainJs",
  label: "plain JS loop",
  open: () => ({ version: `V8 ${process.versions.v8}`, make: makePlain, close() {} }),
};

export const CONTESTANTS = [
  gradstepTensors,
  gradstepArrays,
  plainJs,
  tensorflowCpu,
  tensorflowWasm,
  jaxJs,
  nativeBaseline,
  nativeFull,
  pytorch,
  optax,
];

export const TRAINERS = [
  gradstepFit,
  ...tensorflowFits,
  kerasFit,
  gradstepTape,
  ...tensorflowLoops,
  jaxLoop,
  pytorchLoop,
];

export const WAYS = [
  { way: "fit", label: "through `fit`" },
  { way: "loop", label: "in a custom loop" },
];
