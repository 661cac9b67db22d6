/**
 * The kernels that can be recorded, and which of their arguments are addresses.
 *
 * @module
 */

import type { InitOutput } from "./generated/gradstep.js";

/** A function of the module. */
export type Name = Exclude<keyof InitOutput, "memory">;

/**
 * Kernels, with the positions of all addresses among their arguments. Their results depend only on the arguments and on
 * the caller's memory at these addresses.
 */
export const KERNELS: ReadonlyMap<string, readonly number[]> = new Map<Name, readonly number[]>([
  ["add_bias", [0, 3]],
  ["add_rows", [0, 1, 5]],
  ["add_values", [0, 2]],
  ["arg_extreme", [1, 5]],
  ["batch_input_gradient", [1, 2, 5, 6, 7, 9, 10, 11, 12]],
  ["batch_normalize", [0, 3, 4, 5, 6, 8, 9]],
  ["batch_statistics", [0, 3, 4, 5]],
  ["batch_sums", [0, 1, 4, 5, 7, 8, 9]],
  ["binary", [1, 2, 3]],
  ["binary_cross_entropy", [1, 2, 4]],
  ["binary_cross_entropy_backward", [1, 2, 3, 5]],
  ["categorical_cross_entropy", [2, 3, 6, 7]],
  ["categorical_cross_entropy_backward", [2, 3, 6, 7, 8]],
  ["choose", [0, 1, 2, 4]],
  ["column_sums", [0, 3]],
  ["convolution", [16, 17, 18, 19, 21]],
  ["copy_strided", [1, 2]],
  ["copy_values", [0, 2]],
  ["extreme_backward", [0, 1, 2, 6]],
  ["fill_values", [0]],
  ["first_out_of_range", [0]],
  ["layer_input_gradient", [0, 1, 4, 5, 6, 7]],
  ["layer_normalize", [0, 3, 4, 6, 7]],
  ["layer_sums", [0, 1, 4, 5, 6, 7]],
  ["masked_values", [0, 1, 3]],
  ["matmul_batched", [0, 1, 9]],
  ["pool", [13, 14, 15]],
  ["product_backward", [0, 1, 5]],
  ["random_fill", [7]],
  ["random_integers", [6]],
  ["random_permutation", [4]],
  ["reduce", [1, 5]],
  ["relu_gate", [0, 1, 3]],
  ["softmax", [1, 4, 5]],
  ["softmax_backward", [1, 2, 5]],
  ["take_rows", [0, 3, 5]],
  ["unary", [1, 6]],
  ["unary_backward", [1, 2, 3, 8]],
]);

/** Position of the first word of a draw among the arguments. */
export const DRAWS: ReadonlyMap<string, number> = new Map<Name, number>([
  ["random_fill", 1],
  ["random_integers", 0],
  ["random_permutation", 0],
]);

/** Words of a draw. */
export const WORDS = 4;
