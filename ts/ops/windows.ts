/**
 * Positions of the windows of a convolution or pooling.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { choice, integer, isList, MOST, shown } from "../options.js";

/** One number for both axes, or one for rows and one for columns. */
export type Pair = number | readonly [number, number];

/** `"valid"`: windows stay inside the image. `"same"`: zeros around it, so that stride 1 keeps its size. */
export type Padding = "valid" | "same";

/** Windows along one axis. */
export interface Windows {
  /** Their number. */
  readonly count: number;
  /** Zeros before the first element; elements after the last one are zero too. */
  readonly before: number;
}

/** A number or a pair, as a pair. @throws ValueError, TypeError when one is not whole or below 1 */
export function checkedPair(owner: string, name: string, value: unknown): readonly [number, number] {
  if (!isList(value)) {
    const both = integer(owner, name, value, 1, MOST);
    return [both, both];
  }
  if (value.length !== 2) {
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `${owner}: "${argumentName(name)}" must be a number, or one for rows and one for columns, got ${shown(value)}.`,
    );
  }
  return [integer(owner, name, value[0], 1, MOST), integer(owner, name, value[1], 1, MOST)];
}

/** Like {@link checkedPair}, for an operation along one axis. */
export function checkedSingle(owner: string, name: string, value: unknown): number {
  return integer(owner, name, isList(value) && value.length === 1 ? value[0] : value, 1, MOST);
}

/** @throws ValueError for anything but the paddings named */
export function checkedPadding<P extends string>(owner: string, value: unknown, known: readonly P[]): P {
  // Keras accepts "SAME" too.
  const found = known.find((padding) => padding === (typeof value === "string" ? value.toLowerCase() : value));
  if (found !== undefined) return found;
  const message = `${owner}: "padding" must be ${choice(known)}, got ${shown(value)}.`;
  if (typeof value === "string") throw new ValueError("ERR_OPTION_RANGE", message);
  throw new ArgumentTypeError("ERR_OPTION_TYPE", message);
}

/** @throws ValueError when both strides and dilation are more than 1, which Keras refuses too */
export function checkStrides(owner: string, strides: readonly number[], dilation: readonly number[]): void {
  if (Math.max(...strides) === 1 || Math.max(...dilation) === 1) return;
  throw new ValueError(
    "ERR_OPTION_CONFLICT",
    `${owner}: "strides" (${strides.join(" x ")}) and "dilationRate" (${dilation.join(" x ")}) cannot both be above 1.`,
  );
}

/**
 * Windows over `length` elements, as in TensorFlow: with `"same"`, an odd number of zeros has one more after the input
 * than before it.
 *
 * @returns a `count` of 0 or less when no window fits
 */
export function windowsOver(
  length: number,
  size: number,
  stride: number,
  padding: Padding | "causal",
  dilation = 1,
): Windows {
  const span = (size - 1) * dilation + 1;
  if (padding === "valid") return { count: Math.floor((length - span) / stride) + 1, before: 0 };
  const count = Math.ceil(length / stride);
  if (padding === "causal") return { count, before: span - 1 };
  return { count, before: Math.floor(Math.max(0, (count - 1) * stride + span - length) / 2) };
}

/**
 * Output of a transposed convolution of `length` elements: `count` elements, over which there are `length` windows.
 */
export function windowsUnder(
  length: number,
  size: number,
  stride: number,
  padding: Padding,
  dilation = 1,
  outputPadding: number | null = null,
): Windows {
  const span = (size - 1) * dilation + 1;
  if (padding === "valid") {
    const count = (length - 1) * stride + (outputPadding === null ? Math.max(span, stride) : span + outputPadding);
    return { count, before: 0 };
  }
  // Total number of zeros that Keras adds around the strided input; the larger half is before it.
  const total = outputPadding === null ? stride + span - 2 : span + (span % 2) - 2 + outputPadding;
  return { count: (length - 1) * stride + total - span + 2, before: Math.max(0, span - 1 - Math.ceil(total / 2)) };
}

/** @throws ValueError when there is no window, or nothing to lay one over */
export function checkFit(
  owner: string,
  image: readonly number[],
  spans: readonly number[],
  counts: readonly number[],
): void {
  if (Math.min(...counts) > 0) return;
  const [got, window] = [image.join(" x "), spans.join(" x ")];
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: a window of ${window} does not fit into an input of ${got}. Use padding: "same", or a larger input.`,
  );
}
