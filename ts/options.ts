/**
 * Checks of options: each returns the value, or throws an error that names the owner, the expected value and the value
 * that was passed.
 *
 * Over 300 lines: many checks of a few lines each, which call each other.
 *
 * @module
 */

import { isCallable, isDetached, isPlain, isReadable } from "./brands.js";
import { COPY, isOfOtherCopy, OTHER_COPY } from "./copies.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import { argumentName } from "./keras-names.js";

/** A value as shown in an error message: short, with its kind if the kind is wrong. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === "function") return isOfOtherCopy(value) ? `a class ${OTHER_COPY}` : "a function";
  if (value === null || value === undefined || typeof value !== "object") return String(value);
  if (isList(value)) return lengthText(value);
  const kind = `an object (${classNameOf(value)})`;
  return isOfOtherCopy(value) ? `${kind} ${OTHER_COPY}` : kind;
}

function lengthText(list: readonly unknown[]): string {
  try {
    return `an array of ${list.length}`;
  } catch {
    return "an array";
  }
}

/** A user's getter must not break a message. */
function classNameOf(value: object): string {
  try {
    const made = value.constructor as { readonly name?: unknown; readonly className?: unknown };
    // A minifier changes the name of a class, but not its `className`.
    const name = Object.hasOwn(made, "className") ? made.className : made.name;
    return typeof name === "string" ? name : "Object";
  } catch {
    return "Object";
  }
}

/** Names that other libraries give to options, in small letters without underscores, and those that are meant. */
export type OtherNames = Readonly<Record<string, string>>;

/** Refuses unknown options; `undefined` values count as omitted. */
export function checkKnownOptions(
  owner: string,
  options: unknown,
  known: readonly string[],
  others?: OtherNames,
): void {
  // Other objects have no own properties and would be read as {}. So would iterables, whose entries are not options.
  if (!isPlain(options) || Symbol.iterator in options) refuseOptions(owner, options, known);
  for (const name in options) {
    if (!known.includes(name) && Object.hasOwn(options, name))
      refuseUnknown(owner, Object.keys(options), known, others);
  }
}

/** The option names that a subclass declares. @throws TypeError */
export function ownNames(owner: string, own: unknown): readonly string[] {
  return isList(own) ? copied(own).map((name) => text(owner, "own", name)) : refuseType(owner, "own", "a list", own);
}

/** Throws the error for something that is not a plain object with options. */
export function refuseOptions(owner: string, given: unknown, known: readonly string[]): never {
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner} takes one object with options, such as { ${known[0] ?? "name"}: ... }, got ${shown(given)}.`,
  );
}

function refuseUnknown(owner: string, names: readonly string[], known: readonly string[], others?: OtherNames): never {
  const unknown = names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearestName(name, known, others);
      return `${shown(argumentName(name))}${meant === undefined ? "" : ` (did you mean "${argumentName(meant)}"?)`}`;
    });
  const options = known.length === 0 ? "It has no options." : `Its options are: ${known.map(argumentName).join(", ")}.`;
  throw new ValueError("ERR_OPTION_UNKNOWN", `${owner} does not know ${unknown.join(", ")}. ${options}`);
}

/**
 * The known name nearest to an unknown one, if any is near: `batchSize` for `batch_size`, `axis` for `axsi`, or one that
 * begins with it, contains it, or is most of it: `epsilon` for `eps`, `filters` for `nb_filter`, `fromLogits` for `logits`.
 */
export function nearestName(
  name: string,
  known: readonly string[],
  // In torch an axis.
  others: OtherNames = { dim: "axis" },
): string | undefined {
  const plain = (text: string) => text.replaceAll("_", "").toLowerCase().replace(/lr$/, "learningrate");
  const wrong = plain(name.slice(0, 40));
  const other = others[wrong];
  if (known.includes(other as string)) return other;
  let nearest: string | undefined;
  let least = wrong.length < 4 ? 2 : Math.max(3, wrong.length / 3 + 0.1);
  for (const candidate of known) {
    // Initials: `lr` is `learningRate`.
    if (plain(candidate.replace(/\B[a-z]+/g, "")) === wrong) return candidate;
    const right = plain(candidate);
    const at = wrong.length > 2 ? right.indexOf(wrong) : -1;
    const isPart = at > 0 || (right.length * 2 >= wrong.length && wrong.includes(right.replace(/s$/, "")));
    const distance = at === 0 ? 0.5 : Math.min(editDistance(wrong, right), isPart ? 1.5 : least);
    // The first of equally near names.
    if (distance < least && distance < wrong.length) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Number of letters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  const row = [...b, ""].map((_, j) => j);
  for (const letter of a) {
    let before = row[0]!++;
    [...b].forEach((other, j) => {
      const above = row[j + 1]!;
      row[j + 1] = Math.min(before + Number(letter !== other), above + 1, row[j]! + 1);
      before = above;
    });
  }
  return row[b.length]!;
}

/** Refuses surplus arguments. */
export function checkCount(owner: string, count: number, most: number): void {
  if (count <= most) return;
  const takes = most === 0 ? "no arguments" : most === 1 ? "one argument" : `at most ${most} arguments`;
  throw new ArgumentTypeError("ERR_ARGUMENT_COUNT", `${owner} takes ${takes}, got ${count}.`);
}

/** Refuses a method that was taken from its object, or from its class if it is static: `const { fit } = model`. */
export function checkObject(self: unknown, method: string): void {
  const object = (typeof self === "function" ? self.prototype : self) as { gradstepCopy?: unknown } | undefined | null;
  if (object?.gradstepCopy === COPY) return;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${method} was called without its object: write object.${method}(...), or object.${method}.bind(object).`,
  );
}

