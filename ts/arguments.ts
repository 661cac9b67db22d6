/**
 * Optional arguments of functions: by position, in Keras's order, or by name, in one object behind the others.
 *
 * @module
 */

import { isPlain } from "./brands.js";
import { ValueError } from "./errors.js";
import { checkCount, checkKnownOptions, refuseOptions, shown } from "./options.js";

/** What a function takes behind its required arguments. */
export interface OptionalArguments {
  /** Names, those that may be given by position first, in their order. */
  readonly names: readonly string[];
  /** How many of them may be given by position. Default: all. */
  readonly byPosition?: number;
  /** How many required arguments there are before them. */
  readonly after: number;
}

/** Functions of labels and predictions that have no options may be called as the others are, with an empty object. */
export const NO_OPTIONS: OptionalArguments = { names: [], after: 2 };

/** The optional arguments of such a function. */
export type NoOptions = [options?: Readonly<Record<string, never>> | undefined];

const NONE = Object.freeze({});

/**
 * Optional arguments by name. `undefined` counts as not given.
 *
 * @param given - What came behind the required arguments: values by position, then perhaps one object.
 * @throws ValueError for an unknown name, and one that is given twice; TypeError for too many arguments
 */
export function readOptions<O extends object>(
  owner: string,
  { names, byPosition = names.length, after }: OptionalArguments,
  given: readonly unknown[],
): O {
  let count = given.length;
  while (count > 0 && given[count - 1] === undefined) count--;
  if (count === 0) return NONE as O;
  const last = given[count - 1];
  const named = isPlain(last);
  const placed = named ? count - 1 : count;
  if (placed > byPosition) {
    const hasOthers = names.length > byPosition;
    if (hasOthers && placed === byPosition + 1) refuseOptions(owner, given[byPosition], names);
    checkCount(owner, after + count, after + byPosition + (hasOthers ? 1 : 0));
  }
  if (named) checkKnownOptions(owner, last, names);
  if (placed === 0) return last as O;
  const read: Record<string, unknown> = named ? { ...(last as object) } : {};
  for (let i = 0; i < placed; i++) {
    const name = names[i]!;
    if (given[i] === undefined) continue;
    if (read[name] !== undefined) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${owner}: "${name}" is given twice, by position as ${shown(given[i])} and by name as ${shown(read[name])}.`,
      );
    }
    read[name] = given[i];
  }
  return read as O;
}
