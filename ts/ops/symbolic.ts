/**
 * Operations on symbolic tensors: of a functional model that has no data yet.
 *
 * The class of symbolic tensors is in a folder above this one. Each symbolic tensor has, in its `node`, the function
 * that adds an operation to its model.
 *
 * @module
 */

import { isOurs } from "../copies.js";
import { isList } from "../options.js";
import type { Tensor } from "../tensor.js";
import type { TensorLike } from "./operand.js";

/** An operation, with all that is needed to call it again. */
export interface OperationCall {
  /** Name of the function in `ops`. */
  readonly name: string;
  readonly fn: (...args: never[]) => unknown;
  /** Its arguments, symbolic tensors among them. */
  readonly args: readonly unknown[];
}

/** A symbolic tensor, as seen by operations. */
export interface Symbolic {
  readonly node: {
    /** Adds the operation to the model, and returns its symbolic results. */
    readonly operate: (call: OperationCall) => unknown;
  };
}

/** Parameters that accept tensors, extended to symbolic tensors. */
type WithSymbolic<P extends readonly unknown[], S> = {
  [K in keyof P]: TensorLike extends P[K]
    ? P[K] | S
    : readonly TensorLike[] extends P[K]
      ? readonly (TensorLike | S)[]
      : P[K];
};

/** Symbolic tensors in place of tensors. */
type Results<R, S> = R extends Tensor
  ? S
  : R extends readonly Tensor[]
    ? S[]
    : R extends readonly number[]
      ? (number | null)[]
      : { [K in keyof R]: S };

/** An operation that also takes symbolic tensors, for which it returns symbolic ones. */
export type Operation<F extends (...args: never[]) => unknown> = F &
  (<S extends Symbolic>(...args: WithSymbolic<Parameters<F>, S>) => Results<ReturnType<F>, S>) &
  // Repeated, because `Parameters` and `ReturnType` read the last signature. TypeScript would drop an identical one.
  (<_ = never>(...args: Parameters<F>) => ReturnType<F>);

/** Whether it is a symbolic tensor of this copy. */
export function isSymbolic(value: unknown): value is Symbolic {
  return (
    typeof value === "object" &&
    value !== null &&
    isOurs<{ node: unknown; layer: unknown }>(value, "layer") &&
    "node" in value
  );
}

/** The operation for tensors and for symbolic tensors. */
export function symbolic<F extends (...args: never[]) => unknown>(name: string, fn: F): Operation<F> {
  // A function expression, because `arguments` is forwarded without a copy: every operation of a step calls it.
  const call = function () {
    for (let i = 0; i < arguments.length; i++) {
      const found = symbolicIn(arguments[i]);
      if (found !== undefined) return found.node.operate({ name, fn, args: Array.from(arguments) });
    }
    return fn.apply(undefined, arguments as never);
  };
  Object.defineProperty(call, "name", { value: name, configurable: true });
  Object.defineProperty(call, "length", { value: fn.length, configurable: true });
  return call as never;
}

/** A symbolic tensor, alone or in a list. */
function symbolicIn(value: unknown): Symbolic | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isSymbolic(value)) return value;
  if (!isList(value)) return undefined;
  // Stops at the first number: long lists contain the values of a tensor.
  for (let i = 0; i < value.length; i++) {
    const entry: unknown = value[i];
    if (typeof entry !== "object") return undefined;
    if (isSymbolic(entry)) return entry;
  }
  return undefined;
}
