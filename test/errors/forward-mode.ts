/** Refusals of forward mode, Jacobians and Hessian-vector products: ts/autodiff/. */

import { ForwardAccumulator, GradientTape, hvp, ops, Variable } from "../../ts/index.js";
import type { Rows } from "./row.js";

const w = new Variable([3, 4], { name: "w" });
const accumulator = () => new ForwardAccumulator(w, [1, 1]);

export const forwardMode: Rows = [
  [
    () => new ForwardAccumulator([w], []),
    "ValueError",
    "ERR_TAPE",
    "ForwardAccumulator: expected as many tangents as primals (1), got 0.",
  ],
  [
    () => new ForwardAccumulator(1 as never, [1]),
    "TypeError",
    "ERR_TAPE",
    "ForwardAccumulator: primals are float32 tensors or variables, got 1.",
  ],
  [
    () => new ForwardAccumulator(w, [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "ForwardAccumulator: expected a tangent of [2], got [3].",
  ],
  [
    () => accumulator().jvp(1 as never),
    "TypeError",
    "ERR_TAPE",
    "jvp: the target is a tensor or a list of them, got 1.",
  ],
  [
    () => accumulator().jvp(w, { unconnectedGradients: "x" as never }),
    "ValueError",
    "ERR_TAPE",
    'jvp: "unconnectedGradients" must be "none" or "zero", got "x".',
  ],
  [
    () => hvp(() => ops.square(w), [w], []),
    "ValueError",
    "ERR_TAPE",
    "hvp: expected as many vectors as variables (1), got 0.",
  ],
  [
    () => {
      const tape = new GradientTape();
      const y = tape.run(() => ops.sum(w));
      return tape.batchJacobian(y, w);
    },
    "ValueError",
    "ERR_SHAPE",
    "batchJacobian: target and source must have the same first axis, got [] and [2].",
  ],
];
