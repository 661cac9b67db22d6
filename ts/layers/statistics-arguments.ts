/**
 * Mean and variance as arguments of Normalization.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { refuseRange } from "../options.js";
import { type Shape, sameShape } from "../shape.js";
import { readNumbers } from "../values.js";
import { shapeText } from "./layer-shape.js";
import { type Numbers, numbersArgument } from "./number-argument.js";

/** The arguments `mean` and `variance`. */
export interface StatisticsArguments {
  readonly shape: Shape;
  readonly flat: { readonly mean: ArrayLike<number>; readonly variance: ArrayLike<number> };
  readonly mean: Numbers;
  readonly variance: Numbers;
}

/**
 * Reads the arguments `mean` and `variance`.
 *
 * @param axes - How many axes the layer keeps.
 * @throws ValueError, TypeError for one alone, other shapes, and variances below 0
 */
export function statisticsArguments(
  owner: string,
  axes: number,
  { mean, variance }: { readonly mean: unknown; readonly variance: unknown },
): StatisticsArguments | undefined {
  if (mean === null && variance === null) return undefined;
  if (mean === null || variance === null) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `${owner}: "mean" and "variance" belong together, got only "${mean === null ? "variance" : "mean"}". Pass both, or neither and call adapt(data).`,
    );
  }
  const given = { mean: numbersArgument(owner, "mean", mean), variance: numbersArgument(owner, "variance", variance) };
  const { shape } = given.mean;
  if (!sameShape(shape, given.variance.shape)) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: "mean" and "variance" must have one shape, got ${shapeText(shape)} and ${shapeText(given.variance.shape)}.`,
    );
  }
  if (shape.length > axes) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: "mean" must have at most as many axes as "axis" names, ${axes}, got ${shapeText(shape)}.`,
    );
  }
  const flat = (value: Numbers) => readNumbers(owner, value, "float32").flat;
  const variances = flat(given.variance.value);
  const negative = variances.find((number) => number < 0);
  if (negative !== undefined) refuseRange(owner, "variance", "0 or above", negative);
  return {
    shape,
    flat: { mean: flat(given.mean.value), variance: variances },
    mean: given.mean.value,
    variance: given.variance.value,
  };
}

/** The lengths of the arguments, one for each kept axis. @throws ValueError if they cannot be broadcast to the axes */
export function fittingLengths(
  owner: string,
  { shape }: StatisticsArguments,
  lengths: readonly number[],
): readonly number[] {
  const fitting = lengths.map((_, i) => shape[i - lengths.length + shape.length] ?? 1);
  if (fitting.every((length, i) => length === 1 || length === lengths[i])) return fitting;
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: "mean" is ${shapeText(shape)}, which cannot be broadcast to the input's ${shapeText(lengths)} on "axis".`,
  );
}
