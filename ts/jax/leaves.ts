/**
 * Trees of jax-js arrays, flattened to lists with names.
 *
 * @module
 */

import { type JsTree, type JsTreeDef, numpy, tree } from "@jax-js/jax";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";

/** Structure and shapes of a tree. */
export interface Layout {
  readonly structure: JsTreeDef;
  readonly shapes: readonly (readonly number[])[];
}

/** Arrays of a tree. */
export interface Leaves extends Layout {
  readonly arrays: readonly numpy.Array[];
}

/**
 * Flattens a tree. Its arrays keep their references.
 *
 * @throws TypeError (`ERR_OPTION_TYPE`) for leaves that are not arrays of numbers, as inside of `jit`
 */
export function leavesOf(owner: string, what: string, given: JsTree<numpy.Array>): Leaves {
  const [arrays, structure] = tree.flatten(given);
  arrays.forEach((array, i) => {
    if (array instanceof numpy.Array && array.dtype === numpy.float32) return;
    const got = array instanceof numpy.Array ? `an array of ${array.dtype}` : shown(array);
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: "${what}" must hold float32 arrays of jax-js, got ${got} at "${namesOf(structure)[i]}". Call it outside of jit and grad.`,
    );
  });
  return { arrays, structure, shapes: arrays.map(({ shape }) => shape) };
}

/** @throws ValueError (`ERR_VALUES_SHAPE`) when two trees differ */
export function checkSame(owner: string, what: string, given: Layout, expected: Layout): void {
  if (!given.structure.equals(expected.structure)) {
    throw new ValueError(
      "ERR_VALUES_SHAPE",
      `${owner}: "${what}" must have the structure of the parameters, ${expected.structure}, got ${given.structure}.`,
    );
  }
  given.shapes.forEach((shape, i) => {
    const wanted = expected.shapes[i];
    if (String(shape) === String(wanted)) return;
    throw new ValueError(
      "ERR_VALUES_SHAPE",
      `${owner}: "${what}" has the shape [${shape}] at "${namesOf(given.structure)[i]}", expected [${wanted}].`,
    );
  });
}

/** Paths of the leaves: `"layers/0/kernel"`. */
export function namesOf(structure: JsTreeDef, path: readonly string[] = []): string[] {
  const { nodeType, nodeMetadata, childTreedefs } = structure;
  if (nodeType === "Leaf") return [path.join("/") || "params"];
  return childTreedefs.flatMap((child, i) => {
    const key = nodeType === "Object" ? (nodeMetadata as string[])[i] : i;
    return namesOf(child, [...path, String(key)]);
  });
}
