/**
 * Properties that a recorded step depends on: it is replayed only while they do not change.
 *
 * @module
 */

import { isPlain } from "../brands.js";
import { isList } from "../options.js";

/** Depth of nested objects that are compared: shapes, and options in lists. */
const DEEPEST = 3;

/** Saved values of properties. */
export class Unchanged {
  readonly #objects: Record<PropertyKey, unknown>[] = [];
  readonly #keys: PropertyKey[] = [];
  readonly #values: unknown[] = [];

  /** Saves a property, or the result of its getter. */
  note(object: object, key: PropertyKey): void {
    const readable = object as Record<PropertyKey, unknown>;
    this.#objects.push(readable);
    this.#keys.push(key);
    this.#values.push(readable[key]);
  }

  /** Saves all own properties, including those of lists and plain objects among them. */
  noteAll(object: object, except: readonly string[] = [], depth = 0): void {
    if (isList(object)) this.note(object, "length");
    for (const [key, value] of Object.entries(object)) {
      if (except.includes(key)) continue;
      this.note(object, key);
      if (depth < DEEPEST && (isList(value) || isPlain(value))) this.noteAll(value as object, [], depth + 1);
    }
  }

  /** Whether no value has changed. */
  get holds(): boolean {
    const objects = this.#objects;
    const keys = this.#keys;
    const values = this.#values;
    for (let i = 0; i < objects.length; i++) if (!Object.is(objects[i]![keys[i]!], values[i])) return false;
    return true;
  }
}
