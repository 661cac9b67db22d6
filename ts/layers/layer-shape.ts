/**
 * Shapes as layers see them: with the batch axis, and lengths that are not known yet.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { entriesOf, isList, shown } from "../options.js";

/** Lengths of the axes, batch axis first; `null` is a length that is not known. */
export type LayerShape = readonly (number | null)[];

/** The shape of one input, or of each of several. */
export type LayerShapes = LayerShape | readonly LayerShape[];

/** Whether these are the shapes of several inputs. */
export function isShapeList(shapes: LayerShapes): shapes is readonly LayerShape[] {
  return Array.isArray(shapes[0]);
}

/** `32 x 10`, `? x 10`, for messages. */
export function shapeText(shape: LayerShape): string {
  return shape.length === 0 ? "a single number" : shape.map((length) => length ?? "?").join(" x ");
}

/** Checks lengths that a caller gave, `null` among them. */
export function checkedLayerShape(owner: string, name: string, shape: unknown): (number | null)[] {
  const lengths = isList(shape) ? entriesOf(shape) : undefined;
  if (lengths === undefined) {
    throw new ArgumentTypeError(
      "ERR_SHAPE",
      `${owner}: "${name}" must be an array of lengths, such as [10] or [28, 28, 1], got ${shown(shape)}.`,
    );
  }
  for (const length of lengths) {
    if (length !== null && !(Number.isSafeInteger(length) && (length as number) > 0)) {
      throw new ValueError(
        "ERR_SHAPE",
        `${owner}: the lengths in "${name}" must be whole numbers above 0, or null, got [${lengths.map(shown).join(", ")}].`,
      );
    }
  }
  return lengths as (number | null)[];
}

/** The length of an axis that weights depend on. @throws ValueError when it is not known */
export function knownLength(owner: string, shape: LayerShape, axis: number): number {
  const length = shape.at(axis);
  if (typeof length === "number") return length;
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: axis ${axis} of the input must have a known length when the layer is built, got ${shapeText(shape)}.`,
  );
}

/** The product of lengths, `null` when one is not known. */
export function productOf(shape: LayerShape): number | null {
  return shape.reduce<number | null>((product, n) => (product === null || n === null ? null : product * n), 1);
}
