/**
 * Products of matrices in the module, which needs memory for packing them.
 *
 * @module
 */

import { fault } from "./memory.js";
import { wasm } from "./module.js";

/**
 * `out = a b + beta out` for `count` pairs of matrices, `m` x `k` and `k` x `n` after the transposes.
 *
 * @throws OutOfMemoryError, with `out` as it was
 */
export function matmulBatched(
  a: number,
  b: number,
  count: number,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
  beta: 0 | 1,
  out: number,
): void {
  const done = wasm().matmul_batched(a, b, count, m, k, n, transposeA ? 1 : 0, transposeB ? 1 : 0, beta, out);
  if (done === 0) throw fault();
}
