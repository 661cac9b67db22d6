/**
 * Random tensors.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate, beforeOperation } from "../autodiff/arena.js";
import { finiteNumber, integer, nonNegativeNumber, refuseRange } from "../options.js";
import { wasm } from "../runtime/module.js";
import { checkedShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import { drawFrom, type Seed } from "./generator.js";

const UNIFORM_NAMES = { names: ["minval", "maxval", "dtype", "seed"], after: 1 };
const NORMAL_NAMES = { names: ["mean", "stddev", "dtype", "seed"], after: 1 };
const RANDINT_NAMES = { names: ["dtype", "seed"], after: 3 };
const PERMUTATION_NAMES = { names: ["dtype", "seed"], byPosition: 0, after: 1 };

/** Numbers of the kernels, as in `crates/wasm/src/nn/random.rs`. */
const UNIFORM = 0;
const NORMAL = 1;
const TRUNCATED_NORMAL = 2;

/** Options of every random function. */
export interface SeedOptions {
  /** The element type; only the function's type is accepted. Default: null, that type. */
  readonly dtype?: DType | null | undefined;
  /**
   * Source of the numbers: a number, which draws the same numbers at each call, or a generator, which continues.
   * Default: the generator that `setRandomSeed` seeds.
   */
  readonly seed?: Seed;
}

/** Options of {@link uniform}. */
export interface UniformOptions extends SeedOptions {
  /** Lower bound, included. Default: 0. */
  readonly minval?: number | undefined;
  /** Upper bound, excluded. Default: 1. */
  readonly maxval?: number | undefined;
}

/** Options of {@link normal} and {@link truncatedNormal}. */
export interface NormalOptions extends SeedOptions {
  /** Mean of the distribution. Default: 0. */
  readonly mean?: number | undefined;
  /** Standard deviation. Default: 1. */
  readonly stddev?: number | undefined;
}

/** Options of {@link normal} and {@link truncatedNormal}, by name or by position. */
export type NormalArguments =
  | [options?: NormalOptions | undefined]
  | [mean: number | undefined, stddev?: number | NormalOptions | undefined, dtype?: DType | null, seed?: Seed];

/**
 * Draws uniform numbers from `minval` up to, but not including, `maxval`.
 *
 * @param shape - Shape of the result.
 * @returns a tensor of this shape, float32
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN, ERR_SHAPE; TypeError ERR_OPTION_TYPE
 * @see [Keras: uniform](https://keras.io/api/random/random_ops/#uniform-function)
 * @example
 * ```ts
 * import { random } from "gradstep";
 *
 * console.log(random.uniform([2], { minval: -1, seed: 7 }).array()); // Float32Array [0.9091942310333252, 0.5003043413162231]
 * ```
 */
export function uniform(
  shape: Shape,
  ...given:
    | [options?: UniformOptions | undefined]
    | [minval: number | undefined, maxval?: number | UniformOptions | undefined, dtype?: DType | null, seed?: Seed]
): Tensor<"float32"> {
  const options = readOptions<UniformOptions>("uniform", UNIFORM_NAMES, given);
  checkDType("uniform", "float32", options.dtype);
  const min = finiteNumber("uniform", "minval", options.minval ?? 0);
  const max = finiteNumber("uniform", "maxval", options.maxval ?? 1);
  if (min > max) refuseRange("uniform", "minval", `${max}, which is "maxval", or below`, min);
  return filled("uniform", UNIFORM, shape, min, max, options.seed);
}

/**
 * Draws normally distributed numbers.
 *
 * @param shape - Shape of the result.
 * @returns a tensor of this shape, float32
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN, ERR_SHAPE; TypeError ERR_OPTION_TYPE
 * @see [Keras: normal](https://keras.io/api/random/random_ops/#normal-function)
 * @example
 * ```ts
 * import { random } from "gradstep";
 *
 * console.log(random.normal([2], { stddev: 0.05, seed: 7 }).array()); // Float32Array [0.08455812186002731, 0.03374844416975975]
 * ```
 */
export function normal(shape: Shape, ...given: NormalArguments): Tensor<"float32"> {
  return normalOf("normal", NORMAL, shape, given);
}

