// Who runs. A contestant is `{ id, label, open(pools) }`; `open` resolves to `{ version, make(problem), close() }`,
// or to `{ missing: reason }` when the machine does not have it.
//
// `make` resolves to `{ run(steps), weights(n), dispose() }`, or to undefined when the contestant has no such
// optimizer. `run` takes that many steps and resolves to the milliseconds they took, on the contestant's own clock;
// `weights` to the first n weights of the first tensor. The first contestant is what the others are compared with.

import { gradstepArrays, gradstepTensors } from "./gradstep.mjs";
import { jaxJs } from "./jax-js.mjs";
import { nativeBaseline, nativeFull } from "./native-c.mjs";
import { plainJs } from "./plain-js.mjs";
import { pytorch } from "./pytorch.mjs";
import { tensorflowCpu, tensorflowWasm } from "./tensorflow-js.mjs";

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
];
