/**
 * NumPy's broadcasting of shapes.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { type Shape, sameShape } from "../shape.js";

/** The shape to which two shapes are broadcast. @throws ValueError when a length is neither equal nor 1 */
export function broadcastShapes(owner: string, a: Shape, b: Shape): readonly number[] {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ValueError(
        "ERR_SHAPE",
        `${owner}: the shapes [${a.join(", ")}] and [${b.join(", ")}] do not fit together: axis ${axis} has ${m} and ${n}.`,
      );
    }
    shape.push(m === 1 ? n : m);
  }
  return shape;
}
