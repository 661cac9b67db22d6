/**
 * Properties that a recorded step depends on: a step is replayed only while they are what they were.
 *
 * @module
 */

import { isPlain } from "../brands.js";
import { isList } from "../options.js";

/** Objects within objects that are looked at: shapes, and options in lists. */
const DEEPEST = 3;

/** Values of properties, as they were when they were noted. */
export class Unchanged {
  readonly #objects: Record<PropertyKey, unknown>[] = [];
  readonly #keys: PropertyKey[] = [];
  readonly #values: unknown[] = [];

  /** Notes a property, or what its getter returns. */
  note(object: object, key: PropertyKey): void {
    const readable = object as Record<PropertyKey, unknown>;
    this.#objects.push(readable);
    this.#keys.push(key);
    this.#values.push(readable[key]);
  }

  /** Notes all own properties, and those of lists and plain objects among them. */
  noteAll(object: object, except: readonly string[] = [], depth = 0): void {
    if (isList(object)) this.note(object, "length");
    for (const [key, value] of Object.entries(object)) {
      if (except.includes(key)) continue;
      this.note(object, key);
      if (depth < DEEPEST && (isList(value) || isPlain(value))) this.noteAll(value as object, [], depth + 1);
    }
  }

  /** Whether all of them are the same. */
  get holds(): boolean {
    const objects = this.#objects;
    const keys = this.#keys;
    const values = this.#values;
    for (let i = 0; i < objects.length; i++) if (!Object.is(objects[i]![keys[i]!], values[i])) return false;
    return true;
  }
}