/**
 * Draws normally distributed numbers within two standard deviations of the mean.
 *
 * @param shape - Shape of the result.
 * @returns a tensor of this shape, float32
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN, ERR_SHAPE; TypeError ERR_OPTION_TYPE
 * @see [Keras: truncated_normal](https://keras.io/api/random/random_ops/#truncated_normal-function)
 * @example
 * ```ts
 * import { random } from "gradstep";
 *
 * console.log(random.truncatedNormal([2, 3], { seed: 7 }).shape); // [2, 3]
 * ```
 */
export function truncatedNormal(shape: Shape, ...given: NormalArguments): Tensor<"float32"> {
  return normalOf("truncatedNormal", TRUNCATED_NORMAL, shape, given);
}

/**
 * Draws whole numbers from `minval` to `maxval - 1`, with equal probability.
 *
 * @param given - `dtype`: only `"int32"`. Default: `"int32"`.
 * @param shape - Shape of the result.
 * @param minval - Smallest number, -2,147,483,648 or above.
 * @param maxval - One above the largest number, 2,147,483,648 or below.
 * @returns a tensor of this shape, int32
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN, ERR_SHAPE; TypeError ERR_OPTION_TYPE.
 * There must be a whole number between the bounds
 * @see [Keras: randint](https://keras.io/api/random/random_ops/#randint-function)
 * @example
 * ```ts
 * import { random } from "gradstep";
 *
 * console.log(random.randint([2], 5, 6).array()); // Int32Array [5, 5]
 * ```
 */
export function randint(
  shape: Shape,
  minval: number,
  maxval: number,
  ...given: [options?: SeedOptions | undefined] | [dtype: DType | null | undefined, seed?: Seed | SeedOptions]
): Tensor<"int32"> {
  const options = readOptions<SeedOptions>("randint", RANDINT_NAMES, given);
  checkDType("randint", "int32", options.dtype);
  const low = integer("randint", "minval", minval, -(2 ** 31));
  const high = integer("randint", "maxval", maxval, low + 1);
  if (high > 2 ** 31) refuseRange("randint", "maxval", "2147483648 or below", maxval);
  const span = high - low;
  if (span === 2 ** 32)
    refuseRange("randint", "maxval", `${low + 2 ** 32 - 1}, which is "minval" + 4294967295, or below`, maxval);
  const size = checkedShape("randint", shape);
  beforeOperation();
  const out = allocate(size, "int32");
  const draw = drawFrom("randint", options.seed);
  wasm().random_integers(...draw, low, span, out.address, out.size);
  return out;
}

/**
 * Draws a permutation: the numbers from 0 to `length - 1` in random order.
 *
 * @param length - How many numbers, 0 or above.
 * @returns a tensor of shape `[length]`, int32
 * @throws ValueError ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE, when `length` is not a whole
 * number, 0 or above
 * @example
 * ```ts
 * import { random } from "gradstep";
 *
 * console.log([...random.permutation(3).array()].sort()); // [0, 1, 2]
 * ```
 */
export function permutation(length: number, ...given: [options?: SeedOptions | undefined]): Tensor<"int32"> {
  const options = readOptions<SeedOptions>("permutation", PERMUTATION_NAMES, given);
  checkDType("permutation", "int32", options.dtype);
  const count = integer("permutation", "length", length, 0);
  beforeOperation();
  const out = allocate([count], "int32");
  const draw = drawFrom("permutation", options.seed);
  wasm().random_permutation(...draw, out.address, count);
  return out;
}

/** In Keras the type is an argument; each of these functions has one type. */
function checkDType(name: string, own: DType, dtype: unknown): void {
  if (dtype !== undefined && dtype !== null && dtype !== own) refuseRange(name, "dtype", `"${own}"`, dtype);
}

function normalOf(name: string, distribution: number, shape: Shape, given: NormalArguments): Tensor<"float32"> {
  const options = readOptions<NormalOptions>(name, NORMAL_NAMES, given);
  checkDType(name, "float32", options.dtype);
  const mean = finiteNumber(name, "mean", options.mean ?? 0);
  const deviation = nonNegativeNumber(name, "stddev", options.stddev ?? 1);
  return filled(name, distribution, shape, mean, deviation, options.seed);
}

function filled(name: string, distribution: number, shape: Shape, a: number, b: number, seed: Seed): Tensor<"float32"> {
  const own = checkedShape(name, shape);
  beforeOperation();
  const out = allocate(own);
  const draw = drawFrom(name, seed);
  wasm().random_fill(distribution, ...draw, a, b, out.address, out.size);
  return out;
}