/** Refuses surplus arguments of a method, and a method without its object. */
export function checkMethod(self: unknown, method: string, count: number, most: number): void {
  checkObject(self, method);
  checkCount(method, count, most);
}

/**
 * The same for functions of one argument that are passed to `map`: `layers.map(serialize)` also passes the index and
 * the list.
 */
export function checkOne(owner: string, given: ArrayLike<unknown>): void {
  const { length } = given;
  if (length === 3 && isList(given[2]) && given[2][given[1] as number] === given[0]) return;
  checkCount(owner, length, 1);
}

function refuseType(owner: string, name: string, expected: string, value: unknown): never {
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "${argumentName(name)}" must be ${expected}, got ${shown(value)}.`,
  );
}

/** Throws the error for a value out of range. */
export function refuseRange(owner: string, name: string, expected: string, value: unknown): never {
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner}: "${argumentName(name)}" must be ${expected}, got ${shown(value)}.`,
  );
}

/**
 * The numbers that an option takes. Every number is rounded to float32 where it is used, so it must be
 * finite, and within the bounds, before and after that.
 */
export interface Range {
  /** Smallest number. */
  readonly least?: number;
  /** The number must be above this one. */
  readonly above?: number;
  /** Largest number. */
  readonly most?: number;
  /** The number must be below this one. */
  readonly below?: number;
}

/** Any finite number. */
export const ANY: Range = {};
/** Above 0. */
export const POSITIVE: Range = { above: 0 };
/** 0 or above. */
export const NON_NEGATIVE: Range = { least: 0 };
/** From 0 to 1. */
export const FRACTION: Range = { least: 0, most: 1 };
/** 0 or above, and below 1: a decay whose bias correction divides by 1 minus it. */
export const DECAY: Range = { least: 0, below: 1 };

function within(number: number, { least, above, most, below }: Range): boolean {
  return !(
    number < (least ?? number) ||
    number <= (above ?? Number.NEGATIVE_INFINITY) ||
    number > (most ?? number) ||
    number >= (below ?? Number.POSITIVE_INFINITY)
  );
}

/** A range in the words of an error message. */
export function rangeText({ least, above, most, below }: Range): string {
  if (least !== undefined && most !== undefined) return `from ${least} to ${most}`;
  const lower = least === undefined ? (above === undefined ? "" : `above ${above}`) : `${least} or above`;
  const open = below === undefined ? "" : `below ${below}`;
  if (lower === "") return most === undefined ? open || "a finite number" : `${most} or below`;
  const upper = most === undefined ? open : `${most} at most`;
  return upper === "" ? lower : `${lower}, and ${upper}`;
}

/** A number in a range, as it was passed. */
export function numberIn(owner: string, name: string, value: unknown, range: Range): number {
  if (typeof value !== "number") refuseType(owner, name, "a number", value);
  if (!Number.isFinite(value)) refuseRange(owner, name, "a finite number", value);
  if (!within(value, range)) refuseRange(owner, name, rangeText(range), value);
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) refuseRange(owner, name, "within float32, below 3.4e38", value);
  if (!within(rounded, range)) refuseRange(owner, name, `${rangeText(range)} in float32`, value);
  return value;
}

/** A number that is finite, in float32 too. */
export function finiteNumber(owner: string, name: string, value: unknown): number {
  return numberIn(owner, name, value, ANY);
}

/** A number above 0, in float32 too. */
export function positiveNumber(owner: string, name: string, value: unknown): number {
  return numberIn(owner, name, value, POSITIVE);
}

