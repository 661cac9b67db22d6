/**
 * Public fields of layers: what is in them, alone, in lists, plain objects, Maps and Sets, belongs to the layer, as in Keras.
 *
 * @module
 */

import { isA, isMap, isPlain, isSet } from "../brands.js";
import { isList } from "../options.js";

/** Fields of every layer whose contents are not its own, such as the layers that it is connected to. */
const NOT_ITS_OWN: readonly string[] = ["inboundNodes", "inputSpec", "batchInputShape"];

/**
 * Calls `visit` with each object in a public field, and in containers there, however deep, and with its path, such as `blocks/0`;
 * perhaps twice with the same object.
 */
export function visitFields(owner: object, visit: (value: object, path: string) => void): void {
  visitPublicFields(owner, (name, value) => visitValue(value, name, undefined, visit));
}

/** Key of the layer that a function calls, as an activation does that was given as a layer. */
export const CALLED_LAYER: unique symbol = Symbol("layer");

/** Calls `visit` with each public field that holds an object, containers included, and not the layer itself. */
export function visitPublicFields(owner: object, visit: (name: string, value: object) => void): void {
  for (const name of Object.keys(owner)) {
    const field = (owner as Record<string, unknown>)[name];
    const value = typeof field === "function" ? (field as { [CALLED_LAYER]?: object })[CALLED_LAYER] : field;
    // Primitives, which most fields hold, at once: this runs at every step.
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
  // A container that contains itself is being walked.
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
    // Data, which may be long.
    const isRow = typeof value[0] === "number" && typeof value[1] === "number";
    return isRow ? [] : value.entries();
  }
  if (isPlain(value)) return Object.entries(value);
  // By class first: the brand of another object is found by an error, which takes time.
  const object: unknown = value;
  if (isA(object, Set) && isSet(object)) return [...object].entries();
  return isA(object, Map) && isMap(object) ? object.entries() : undefined;
}
