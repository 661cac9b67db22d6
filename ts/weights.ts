/**
 * Weights and state as plain copies, and restoring them: everything is checked before anything is written.
 *
 * @module
 */

import { isPlain, isReadable, typedArrayName } from "./brands.js";
import { type CounterDType, readCount } from "./counters.js";
import { ArgumentTypeError, ValueError } from "./errors.js";
import { counted, isList, listText, oneOrMore, shown } from "./options.js";
import type { Float32s, Float64s, Int32s } from "./platform-types.js";
import { sameShape } from "./shape.js";
import { isTensor, type Tensor } from "./tensor.js";
import { type DType, fitting, readNumbers, type Values } from "./values.js";
import { isVariable, type Variable } from "./variable.js";

/** A readable and writable weight: a variable, or an entry of an optimizer's state. */
export interface WeightHolder {
  readonly path: string;
  readonly shape: readonly number[];
  /** Counters are int32, and float64 from 2^31 on; all else is float32. */
  readonly dtype: DType | CounterDType;
  /** The numbers. @throws DisposedError */
  readonly value: ArrayLike<number>;
  array(): Float32s | Int32s | Float64s;
  /** Overwrites the numbers; `values` has as many, or those of a part that begins at `at`, where parts are taken. */
  write(values: ArrayLike<number>, at?: number): void;
  /** Whether it can be written in parts. Variables can. Default: false. */
  readonly takesParts?: boolean;
  /** Refuses numbers that it does not take, before anything is written. */
  check?(values: ArrayLike<number>): void;
}

/** A layer's weight. */
export interface LayerWeightHolder extends WeightHolder {
  readonly dtype: DType;
  array(): Float32s | Int32s;
}

/**
 * A plain copy of a variable's numbers, which can be stored or sent to a worker. Only an optimizer's counter of 2^31
 * or more is a `Float64Array`.
 */
export interface WeightValue {
  /** The numbers, flat, row by row. */
  readonly data: Float32Array | Int32Array | Float64Array;
  /** Lengths of the axes. */
  readonly shape: readonly number[];
  /** Element type. */
  readonly dtype: DType | CounterDType;
}

/** The same of a layer's weight. */
export interface LayerWeight extends WeightValue {
  /** The numbers, flat, row by row. */
  readonly data: Float32Array | Int32Array;
  /** Element type. */
  readonly dtype: DType;
}

/** A weight for `setWeights`: numbers, or `{ data, shape }`. */
export type WeightInput = WeightValue | Tensor | Variable | Values | Float64Array;

/** Copies of all numbers. */
export function readWeights(state: readonly LayerWeightHolder[]): LayerWeight[];
export function readWeights(state: readonly WeightHolder[]): WeightValue[];
export function readWeights(state: readonly WeightHolder[]): WeightValue[] {
  return state.map((variable) => ({ data: variable.array(), shape: [...variable.shape], dtype: variable.dtype }));
}

/**
 * Overwrites all numbers, or throws without writing anything.
 *
 * @param hint - A sentence about the likely cause of a wrong count.
 */
export function writeWeights(owner: string, state: readonly WeightHolder[], weights: unknown, hint = ""): void {
  if (!isList(weights)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: setWeights takes the list that getWeights returns, got ${shown(weights)}.`,
    );
  }
  const entries = oneOrMore(weights) as readonly WeightInput[];
  if (entries.length !== state.length) {
    throw new ValueError(
      "ERR_WEIGHTS_COUNT",
      `${owner}: setWeights expected ${counted(state.length, "array")} (${state
        .map(({ path }) => path)
        .slice(0, 6)
        .join(", ")}${state.length > 6 ? ", ..." : ""}), got ${entries.length}.${hint === "" ? "" : ` ${hint}`}`,
    );
  }
  const flat = state.map((variable, i) => checkedEntry(owner, variable, entries[i]!, i));
  // Throws if a user's getter disposed of one, before the first is written.
  for (const { value } of state) void value;
  state.forEach((variable, i) => {
    variable.check?.(flat[i]!);
  });
  state.forEach((variable, i) => {
    variable.write(flat[i]!);
  });
}

function checkedEntry(owner: string, target: WeightHolder, entry: WeightInput, index: number): ArrayLike<number> {
  const label = `${owner}: entry ${index} of setWeights, "${target.path}"`;
  if (isTensor(entry) || isVariable(entry)) {
    checkShape(label, target, entry.shape);
    return checkedNumbers(label, target, entry.numbers);
  }
  if (isReadable(entry) && "data" in entry) {
    const { shape } = entry;
    const data = fromJSON(label, entry.data);
    if (!isList(data) && typedArrayName(data) === undefined) {
      throw new ArgumentTypeError("ERR_VALUES_DTYPE", `${label}: "data" must be a typed array, got ${shown(data)}.`);
    }
    const { length } = data as ArrayLike<number>;
    checkShape(label, target, isList(shape) ? (oneOrMore(shape) as readonly number[]) : [length]);
    return checkedNumbers(label, target, data);
  }
  return checkedNumbers(label, target, entry);
}

/** A typed array written by `JSON.stringify`, `{ "0": 1, "1": 2 }`, as a list; other values unchanged. */
function fromJSON(label: string, data: unknown): unknown {
  if (!isPlain(data)) return data;
  const entries = Object.entries(data);
  if (entries.some(([key], i) => key !== String(i))) return data;
  const lost = entries.find(([, value]) => value === null);
  if (lost === undefined) return entries.map(([, value]: [string, unknown]) => value);
  throw new ArgumentTypeError(
    "ERR_VALUES_DTYPE",
    `${label}: "data" has null at index ${lost[0]}: JSON has no NaN or Infinity.`,
  );
}

function checkShape(label: string, target: WeightHolder, shape: readonly number[]): void {
  if (!sameShape(shape, target.shape)) {
    throw new ValueError(
      "ERR_WEIGHTS_SHAPE",
      `${label}: expected the shape [${target.shape.join(", ")}], got ${listText(shape)}.`,
    );
  }
}

function isCounter({ dtype }: WeightHolder): boolean {
  return dtype !== "float32";
}

function checkedNumbers(label: string, target: WeightHolder, values: unknown): ArrayLike<number> {
  if (isCounter(target)) return [readCount(label, values)];
  // A copy, since entries may be views that are detached when memory grows.
  return new Float32Array(fitting(label, readNumbers(label, values, "float32"), target.shape));
}
