/**
 * The files of test/golden/training: its README.md has their format and the comparison.
 */

import { type Tensor, tensor } from "../../ts/index.js";
import { float32s, int32s } from "./bytes.js";

/** An array as the files have it. */
export interface GoldenArray {
  readonly shape: readonly number[];
  readonly data: string;
  readonly dtype?: "int32";
}

/** The numbers of an array. */
export function numbers(array: GoldenArray): Float32Array | Int32Array {
  return array.dtype === "int32" ? int32s(array.data) : float32s(array.data);
}

/** An array as a tensor of its shape and dtype. */
export function tensorOf(array: GoldenArray): Tensor {
  return tensor(numbers(array), array.shape);
}

/** Throws at the first number that is further off than the files allow. */
export function expectClose(
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  floor: number,
): void {
  if (got.length !== expected.length) throw new Error(`${what}: expected ${expected.length} values, got ${got.length}`);
  const largest = Math.max(0, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [got[i] as number, expected[i] as number];
    const allowed = tolerance * Math.max(Math.abs(b), floor * Math.min(1, largest));
    if (!(Math.abs(a - b) <= allowed)) throw new Error(`${what}: element ${i}: expected ${b}, got ${a}`);
  }
}
