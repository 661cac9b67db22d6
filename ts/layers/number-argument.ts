/**
 * Arguments of layers: one number, or several that are broadcast to the inputs.
 *
 * @module
 */

import { nestedList } from "../display.js";
import { finiteNumber, isList } from "../options.js";
import { readNumbers, savedArray, type Values } from "../values.js";

/** A number, or nested lists of numbers, as in a config. */
export type Numbers = number | readonly Numbers[];

/** The same, from a caller: typed arrays too. */
export type NumbersLike = Numbers | ArrayLike<number>;

/** The numbers of an argument, and their shape. */
export interface NumbersArgument {
  readonly value: Numbers;
  readonly shape: readonly number[];
}

/**
 * Reads one number, or numbers in any form, including arrays in the form of Keras's configs.
 *
 * @throws TypeError, ValueError for anything but finite numbers
 */
export function numbersArgument(owner: string, name: string, given: unknown): NumbersArgument {
  const value = savedArray(given) ?? given;
  if (typeof value !== "object" || value === null) return { value: finiteNumber(owner, name, value), shape: [] };
  const { flat, shape } = readNumbers(`${owner}: "${name}"`, value as Values, "float64");
  for (const number of flat) finiteNumber(owner, name, number);
  return { value: nestedList(flat, shape), shape };
}

/** A copy for a config: changing it does not change the layer. */
export function copied(numbers: Numbers): Numbers {
  return isList(numbers) ? numbers.map(copied) : numbers;
}
