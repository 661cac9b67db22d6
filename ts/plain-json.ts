/**
 * Foreign JSON, read once: a copy of plain objects and arrays, made before anything is built from it.
 *
 * @module
 */

import { isPlain, isUnreadable } from "./brands.js";
import { checkSameCopy } from "./copies.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import { isList, shown } from "./options.js";

/** An object of JSON. */
export type PlainObject = Record<string, unknown>;

/** Levels of nested objects. Keras's files have about twenty; a stack holds a thousand. */
export const DEPTH = 200;

/** How often objects may be shared. Forty lists that each contain the next one twice have 2^40 paths. */
const REPEATS = 100_000;

/** Copies that were made here and need no second check. */
const copies = new WeakSet<object>();

/**
 * A copy of JSON. Values that are neither plain objects nor arrays, such as a schedule in a config, are not copied.
 *
 * @param owner - The call, for messages.
 * @throws TypeError for anything but an object; ValueError for JSON that is nested too deeply, contains itself, has the
 * same objects in very many places, or has the key `__proto__`
 */
export function plainJSON(owner: string, value: unknown): PlainObject {
  checkSameCopy(`${owner}: the JSON`, value);
  if (!isPlain(value)) {
    throw new ArgumentTypeError("ERR_CONFIG_INVALID", `${owner}: expected a plain object, got ${shown(value)}.`);
  }
  return copied(owner, value) as PlainObject;
}

/** The same for any JSON. */
export function copied(owner: string, value: unknown): unknown {
  if (!isContainer(value) || copies.has(value)) return value;
  const top = emptyLike(value);
  const met = new Set<object>([value]);
  let repeats = 0;
  // Without recursion, because the caller's JSON may be deep.
  const waiting: { from: object; to: object; depth: number }[] = [{ from: value, to: top, depth: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { from, to, depth } = next;
    const fault =
      depth > DEPTH
        ? `more than ${DEPTH} objects or lists inside one another, or contains itself`
        : repeats > REPEATS
          ? `the same objects or lists in more than ${REPEATS} places`
          : undefined;
    if (fault !== undefined) throw new ValueError("ERR_CONFIG_INVALID", `${owner}: the JSON has ${fault}.`);
    for (const key of Object.keys(from)) {
      if (key === "__proto__") {
        throw new ValueError("ERR_CONFIG_INVALID", `${owner}: a config cannot have the key "__proto__".`);
      }
      const entry = (from as PlainObject)[key];
      if (isUnreadable(entry)) {
        throw new ArgumentTypeError("ERR_CONFIG_INVALID", `${owner}: ${shown(key)} is a revoked proxy.`);
      }
      const isInner = isContainer(entry) && !copies.has(entry);
      const copy = isInner ? emptyLike(entry) : entry;
      if (isInner) {
        if (met.size === met.add(entry).size) repeats++;
        waiting.push({ from: entry, to: copy as object, depth: depth + 1 });
      }
      (to as PlainObject)[key] = copy;
    }
    copies.add(to);
  }
  return top;
}

function emptyLike(value: object): object {
  return isList(value) ? [] : {};
}

function isContainer(value: unknown): value is object {
  return isList(value) || isPlain(value);
}
