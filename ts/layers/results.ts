/**
 * Results of a call: one, a list, or an object by name.
 *
 * @module
 */

import { isPlain } from "../brands.js";
import { isList } from "../options.js";

/** Names of the outputs of a layer that returns them by name, in their order; otherwise undefined. */
export type OutputKeys = readonly string[] | undefined;

/** Outputs as a call returns them. */
export function returned<T>(outputs: readonly T[], isSeveral: boolean, keys: OutputKeys): unknown {
  if (keys !== undefined) return Object.fromEntries(keys.map((key, i) => [key, outputs[i]]));
  return isSeveral ? [...outputs] : outputs[0];
}

/** The names of a call's results, sorted as Keras flattens dictionaries unless they are known. */
export function namesOf(made: unknown, keys: OutputKeys): OutputKeys {
  if (!isPlain(made)) return undefined;
  const names = keys ?? Object.keys(made).sort();
  return names.length > 0 ? names : undefined;
}

/** The result of a call as a list, in the order of the outputs. */
export function resultList(made: unknown, keys: OutputKeys): readonly unknown[] {
  const names = namesOf(made, keys);
  if (names !== undefined) return names.map((name) => (made as Record<string, unknown>)[name]);
  return isList(made) ? made : [made];
}

/** Whether all entries pass. `every` skips holes, and takes seconds for a billion of them. */
export function allPass(entries: readonly unknown[], test: (entry: unknown) => boolean): boolean {
  for (const entry of entries) if (!test(entry)) return false;
  return true;
}

/** The same form, with `change` of each result. */
export function mapResults(made: unknown, keys: OutputKeys, change: (one: unknown) => unknown): unknown {
  const changed: unknown[] = [];
  // Not by `map`, which would make an array of the same length before `change` refuses the first hole of a billion.
  for (const one of resultList(made, keys)) changed.push(change(one));
  return returned(changed, isList(made), namesOf(made, keys));
}
