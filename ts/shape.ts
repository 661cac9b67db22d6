/**
 * Shapes, and nested numbers made flat.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "./errors.js";
import { shown } from "./options.js";

/** Lengths of the axes, outermost first; `[]` is a single number. */
export type Shape = readonly number[];

/** Numbers, or arrays of them, of any depth: `[[1, 2], [3, 4]]` has the shape `[2, 2]`. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** `640 values (10 x 64)`, for messages. */
export function countText(shape: Shape): string {
  const size = sizeOf(shape);
  const count = size === 1 ? "1 value" : `${size} values`;
  return shape.length > 1 ? `${count} (${shape.join(" x ")})` : count;
}

/** Checks a shape that a caller gave, and copies it. */
export function checkedShape(owner: string, shape: unknown): number[] {
  if (!Array.isArray(shape)) {
    throw new ArgumentTypeError(
      "ERR_SHAPE",
      `${owner}: "shape" must be an array of lengths, such as [10, 64], got ${shown(shape)}.`,
    );
  }
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new ValueError(
        "ERR_SHAPE",
        `${owner}: the lengths in "shape" must be whole numbers, 0 or above, got [${shape.map(shown).join(", ")}].`,
      );
    }
  }
  return [...shape];
}

/** The shape of nested numbers, by their first elements. */
export function shapeOfNested(values: NestedNumbers): number[] {
  const shape: number[] = [];
  for (let level: NestedNumbers | undefined = values; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
  }
  return shape;
}

/**
 * Writes nested numbers to `out`, row by row. `shape` is theirs, by {@link shapeOfNested}; ragged arrays
 * and anything but numbers are refused.
 */
export function flatten(owner: string, values: NestedNumbers, shape: Shape, out: { [index: number]: number }): void {
  let at = 0;
  const visit = (level: NestedNumbers, axis: number): void => {
    if (axis === shape.length) {
      if (typeof level !== "number") {
        if (Array.isArray(level)) refuseRagged(owner, shape);
        throw new ArgumentTypeError("ERR_VALUES_DTYPE", `${owner}: expected numbers, got ${shown(level)}.`);
      }
      out[at++] = level;
      return;
    }
    if (!Array.isArray(level) || level.length !== shape[axis]) refuseRagged(owner, shape);
    for (const inner of level as readonly NestedNumbers[]) visit(inner, axis + 1);
  };
  visit(values, 0);
}

function refuseRagged(owner: string, shape: Shape): never {
  throw new ValueError(
    "ERR_VALUES_SHAPE",
    `${owner}: nested arrays must be of one length on each axis; the first elements make it ${shape.join(" x ")}, others differ.`,
  );
}
