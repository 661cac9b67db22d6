/**
 * Public fields of layers: their contents, alone or in lists, plain objects, Maps and Sets, belong to the layer, as in
 * Keras.
 *
 * @module
 */

import { isA, isMap, isPlain, isSet } from "../brands.js";
import { isList } from "../options.js";

/** Fields of every layer whose contents do not belong to it, such as connected layers. */
const NOT_ITS_OWN: readonly string[] = ["inboundNodes", "inputSpec", "batchInputShape"];

/**
 * Calls `visit` with each object in a public field, or at any depth in containers there, and with its path, such as
 * `blocks/0`; possibly twice with the same object.
 */
export function visitFields(owner: object, visit: (value: object, path: string) => void): void {
  visitPublicFields(owner, (name, value) => visitValue(value, name, undefined, visit));
}

/** Key of the layer that a function calls, such as an activation that was passed as a layer. */
export const CALLED_LAYER: unique symbol = Symbol("layer");

/** Calls `visit` with each public field that holds an object, containers included, and not the layer itself. */
export function visitPublicFields(owner: object, visit: (name: string, value: object) => void): void {
  for (const name of Object.keys(owner)) {
    const field = (owner as Record<string, unknown>)[name];
    const value = typeof field === "function" ? (field as { [CALLED_LAYER]?: object })[CALLED_LAYER] : field;
    // Primitives, the most common values, first: this runs at every step.
    if (typeof value !== "object" || value === null || value === owner || NOT_ITS_OWN.includes(name)) continue;
    visit(name, value);
  }
}

function visitValue(
  value: object,
  path: string,
  around: readonly object[] | undefined,
  visit: (value: object, path: string) => void,
): void {
  const entries = entriesOf(value);
  if (entries === undefined) visit(value, path);
  // A container that contains itself is already being visited.
  else if (!around?.includes(value)) {
    const inside = [...(around ?? []), value];
    for (const [key, entry] of entries) {
      if (typeof entry === "object" && entry !== null) visitValue(entry, `${path}/${String(key)}`, inside, visit);
    }
  }
}

/** Keys and values of a list, a plain object, a Map or a Set, in which they are numbered; `undefined` for other values. */
export function entriesOf(value: object): Iterable<readonly [unknown, unknown]> | undefined {
  if (isList(value)) {
    // Data, which may be large.
    const isRow = typeof value[0] === "number" && typeof value[1] === "number";
    return isRow ? [] : value.entries();
  }
  if (isPlain(value)) return Object.entries(value);
  // By class first: checking the brand of other objects throws an error, which takes time.
  const object: unknown = value;
  if (isA(object, Set) && isSet(object)) return [...object].entries();
  return isA(object, Map) && isMap(object) ? object.entries() : undefined;
}