/** A number of 0 or above, finite in float32 too. */
export function nonNegativeNumber(owner: string, name: string, value: unknown): number {
  return numberIn(owner, name, value, NON_NEGATIVE);
}

/** A whole number, `min` or above, and `max` at most. */
export function integer(
  owner: string,
  name: string,
  value: unknown,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  const number = finiteNumber(owner, name, value);
  if (!Number.isSafeInteger(number) || number < min || number > max) {
    refuseRange(owner, name, number > max ? `${max} or below` : wholeText(min), value);
  }
  return number;
}

/** The condition of {@link integer}, in the words of an error message. */
function wholeText(min: number): string {
  return min === Number.MIN_SAFE_INTEGER ? "a whole number" : `a whole number, ${min} or above`;
}

/** The largest length of an axis, and the largest number of units, filters or rows: the int32 maximum. */
export const MOST: number = 2 ** 31 - 1;

/** Verbosity of a callback: 0, 1 or 2, or `true` for 1. */
export function verbosity(owner: string, value: unknown): number {
  const level = typeof value === "boolean" ? Number(value) : (value ?? 0);
  return integer(owner, "verbose", level, 0, 2);
}

/** Any number, including NaN and infinity: a loss, not an option. */
export function anyNumber(owner: string, name: string, value: unknown): number {
  return typeof value === "number" ? value : refuseType(owner, name, "a number", value);
}

/** `true` or `false`. */
export function boolean(owner: string, name: string, value: unknown): boolean {
  if (typeof value !== "boolean") refuseType(owner, name, "true or false", value);
  return value;
}

/** The entries of a list or any other iterable except a string. A copy, because the caller's list may change. */
export function list<T>(owner: string, name: string, value: Iterable<T>): readonly T[] {
  return (entriesOf(value) as readonly T[] | undefined) ?? refuseType(owner, name, "a list", value);
}

/** The most entries read from an iterator, which may be endless. These are variables, layers and options, not data. */
const ENTRIES = 1_000_000;

/** As {@link list}, but `undefined` for other values. */
export function entriesOf(value: unknown): readonly unknown[] | undefined {
  if (isList(value)) return copied(value);
  // Iterating over a detached array throws an error without a code.
  if (ArrayBuffer.isView(value) && isDetached(value)) return undefined;
  if (!isReadable(value) || !(Symbol.iterator in value)) return undefined;
  const begin: unknown = value[Symbol.iterator];
  if (!isCallable(begin)) return undefined;
  const iterator: unknown = begin.call(value);
  // The iterator is user code and may lack these.
  if (!isReadable(iterator) || !isCallable((iterator as { next?: unknown }).next)) return undefined;
  const entries: unknown[] = [];
  for (const entry of { [Symbol.iterator]: () => iterator as Iterator<unknown> }) {
    if (entries.length === ENTRIES) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `A list has at most ${ENTRIES} entries, got more from an iterator: pass an array.`,
      );
    }
    entries.push(entry);
  }
  return entries;
}

/** By index, because a user may have replaced the iterator; a sparse list is refused at its first hole. */
function copied(list: readonly unknown[]): unknown[] {
  const { length } = list;
  const copy: unknown[] = [];
  for (let i = 0; i < length; i++) {
    const entry = list[i];
    if (entry === undefined && !(i in list)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `A list of ${length} has no entry at index ${i}. Lists must not have holes: fill them first.`,
      );
    }
    copy.push(entry);
  }
  return copy;
}

/** The entries of a list, or a single value as a list. */
export function oneOrMore(value: unknown): readonly unknown[] {
  return isList(value) ? copied(value) : [value];
}

/** A list as shown in an error message, entry by entry. */
export function listText(list: readonly unknown[]): string {
  return `[${list.slice(0, 20).map(shown).join(", ")}${list.length > 20 ? ", ..." : ""}]`;
}

/** A value passed instead of a list, as shown in an error message. */
export function shownList(value: unknown): string {
  return isList(value) ? listText(value) : shown(value);
}

/** Whether it is an array; a revoked proxy is not. */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** A string. */
export function text(owner: string, name: string, value: unknown): string {
  if (typeof value !== "string") refuseType(owner, name, "a string", value);
  return value;
}

/** A list of strings, copied. */
export function texts(owner: string, name: string, value: unknown): string[] {
  if (!isList(value)) refuseType(owner, name, "an array of strings", value);
  return copied(value).map((entry, i) => text(owner, `${name}[${i}]`, entry));
}

/** Values that an option can have, in the words of an error message: `"a", "b" or null`. */
export function choice(values: readonly unknown[]): string {
  const words = values.map(shown);
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** A number of things: `1 input`, `2 inputs`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
