/**
 * Tensors for the results of operations: in the running step's arena, or in memory of their own.
 *
 * @module
 */

import { currentArena, enterArena, giveArena, leaveArena, takeArena } from "../runtime/arena.js";
import { Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import type { Variable } from "../variable.js";

/** What an operation computes with: numbers in WebAssembly memory. */
export type Operand = Tensor | Variable;

/**
 * An uninitialised tensor for a result. Inside a step it comes from the step's arena and ends with it;
 * elsewhere it has memory of its own, freed by `dispose()` or the garbage collector.
 *
 * @throws OutOfMemoryError
 * @internal
 */
export function allocate(shape: readonly number[]): Tensor<"float32">;
export function allocate<D extends DType>(shape: readonly number[], dtype: D): Tensor<D>;
export function allocate(shape: readonly number[], dtype: DType = "float32"): Tensor {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis] as number;
  return new Tensor(shape, dtype, currentArena()?.take(size));
}

/**
 * Runs `body` as a step of its own: temporaries of operations inside are taken back together, without a
 * `dispose()` for each. What `body` returns can be read until the next step begins; {@link keep} what has to
 * stay longer. Inside another step it is a part of that one.
 *
 * @example
 * ```ts
 * import { ops, tidy } from "gradstep";
 *
 * const total = tidy(() => ops.sum(ops.square([1, 2, 3])).item());
 * console.log(total); // 14
 * ```
 */
export function tidy<T>(body: () => T): T {
  if (currentArena() !== undefined) return body();
  const arena = takeArena();
  enterArena(arena);
  try {
    return body();
  } finally {
    leaveArena(arena);
    giveArena(arena);
  }
}

/** A copy with memory of its own, which outlives the step: free it with `dispose()`, or drop it. */
export function keep<D extends DType>(tensor: Tensor<D>): Tensor<D> {
  const copy = new Tensor(tensor.shape, tensor.dtype);
  (copy.value as Float32Array).set(tensor.value as Float32Array);
  return copy;
}
