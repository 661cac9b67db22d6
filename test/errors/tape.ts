/**
 * Refusals of the tape: ts/autodiff/, bodies.ts.
 */

import { GradientTape, ops, SGD, tensor, tidy, Variable, zip } from "../../ts/index.js";
import type { Rows } from "./row.js";

/** A tape that recorded the square of a variable. */
function squared(options?: { persistent?: boolean }) {
  const tape = new GradientTape(options);
  const w = new Variable([3, 4], { name: "w" });
  const y = tape.run(() => ops.square(w));
  return { tape, w, y };
}

/** A call with a tape, which records until it is disposed of. */
const onTape = (call: (tape: GradientTape) => unknown) => () => {
  const tape = new GradientTape();
  try {
    return call(tape);
  } finally {
    tape.dispose();
  }
};

/** A call of a persistent tape while it computes gradients. */
function within(call: (tape: GradientTape, w: Variable) => unknown): unknown {
  const tape = new GradientTape({ persistent: true });
  const w = new Variable([3]);
  const y = tape.run(() =>
    ops.customGradient((x) => [
      ops.square(x),
      (dy) => {
        call(tape, w);
        return dy;
      },
    ])(w),
  );
  return tape.gradient(y, w);
}

export const tape: Rows = [
  [
    () => new GradientTape({ persist: true } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'GradientTape does not know "persist" (did you mean "persistent"?). Its options are: persistent, watchAccessedVariables.',
  ],
  [
    () => new GradientTape({ persistent: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'GradientTape: "persistent" must be true or false, got 1.',
  ],
  [
    () => new GradientTape(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "GradientTape takes one object with options, such as { persistent: ... }, got 1.",
  ],
  [
    onTape((tape) => tape.run(1 as never)),
    "TypeError",
    "ERR_TAPE",
    "run takes a function, which computes with operations, got 1.",
  ],
  [
    onTape((tape) => tape.run(async () => 1)),
    "TypeError",
    "ERR_TAPE",
    "run takes a synchronous function, got an async or a generator function. Code after its first await would not be part of the step: await data first, and compute in a plain function.",
  ],
  [
    onTape((tape) => tape.run(function* () {} as never)),
    "TypeError",
    "ERR_TAPE",
    "run takes a synchronous function, got an async or a generator function. Code after its first await would not be part of the step: await data first, and compute in a plain function.",
  ],
  [
    onTape((tape) => tape.run(() => Promise.resolve(1))),
    "TypeError",
    "ERR_TAPE",
    "run takes a synchronous function, got one that returns a promise. Code after its first await would not be part of the step: await data first, and compute in a plain function.",
  ],
  [
    onTape((tape) => tape.run(() => [1, Promise.reject(new Error("late"))])),
    "TypeError",
    "ERR_TAPE",
    "run takes a synchronous function, got one that returns a list or an object with a promise. Code after its first await would not be part of the step: await data first, and compute in a plain function.",
  ],
  [() => tidy(1 as never), "TypeError", "ERR_TAPE", "tidy takes a function, which computes with operations, got 1."],
  [
    () => tidy(async () => 1),
    "TypeError",
    "ERR_TAPE",
    "tidy takes a synchronous function, got an async or a generator function. Code after its first await would not be part of the step: await data first, and compute in a plain function.",
  ],
  [
    () => tidy(() => Promise.resolve(1)),
    "TypeError",
    "ERR_TAPE",
    "tidy takes a synchronous function, got one that returns a promise. Code after its first await would not be part of the step: await data first, and compute in a plain function.",
  ],
  [onTape((tape) => tape.watch(1 as never)), "TypeError", "ERR_TAPE", "watch takes tensors and variables, got 1."],
  [
    onTape((tape) => tape.watch(tensor([1], undefined, "int32"))),
    "TypeError",
    "ERR_TAPE",
    "watch: only float32 has gradients, got a tensor of int32.",
  ],
  [
    () => {
      const { tape, w, y } = squared();
      tape.gradient(y, w);
      tape.gradient(y, w);
    },
    "ValueError",
    "ERR_TAPE",
    "gradient() can be called only once on a tape that is not persistent. Use new GradientTape({ persistent: true }), or pass all sources in one call.",
  ],
  [
    () => {
      const { tape, w, y } = squared({ persistent: true });
      tape.dispose();
      tape.gradient(y, w);
    },
    "DisposedError",
    "ERR_DISPOSED",
    "This tape was disposed of, with everything that it recorded. Call gradient() first.",
  ],
  [
    () => {
      const { tape, w } = squared();
      tape.gradient(3 as never, w);
    },
    "TypeError",
    "ERR_TAPE",
    "gradient: the target is a tensor or a list of them, got 3.",
  ],
  [
    () => {
      const { tape, w } = squared();
      tape.gradient(tensor([1], undefined, "int32"), w);
    },
    "TypeError",
    "ERR_TAPE",
    "gradient: the target must be float32, got int32.",
  ],
  [
    () => {
      const { tape, y } = squared();
      tape.gradient(y, 3 as never);
    },
    "TypeError",
    "ERR_TAPE",
    "gradient: sources are variables or tensors, such as model.trainableWeights, got 3.",
  ],
  [
    () => {
      const { tape, y } = squared();
      tape.gradient(y, [3 as never]);
    },
    "TypeError",
    "ERR_TAPE",
    "gradient: sources are variables or tensors, such as model.trainableWeights, got 3.",
  ],
  [
    () => {
      const { tape, w, y } = squared();
      tape.gradient(y, w, { outputGradients: tensor([1, 2, 3]) });
    },
    "ValueError",
    "ERR_TAPE",
    "gradient: expected an output gradient of 2 values, got 3 values.",
  ],
  [
    () => {
      const { tape, w, y } = squared();
      tape.gradient(y, w, { outputGradients: [1, 2, 3] });
    },
    "ValueError",
    "ERR_TAPE",
    "gradient: expected an output gradient of 2 values, got 3 values.",
  ],
  [
    () => {
      const { tape, w, y } = squared();
      tape.gradient([y, y], w, { outputGradients: [tensor([1, 2])] });
    },
    "ValueError",
    "ERR_TAPE",
    'gradient: expected 2 "outputGradients", one for each target, got 1.',
  ],
  [
    () => {
      const { tape, w, y } = squared();
      tape.gradient(y, w, { unconnectedGradients: "x" as never });
    },
    "ValueError",
    "ERR_TAPE",
    'gradient: "unconnectedGradients" must be "none" or "zero", got "x".',
  ],
  [
    () => {
      const { tape, w, y } = squared();
      tape.gradient(y, w, { persistent: true } as never);
    },
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'gradient does not know "persistent". Its options are: outputGradients, unconnectedGradients.',
  ],
  [
    () => {
      const { tape, w, y } = squared();
      w.assign([1, 2]);
      tape.gradient(y, w);
    },
    "ValueError",
    "ERR_TAPE",
    'The variable "w" was changed after the tape had recorded its use, so gradients would be wrong. Call gradient() before applyGradients, apply or assign.',
  ],
  [
    () => {
      const tape = new GradientTape();
      const w = new Variable([3]);
      const [q, y] = tape.run(() => {
        const square = ops.square(w);
        return [square, ops.multiply(square, square)];
      });
      q.assign([100]);
      tape.gradient(y, w);
    },
    "ValueError",
    "ERR_TAPE",
    'A tensor [1] of the operation "square" was changed after the tape had recorded its use, so gradients would be wrong. Call gradient() before applyGradients, apply or assign.',
  ],
  [
    () => {
      const w = new Variable(new Float32Array(100));
      const turn = () => {
        const tape = new GradientTape();
        const [y, loss] = tape.run(() => {
          const y = ops.square(w);
          return [y, ops.sum(y)];
        });
        new SGD().applyGradients(zip(tape.gradient(loss, [w]), [w]));
        return y;
      };
      const first = turn();
      for (let i = 0; i < 200; i++) turn();
      return first.value;
    },
    "DisposedError",
    "ERR_STEP_ENDED",
    "This tensor belongs to a step that has ended, and its memory has been reused. Read it before the next iteration of the loop, or keep it with ops.keep(tensor).",
  ],
  [
    () => {
      const tape = new GradientTape();
      const w = new Variable([1, 2]);
      const [y, indices] = tape.run(() => {
        const indices = tensor([0], undefined, "int32");
        return [ops.take(w, indices), indices];
      });
      indices.assign([1]);
      tape.gradient(y, w);
    },
    "ValueError",
    "ERR_TAPE",
    'A tensor [1] of the operation "take" was changed after the tape had recorded its use, so gradients would be wrong. Call gradient() before applyGradients, apply or assign.',
  ],
  [() => ops.keep(1 as never), "TypeError", "ERR_OPTION_TYPE", "keep takes a tensor, got 1."],
  [
    () => within((tape, w) => tape.gradient(ops.square(w), w)),
    "ValueError",
    "ERR_BUSY",
    "This tape is in the middle of a call, and cannot be changed inside of it, by a getter, a schedule, a constraint or a loss.",
  ],
  [
    () => within((tape) => tape.run(() => 1)),
    "ValueError",
    "ERR_BUSY",
    "This tape is in the middle of a call, and cannot be changed inside of it, by a getter, a schedule, a constraint or a loss.",
  ],
  [
    () => within((tape) => tape.dispose()),
    "ValueError",
    "ERR_BUSY",
    "This tape is in the middle of a call, and cannot be changed inside of it, by a getter, a schedule, a constraint or a loss.",
  ],
  [
    () => within((tape) => tape.reset()),
    "ValueError",
    "ERR_BUSY",
    "This tape is in the middle of a call, and cannot be changed inside of it, by a getter, a schedule, a constraint or a loss.",
  ],
];
