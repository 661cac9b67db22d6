/**
 * Tensors for the results of operations: in the running step's arena, or in separate memory.
 *
 * @module
 */

import { checkBody, settled } from "../bodies.js";
import { checkSameCopy } from "../copies.js";
import { ArgumentTypeError } from "../errors.js";
import { checkCount, checkOne, shown } from "../options.js";
import { Arena, currentArena, enterArena, leaveArena } from "../runtime/arena.js";
import { giveArena, takeArena } from "../runtime/arena-pool.js";
import { settle } from "../runtime/loose.js";
import { beginStep, endStep } from "../runtime/steps.js";
import { isTensor, Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import type { Variable } from "../variable.js";

/** An operand: numbers in WebAssembly memory. */
export type Operand = Tensor | Variable;

/**
 * An uninitialised tensor for a result. Inside a step it is allocated in the step's arena and ends with the step;
 * otherwise it has separate memory, see `loose.ts`.
 *
 * @throws OutOfMemoryError
 * @internal
 */
export function allocate(shape: readonly number[]): Tensor<"float32">;
export function allocate<D extends DType>(shape: readonly number[], dtype: D): Tensor<D>;
export function allocate(shape: readonly number[], dtype: DType = "float32"): Tensor {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis]!;
  return new Tensor(shape, dtype, currentArena()?.take(size));
}

/**
 * Runs `body` as a separate step: temporaries of its operations are freed together, without a `dispose()` for each. The
 * result of `body` stays readable for a few more steps; use {@link keep} for longer. Inside another step it becomes
 * part of that step.
 *
 * @param body - A synchronous function that calls operations.
 * @returns The result of `body`.
 * @throws TypeError (`ERR_TAPE`) for anything but a synchronous function, and for one that returns a promise; errors of
 * `body`
 * @see [tf.tidy](https://js.tensorflow.org/api/latest/#tidy), the counterpart in TensorFlow.js
 * @example
 * ```ts
 * import { ops, tidy } from "gradstep";
 *
 * const total = tidy(() => ops.sum(ops.square([1, 2, 3])).item());
 * console.log(total); // 14
 * ```
 */
export function tidy<T>(body: () => T): T {
  checkCount("tidy", arguments.length, 1);
  checkBody("tidy", body);
  if (currentArena() !== undefined) return settled("tidy", body());
  const step = beginStep("tidy");
  const [arena] = step.arenas as [Arena];
  enterArena(arena);
  try {
    return settled("tidy", body());
  } finally {
    leaveArena(arena);
    endStep(step);
  }
}

/**
 * Runs `body` with temporaries in memory that is reused immediately: no tensor may leave it. It ends no step, so the
 * caller's tensors stay readable.
 *
 * @internal
 */
export function scratch<T>(body: () => T): T {
  return currentArena() === undefined ? apart(body) : body();
}

/** {@link scratch}, also inside of a step: for temporaries that are not needed until the step ends. @internal */
export function apart<T>(body: () => T): T {
  beforeOperation();
  const arena = takeArena("scratch");
  enterArena(arena);
  try {
    return body();
  } finally {
    leaveArena(arena);
    giveArena(arena);
  }
}

/** {@link apart}, in memory that is freed at the end: for large computations that run once. @internal */
export function passing<T>(body: () => T): T {
  const arena = new Arena("scratch");
  enterArena(arena);
  try {
    return body();
  } finally {
    leaveArena(arena);
    arena.free();
  }
}

/**
 * Called before an operation outside of a step reads its operands: values that were not used for a while move out.
 * @internal
 */
export function beforeOperation(): void {
  if (currentArena() === undefined) settle();
}

/**
 * Copies a tensor to separate memory, which outlives the step: free the copy with `dispose()`, or drop it.
 *
 * @param tensor - A tensor of any shape and type.
 * @returns A tensor of the same shape and type.
 * @throws TypeError (`ERR_OPTION_TYPE`, `ERR_OTHER_COPY`) for anything but a tensor
 * @throws DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor; OutOfMemoryError (`ERR_OUT_OF_MEMORY`)
 * when memory is full
 * @see [tf.keep](https://js.tensorflow.org/api/latest/#keep), the counterpart in TensorFlow.js
 * @example
 * ```ts
 * import { ops, tidy } from "gradstep";
 *
 * const sum = tidy(() => ops.keep(ops.sum([1, 2, 3])));
 * console.log(sum.item()); // 6
 * sum.dispose();
 * ```
 */
export function keep<D extends DType>(tensor: Tensor<D>): Tensor<D> {
  checkOne("keep", arguments);
  if (!isTensor(tensor)) {
    checkSameCopy("keep: the tensor", tensor);
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `keep takes a tensor, got ${shown(tensor)}.`);
  }
  settle();
  const copy = new Tensor(tensor.shape, tensor.dtype);
  (copy.numbers as Float32Array).set(tensor.numbers as Float32Array);
  return copy;
}
