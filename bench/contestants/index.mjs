// Who runs. A contestant is `{ id, label, open(pools) }`; `open` resolves to `{ version, make(problem), close() }`,
// or to `{ missing: reason }` when the machine does not have it.
//
// `make` resolves to `{ run(steps), weights(n), dispose() }`, or to undefined when the contestant has no such
// optimizer. `run` takes that many steps and resolves to the milliseconds they took, on the contestant's own clock;
// `weights` to the first n weights of the first tensor. The first contestant is what the others are compared with.
//
// In training, what `make` resolves to is another:
// `{ run(steps), loss(), dispose(), fewestSteps? }`. `loss` is that of the first batch, now; `fewestSteps` are taken
// however few are asked for. `way` is "fit" or "loop": the first of each way is what the others of it are compared
// with. An error of `make`, or of the first step, says what the contestant cannot train.

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
