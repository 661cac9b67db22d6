/**
 * Directions of derivatives: numbers for each of some tensors and variables.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { isList, oneOrMore } from "../options.js";
import type { Values } from "../values.js";
import type { Operand } from "./arena.js";

/** Numbers of one operand. */
export type Direction = Operand | Values;

/**
 * Operands and their directions as lists.
 *
 * @param words - Names of the arguments, for messages.
 * @throws ValueError (`ERR_TAPE`) for another number of directions
 */
export function directionsOf(
  owner: string,
  words: { readonly operands: string; readonly directions: string },
  operands: Operand | readonly Operand[],
  directions: Direction | readonly Direction[],
): { operands: readonly Operand[]; directions: readonly Direction[] } {
  const list = oneOrMore(operands) as readonly Operand[];
  const given = isList(operands) ? (oneOrMore(directions) as readonly Direction[]) : [directions as Values];
  if (given.length === list.length) return { operands: list, directions: given };
  throw new ValueError(
    "ERR_TAPE",
    `${owner}: expected as many ${words.directions} as ${words.operands} (${list.length}), got ${given.length}.`,
  );
}
