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

import { gradstepArrays, gradstepFit, gradstepTape, gradstepTensors } from "./gradstep.mjs";
import { jaxJs, jaxLoop } from "./jax-js.mjs";
import { nativeBaseline, nativeFull } from "./native-c.mjs";
import { plainJs } from "./plain-js.mjs";
import { kerasFit, optax, pytorch, pytorchLoop } from "./python.mjs";
import { tensorflowCpu, tensorflowFits, tensorflowLoops, tensorflowWasm } from "./tensorflow-js.mjs";

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
