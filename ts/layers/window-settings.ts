/**
 * Windows of convolution and pooling layers: options, and output shapes.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { checkedPadding, checkedPair, checkedSingle, windowsOver } from "../ops/windows.js";
import { type LayerShape, shapeText } from "./layer-shape.js";

/** Lengths along one axis, or two. */
export type Tuple = readonly number[];

/** `"valid"`: windows stay inside the input. `"same"`: zeros around it. `"causal"`: zeros before it, along one axis. */
export type LayerPadding = "valid" | "same" | "causal";

/** Position of the windows. */
export interface WindowSettings {
  readonly size: Tuple;
  readonly strides: Tuple;
  readonly padding: LayerPadding;
  readonly dilationRate: Tuple;
}

/** A number, or one for each axis, as a list. @throws ValueError, TypeError if one is not whole or below 1 */
export function checkedTuple(owner: string, name: string, value: unknown, rank: number): Tuple {
  return rank === 1 ? [checkedSingle(owner, name, value)] : checkedPair(owner, name, value);
}

/** @throws ValueError for a padding that there is not; `"causal"` is along one axis only */
export function layerPadding(owner: string, padding: unknown, rank: number): LayerPadding {
  const known: readonly LayerPadding[] = rank === 1 ? ["valid", "same", "causal"] : ["valid", "same"];
  return checkedPadding(owner, padding, known);
}

/** Lengths of the output without batch and channels. @throws ValueError when no window fits */
export function windowedShape(owner: string, inputShape: LayerShape, settings: WindowSettings): (number | null)[] {
  const { size, strides, padding, dilationRate } = settings;
  const lengths = inputShape.slice(1, -1);
  return lengths.map((length, axis) => {
    if (length === null) return null;
    const [taps = 1, stride = 1, dilation = 1] = [size[axis], strides[axis], dilationRate[axis]];
    const { count } = windowsOver(length, taps, stride, padding, dilation);
    if (count > 0) return count;
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: a window of ${size.join(" x ")} does not fit into an input of ${shapeText(lengths)}. Use padding: "same", or a larger input.`,
    );
  });
}
