/**
 * Checks of options: each gives the value back, or throws an error that says whose option it is, what
 * was expected and what came.
 *
 * @module
 */

import { isOfOtherCopy, OTHER_COPY } from "./copies.js";
import { ArgumentTypeError, ValueError } from "./errors.js";

/** A value as an error message shows it: short, and with its kind where that is what is wrong. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === "function") return isOfOtherCopy(value) ? `a class ${OTHER_COPY}` : "a function";
  if (value === null || value === undefined || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const kind = `an object (${value.constructor?.name ?? "Object"})`;
  return isOfOtherCopy(value) ? `${kind} ${OTHER_COPY}` : kind;
}

/** Refuses options that nobody knows; `undefined` values count as not given. */
export function checkKnownOptions(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner} takes one object with options, such as { ${known[0] ?? "name"}: ... }, got ${shown(options)}.`,
    );
  }
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ValueError(
      "ERR_OPTION_UNKNOWN",
      `${owner} does not know ${unknown.map((name) => `"${name}"`).join(", ")}. Its options are: ${known.join(", ")}.`,
    );
  }
}

function refuseType(owner: string, name: string, expected: string, value: unknown): never {
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "${name}" must be ${expected}, got ${shown(value)}.`);
}

/** Throws the error of a value outside its range. */
export function refuseRange(owner: string, name: string, expected: string, value: unknown): never {
  throw new ValueError("ERR_OPTION_RANGE", `${owner}: "${name}" must be ${expected}, got ${shown(value)}.`);
}

/** A number that is neither NaN nor infinite. */
export function finiteNumber(owner: string, name: string, value: unknown): number {
  if (typeof value !== "number") refuseType(owner, name, "a number", value);
  if (!Number.isFinite(value)) refuseRange(owner, name, "a finite number", value);
  return value;
}

/** A finite number above 0. */
export function positiveNumber(owner: string, name: string, value: unknown): number {
  const number = finiteNumber(owner, name, value);
  if (number <= 0) refuseRange(owner, name, "above 0", value);
  return number;
}

/** A finite number, 0 or above. */
export function nonNegativeNumber(owner: string, name: string, value: unknown): number {
  const number = finiteNumber(owner, name, value);
  if (number < 0) refuseRange(owner, name, "0 or above", value);
  return number;
}

/** A whole number, `min` or above. */
export function integer(owner: string, name: string, value: unknown, min: number): number {
  const number = finiteNumber(owner, name, value);
  if (!Number.isSafeInteger(number) || number < min) {
    refuseRange(owner, name, `a whole number, ${min} or above`, value);
  }
  return number;
}

/** `true` or `false`. */
export function boolean(owner: string, name: string, value: unknown): boolean {
  if (typeof value !== "boolean") refuseType(owner, name, "true or false", value);
  return value;
}

/** The entries of a list, or of anything that can be iterated over, but not of a string; an array as it is. */
export function list<T>(owner: string, name: string, value: Iterable<T>): readonly T[] {
  return (entriesOf(value) as readonly T[] | undefined) ?? refuseType(owner, name, "a list", value);
}

/** As {@link list}, `undefined` for what is none. */
export function entriesOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  const isList = typeof value === "object" && value !== null && Symbol.iterator in value;
  return isList ? [...(value as Iterable<unknown>)] : undefined;
}

/** A string. */
export function text(owner: string, name: string, value: unknown): string {
  if (typeof value !== "string") refuseType(owner, name, "a string", value);
  return value;
}

/** A list of strings, copied. */
export function texts(owner: string, name: string, value: unknown): string[] {
  if (!Array.isArray(value)) refuseType(owner, name, "an array of strings", value);
  return value.map((entry) => text(owner, name, entry));
}
