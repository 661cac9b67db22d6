/**
 * Inputs of layers, as operands or symbolic tensors.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isA } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { floatOperand, intOperand, type TensorLike } from "../ops/operand.js";
import { checkKnownOptions, isList, oneOrMore, shown } from "../options.js";
import { isTensor } from "../tensor.js";
import type { DType } from "../values.js";
import { isVariable } from "../variable.js";

/** Inputs of one call: all symbolic, or all operands. */
export interface InputList<S> {
  readonly list: readonly S[] | readonly Operand[];
  /** Whether a list was given. */
  readonly isList: boolean;
}

/** Number of inputs that a layer takes: one, a list (of numbers too), or either. */
export type InputCount = "one" | "list" | "any";

/**
 * @param takes - Whether an array is a list of inputs.
 * @param symbolic - The class of symbolic tensors.
 */
export function inputList<S extends object>(
  owner: string,
  inputs: unknown,
  dtype: DType,
  takes: InputCount,
  symbolic: abstract new (...args: never[]) => S,
): InputList<S> {
  const isNode = (input: unknown) => isA(input, symbolic) || isTensor(input) || isVariable(input);
  const several = isList(inputs) && (takes === "list" || holdsNode(inputs, isNode)) ? oneOrMore(inputs) : undefined;
  const isSeveral = several !== undefined;
  if (takes === "list" && !isSeveral) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner} takes a list of inputs: apply([a, b]), got ${isNode(inputs) ? "one input" : shown(inputs)}.`,
    );
  }
  if (takes === "one" && isSeveral) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner} takes one input, got a list of ${several.length}. Join tensors first: ops.concatenate(list), ops.stack(list).`,
    );
  }
  const list: readonly unknown[] = several ?? [inputs];
  if (list.length === 0)
    throw new ValueError("ERR_OPTION_RANGE", `${owner} takes one input or more, got an empty list.`);
  if (list.some((input) => isA(input, symbolic))) {
    const odd = list.findIndex((input) => !isA(input, symbolic));
    if (odd < 0) return { list: list as readonly S[], isList: isSeveral };
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: inputs must be all symbolic or all numbers, got ${shown(list[odd])} beside symbolic tensors.`,
    );
  }
  const operand = dtype === "int32" ? intOperand : floatOperand;
  return { list: list.map((input) => operand(owner, input as TensorLike)), isList: isSeveral };
}

/** Refuses a second input instead of options, and unknown options. @throws ValueError, TypeError */
export function checkCallOptions<S extends object>(
  owner: string,
  options: unknown,
  symbolic: abstract new (...args: never[]) => S,
): void {
  if (!isA(options, symbolic) && !isTensor(options) && !isVariable(options)) {
    checkKnownOptions(owner, options, ["training"]);
    return;
  }
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner} takes several inputs in one list: apply([a, b]).`);
}

/** Entry by entry, up to the first hole: a sparse array of a billion holes is not a list of inputs. */
function holdsNode(list: readonly unknown[], isNode: (input: unknown) => boolean): boolean {
  for (let i = 0; i < list.length; i++) {
    if (isNode(list[i])) return true;
    if (list[i] === undefined) return false;
  }
  return false;
}

/** Refuses anything but tensors, for callers that confuse `forward` with `apply`. @throws TypeError */
export function checkForward(owner: string, inputs: unknown): void {
  if (isList(inputs) && 0 in inputs && inputs.every((input) => isTensor(input) || isVariable(input))) return;
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "forward" is internal. Call apply or predict.`);
}
