/**
 * Public fields of layers: what is in them, alone or in arrays, belongs to the layer, as in Keras.
 *
 * @module
 */

/** Calls `visit` with each value of a public field, and with each entry of an array in one. */
export function visitFields(owner: object, visit: (value: unknown) => void): void {
  for (const value of Object.values(owner)) {
    if (Array.isArray(value)) for (const entry of value) visit(entry);
    else visit(value);
  }
}
