// Who trains. A contestant is as in ../../contestants/index.mjs, but for what `make` resolves to:
// `{ run(steps), loss(), dispose(), fewestSteps? }`. `loss` is that of the first batch, now; `fewestSteps` are taken
// however few are asked for. `way` is "fit" or "loop": the first of each way is what the others of it are compared
// with. An error of `make`, or of the first step, says what the contestant cannot train.

import { gradstepFit, gradstepTape } from "./gradstep.mjs";
import { jaxLoop } from "./jax-js.mjs";
import { kerasFit, pytorchLoop } from "./python.mjs";
import { tensorflowFits, tensorflowLoops } from "./tensorflow-js.mjs";

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
  { way: "loop", label: "in a loop of one's own" },
];
