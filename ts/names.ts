/**
 * Default names of objects.
 *
 * @module
 */

import { beforeChange } from "./undo.js";

/** Number of names taken for each stem. */
const taken = new Map<string, { count: number }>();

/** `adam`, then `adam_1`, `adam_2`, ... as Keras counts. A refused call uses up no name. */
export function uniqueName(stem: string): string {
  const names = taken.get(stem) ?? { count: 0 };
  taken.set(stem, names);
  const { count } = names;
  beforeChange(names, () => () => {
    names.count = count;
  });
  names.count++;
  return nameOf(stem, count);
}

/** Frees a name whose object was refused later. Names given after it stay. */
export function giveNameBack(stem: string, name: string): void {
  const names = taken.get(stem);
  if (names !== undefined && name === nameOf(stem, names.count - 1)) names.count--;
}

/** The next name of {@link uniqueName}, for tests. @internal */
export function nextName(stem: string): string {
  return nameOf(stem, taken.get(stem)?.count ?? 0);
}

function nameOf(stem: string, count: number): string {
  return count === 0 ? stem : `${stem}_${count}`;
}

/** A class's name in snake case, as Keras writes it: `RMSprop` is `rm_sprop`, `AdamW` is `adam_w`. */
export function snakeCase(className: string): string {
  return className
    .replace(/(.)([A-Z][a-z0-9]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** The kind with its article: `a loss`, `an optimizer`. */
export function article(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}
