/**
 * Shapes in layers: with the batch axis, and with lengths that are not known yet.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { entriesOf, isList, listText, shown, shownList } from "../options.js";
import { allPass } from "./results.js";

/** Lengths of the axes, batch axis first; `null` is a length that is not known. */
export type LayerShape = readonly (number | null)[];

/** The shape of one input, or of each of several. */
export type LayerShapes = LayerShape | readonly LayerShape[];

/** Whether these are the shapes of several inputs. */
export function isShapeList(shapes: LayerShapes): shapes is readonly LayerShape[] {
  return isList(shapes[0]);
}

/** The shapes in a list, which several inputs or outputs have already. */
export function shapeList(shapes: LayerShapes): readonly LayerShape[] {
  return isShapeList(shapes) ? shapes : [shapes];
}

/** `32 x 10`, `? x 10`, for messages. */
export function shapeText(shape: LayerShape): string {
  return shape.length === 0 ? "a single number" : shape.map((length) => length ?? "?").join(" x ");
}

/** Checks a caller's lengths, which may be `null`. */
export function checkedLayerShape(owner: string, name: string, shape: unknown): (number | null)[] {
  const lengths = isList(shape) ? entriesOf(shape) : undefined;
  if (lengths === undefined) {
    throw new ArgumentTypeError(
      "ERR_SHAPE",
      `${owner}: "${argumentName(name)}" must be an array of lengths, such as [10] or [28, 28, 1], got ${shown(shape)}.`,
    );
  }
  for (const length of lengths) {
    if (length !== null && !(Number.isSafeInteger(length) && (length as number) > 0)) {
      throw new ValueError(
        "ERR_SHAPE",
        `${owner}: the lengths in "${argumentName(name)}" must be whole numbers above 0, or null, got [${lengths.map(shown).join(", ")}].`,
      );
    }
  }
  return lengths as (number | null)[];
}

/** Checks and copies the arguments of `build` and `computeOutputShape`. @throws ValueError, TypeError */
export function checkedShapes(owner: string, shapes: unknown): LayerShapes {
  const entries = isList(shapes) ? entriesOf(shapes) : undefined;
  if (entries?.some(isList)) return entries.map((shape) => checkedLengths(owner, shape));
  return checkedLengths(owner, entries ?? shapes);
}

function checkedLengths(owner: string, shape: unknown): LayerShape {
  const lengths = isList(shape) ? entriesOf(shape) : undefined;
  if (lengths?.every(isLength)) return lengths as LayerShape;
  throw new ArgumentTypeError(
    "ERR_SHAPE",
    `${owner}: an input shape is a list of lengths with the batch axis, null for those that are not known, such as [null, 10], got ${lengths === undefined ? shown(shape) : listText(lengths)}.`,
  );
}

function isLength(length: unknown): boolean {
  return length === null || (Number.isSafeInteger(length) && (length as number) >= 0);
}

/** Checks the result of `computeOutputShape`, which may be custom: a shape, or a list of them. @throws TypeError */
export function checkedOutputShape(owner: string, shape: LayerShape): LayerShape {
  const isShape = (one: unknown) => isList(one) && one.length <= 64 && allPass(one, isLength);
  if (isShape(shape) || (isList(shape) && shape.length > 0 && allPass(shape, isShape))) return shape;
  throw new ArgumentTypeError(
    "ERR_SHAPE",
    `${owner}: computeOutputShape must return a list of lengths, null for those that are not known, got ${shownList(shape)}.`,
  );
}

/** The length of an axis on which weights depend. @throws ValueError when it is not known */
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
