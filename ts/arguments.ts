/**
 * Optional arguments of functions: by position, in Keras's order, or by name, in one object after the others.
 *
 * @module
 */

import { isPlain } from "./brands.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import { checkCount, checkKnownOptions, refuseOptions, shown } from "./options.js";

/** Optional arguments of a function, after its required ones. */
export interface OptionalArguments {
  /** Names; those that can be passed by position come first, in their order. */
  readonly names: readonly string[];
  /** Number of arguments that can be passed by position. Default: all. */
  readonly byPosition?: number;
  /** Number of required arguments before them. */
  readonly after: number;
}

/** Functions of labels and predictions without options can be called like the others, with an empty object. */
export const NO_OPTIONS: OptionalArguments = { names: [], after: 2 };

/** The optional arguments of such a function. */
export type NoOptions = [options?: Readonly<Record<string, never>> | undefined];

const NONE = Object.freeze({});

/**
 * Optional operands passed by name, in one object in place of the first of them: `f(x, { gamma, epsilon })` is
 * `f(x, gamma, null, { epsilon })`.
 *
 * @param first - The argument in place of the first operand.
 * @param rest - Further arguments, which must be missing.
 * @param operands - Names of the optional operands.
 * @returns the operands, `null` for a missing one, then the other options; `undefined` if they were passed by position
 */
export function operandsByName(
  owner: string,
  first: unknown,
  rest: readonly unknown[],
  operands: readonly string[],
  { names, after }: OptionalArguments,
): readonly unknown[] | undefined {
  if (!isPlain(first)) return undefined;
  const before = after - operands.length;
  checkCount(owner, before + 1 + rest.filter((value) => value !== undefined && value !== null).length, before + 1);
  checkKnownOptions(owner, first, [...operands, ...names]);
  const options: Record<string, unknown> = { ...first };
  const found = operands.map((name) => options[name] ?? null);
  for (const name of operands) delete options[name];
  return [...found, options];
}

/**
 * Optional arguments by name. `undefined` counts as not given.
 *
 * @param given - The arguments after the required ones: values by position, then perhaps one object.
 * @throws ValueError for an unknown name or a name passed twice; TypeError for too many arguments
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
  return withPlaced(owner, names, given.slice(0, placed), named ? last : undefined);
}

/**
 * A constructor's options: its first arguments by position, in Keras's order, then perhaps one object with the others by
 * name. A plain object is the options, unless it is a configuration with `class_name`.
 *
 * @param names - Names of the arguments that can be passed by position.
 * @param before - Number of arguments before `given`.
 * @throws ValueError for an argument passed twice, TypeError for too many arguments
 */
export function placedOptions<Options extends object>(
  owner: string,
  names: readonly string[],
  given: readonly unknown[],
  before = 0,
): Options {
  const { length } = given;
  let placed = isNamed(given[length - 1]) ? length - 1 : given.findIndex(isNamed);
  if (placed < 0) placed = length;
  if (placed > names.length) refuseOptions(owner, given[names.length], names);
  checkCount(owner, before + length, before + placed + 1);
  return withPlaced(owner, names, given.slice(0, placed), given[placed]);
}

/** Whether it is an object of options, and not one of Keras's configurations. */
function isNamed(value: unknown): boolean {
  return isPlain(value) && !("class_name" in value);
}

/** Options merged with the arguments passed by position. */
function withPlaced<O extends object>(
  owner: string,
  names: readonly string[],
  placed: readonly unknown[],
  named: unknown,
): O {
  const read: Record<string, unknown> = { ...(named as object | undefined) };
  placed.forEach((value, i) => {
    const name = names[i]!;
    if (value === undefined) return;
    if (read[name] !== undefined) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${owner}: "${name}" is passed twice, by position as ${shown(value)} and by name as ${shown(read[name])}.`,
      );
    }
    read[name] = value;
  });
  return read as O;
}

/**
 * Refuses a fraction as the first argument of a normalization layer: in Keras it is the axis, so a fraction must be
 * meant for another option.
 *
 * @param meant - The option that a fraction is likely to be.
 */
export function checkAxisPlaced(owner: string, given: readonly unknown[], meant: string): void {
  const [first] = given;
  if (typeof first !== "number" || Number.isInteger(first)) return;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: the first argument is "axis", as in Keras, got ${first}. Write new ${owner}({ ${meant}: ${first} }).`,
  );
}
