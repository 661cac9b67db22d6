/**
 * Tensors created from a shape or a range; no gradients.
 *
 * Over 300 lines: public functions with complete doc comments.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { allocate, beforeOperation } from "../autodiff/arena.js";
import { isInt32Array } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { boolean, checkCount, finiteNumber, integer, shown } from "../options.js";
import { wasm } from "../runtime/module.js";
import { checkedShape, type Shape } from "../shape.js";
import { isTensor, type Tensor } from "../tensor.js";
import { checkedDType, type DType, naturalShape } from "../values.js";
import { isVariable } from "../variable.js";
import type { TensorLike } from "./operand.js";

/** Options of the functions that create tensors. */
export interface DTypeOptions {
  /** Element type. Default: float32; for `zerosLike` and the like, that of `x`; for `arange`, see there. */
  readonly dtype?: DType | null | undefined;
}

/** `dtype`, by position or by name. */
type DTypeArguments = [dtype?: DType | DTypeOptions | null | undefined];

const AFTER_ONE = { names: ["dtype"], after: 1 };
const AFTER_TWO = { names: ["dtype"], after: 2 };
const ARANGE = { names: ["stop", "step", "dtype"], after: 1 };
const LINSPACE = { names: ["num", "endpoint", "dtype"], byPosition: 2, after: 2 };
const EYE = { names: ["M", "k", "dtype"], after: 1 };

/**
 * Creates a tensor of zeros.
 *
 * @param shape - Lengths of the axes, whole numbers.
 * @param given - `dtype`: element type, `"float32"` or `"int32"`. Default: float32.
 * @returns Zeros of that shape.
 * @throws ValueError, TypeError (`ERR_SHAPE`) for lengths that are not whole numbers
 * @throws TypeError (`ERR_VALUES_DTYPE`) for another `dtype`
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @see [keras.ops.zeros](https://keras.io/api/ops/numpy/#zeros-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.zeros([2, 3]).shape); // [2, 3]
 * ```
 */
export function zeros(shape: Shape, ...given: DTypeArguments): Tensor {
  return filled("zeros", shape, 0, dtypeIn("zeros", AFTER_ONE, given));
}

/**
 * Creates a tensor of ones.
 *
 * @param shape - Lengths of the axes, whole numbers.
 * @param given - `dtype`: element type, `"float32"` or `"int32"`. Default: float32.
 * @returns Ones of that shape.
 * @throws ValueError, TypeError (`ERR_SHAPE`) for lengths that are not whole numbers
 * @throws TypeError (`ERR_VALUES_DTYPE`) for another `dtype`
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @see [keras.ops.ones](https://keras.io/api/ops/numpy/#ones-function)
 */
export function ones(shape: Shape, ...given: DTypeArguments): Tensor {
  return filled("ones", shape, 1, dtypeIn("ones", AFTER_ONE, given));
}

/**
 * Creates a tensor filled with one number.
 *
 * @param shape - Lengths of the axes, whole numbers.
 * @param fillValue - The number; whole for int32.
 * @param given - `dtype`: element type, `"float32"` or `"int32"`. Default: float32.
 * @returns A tensor of that shape, filled with `fillValue`.
 * @throws ValueError, TypeError (`ERR_SHAPE`) for lengths that are not whole numbers
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`) for another `dtype`, and a value that an int32 cannot hold
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @see [keras.ops.full](https://keras.io/api/ops/numpy/#full-function)
 */
export function full(shape: Shape, fillValue: number, ...given: DTypeArguments): Tensor {
  return filled("full", shape, number("full", "fillValue", fillValue), dtypeIn("full", AFTER_TWO, given));
}

/**
 * Creates zeros of the shape and type of `x`.
 *
 * @param x - Numbers whose shape and type the result has.
 * @param given - `dtype`: element type, `"float32"` or `"int32"`. Default: the type of `x`.
 * @returns Zeros of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers, and another `dtype`; (`ERR_SHAPE`) for too many numbers
 * @see [keras.ops.zeros_like](https://keras.io/api/ops/numpy/#zeros_like-function)
 */
export function zerosLike(x: TensorLike, ...given: DTypeArguments): Tensor {
  return filled("zerosLike", shapeOf("zerosLike", x), 0, dtypeIn("zerosLike", AFTER_ONE, given, x));
}

/**
 * Creates ones of the shape and type of `x`.
 *
 * @param x - Numbers whose shape and type the result has.
 * @param given - `dtype`: element type, `"float32"` or `"int32"`. Default: the type of `x`.
 * @returns Ones of the shape of `x`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers, and another `dtype`; (`ERR_SHAPE`) for too many numbers
 * @see [keras.ops.ones_like](https://keras.io/api/ops/numpy/#ones_like-function)
 */
export function onesLike(x: TensorLike, ...given: DTypeArguments): Tensor {
  return filled("onesLike", shapeOf("onesLike", x), 1, dtypeIn("onesLike", AFTER_ONE, given, x));
}

/**
 * Creates a tensor of the shape and type of `x`, filled with one number.
 *
 * @param x - Numbers whose shape and type the result has.
 * @param fillValue - The number; whole for int32.
 * @param given - `dtype`: element type, `"float32"` or `"int32"`. Default: the type of `x`.
 * @returns A tensor of the shape of `x`, filled with `fillValue`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`) for an option that is
 * unknown, given twice or of the wrong type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers, another `dtype`, or a value that an int32 cannot hold; (`ERR_SHAPE`) for too many numbers
 * @see [keras.ops.full_like](https://keras.io/api/ops/numpy/#full_like-function)
 */
export function fullLike(x: TensorLike, fillValue: number, ...given: DTypeArguments): Tensor {
  const value = number("fullLike", "fillValue", fillValue);
  return filled("fullLike", shapeOf("fullLike", x), value, dtypeIn("fullLike", AFTER_TWO, given, x));
}

/** Options of {@link arange}. */
export interface ArangeOptions extends DTypeOptions {
  /** The end, excluded. Default: none; then `start` is the end, and numbers start at 0. */
  readonly stop?: number | null | undefined;
  /** Distance from one number to the next. Default: steps of 1. */
  readonly step?: number | null | undefined;
}

/**
 * Creates evenly spaced numbers from `start` up to, but not including, `stop`: `arange(3)` is 0, 1, 2.
 *
 * @param start - First number. Without `stop` it is the end, and the first number is 0.
 * @param given - `dtype`: the type of the result. Default: int32 if all arguments are whole, otherwise float32, as in
 * Keras.
 * @returns A tensor of one axis, with `ceil((stop - start) / step)` numbers.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range, and a `step` of 0
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`) for another `dtype`, and numbers that an int32 cannot hold;
 * (`ERR_SHAPE`) for too many numbers
 * @see [keras.ops.arange](https://keras.io/api/ops/numpy/#arange-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.arange(1, 7, 2).array()); // Int32Array [1, 3, 5]
 * ```
 */
export function arange(
  start: number,
  ...given:
    | [options?: ArangeOptions | undefined]
    | [
        stop: number | null | undefined,
        step?: number | ArangeOptions | null | undefined,
        dtype?: DType | null | undefined,
      ]
): Tensor {
  const options = readOptions<ArangeOptions>("arange", ARANGE, given);
  const stop = options.stop ?? undefined;
  const step = options.step ?? 1;
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const numbers = { start: from, stop: to, step };
  for (const [name, value] of Object.entries(numbers)) finiteNumber("arange", name, value);
  if (step === 0) throw new ValueError("ERR_OPTION_RANGE", 'arange: "step" must not be 0.');
  const dtype = options.dtype ?? (Object.values(numbers).every(Number.isInteger) ? "int32" : "float32");
  const count = Math.max(0, Math.ceil((to - from) / step));
  return made("arange", checkedShape("arange", [count]), dtype, (i) => from + i * step);
}

/** Options of {@link linspace}. */
export interface LinspaceOptions extends DTypeOptions {
  /** Number of values. Default: 50. */
  readonly num?: number | undefined;
  /** Whether `stop` is the last value. Default: true. */
  readonly endpoint?: boolean | undefined;
}

/**
 * Creates `num` evenly spaced numbers from `start` to `stop`.
 *
 * @param start - First number, finite.
 * @param stop - Last number, finite.
 * @param given - {@link LinspaceOptions}, by name or by position: `num`, `endpoint`.
 * @returns A tensor of one axis, with `num` numbers.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`) for another `dtype`, and numbers that an int32 cannot hold;
 * (`ERR_SHAPE`) for too many numbers
 * @see [keras.ops.linspace](https://keras.io/api/ops/numpy/#linspace-function)
 * @example
 * ```ts
 * import { ops } from "gradstep";
 *
 * console.log(ops.linspace(0, 1, 5).array()); // Float32Array [0, 0.25, 0.5, 0.75, 1]
 * ```
 */
export function linspace(
  start: number,
  stop: number,
  ...given:
    | [options?: LinspaceOptions | undefined]
    | [num: number | undefined, endpoint?: boolean | LinspaceOptions | undefined, options?: LinspaceOptions | undefined]
): Tensor {
  const options = readOptions<LinspaceOptions>("linspace", LINSPACE, given);
  const [from, to] = [finiteNumber("linspace", "start", start), finiteNumber("linspace", "stop", stop)];
  const num = integer("linspace", "num", options.num ?? 50, 0);
  const endpoint = boolean("linspace", "endpoint", options.endpoint ?? true);
  const last = endpoint ? num - 1 : num;
  const step = (to - from) / Math.max(1, last);
  return made("linspace", checkedShape("linspace", [num]), options.dtype ?? "float32", (i) =>
    i === last && last > 0 ? to : from + i * step,
  );
}

/** Options of {@link eye}. */
export interface EyeOptions extends DTypeOptions {
  /** Columns. Default: the number of rows. */
  readonly M?: number | null | undefined;
  /** Number of the diagonal: 0 is the main one, positive ones are above it. Default: 0. */
  readonly k?: number | undefined;
}

/**
 * Creates a matrix with ones on a diagonal, zeros elsewhere.
 *
 * @param N - Number of rows, a whole number.
 * @param given - {@link EyeOptions}, by name or by position: `M`, `k`, `dtype`.
 * @returns A matrix of shape `[N, M]`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
 * for an option that is unknown, given twice, of the wrong type or out of range
 * @throws TypeError (`ERR_VALUES_DTYPE`) for another `dtype`
 * @see [keras.ops.eye](https://keras.io/api/ops/numpy/#eye-function)
 */
export function eye(
  N: number,
  ...given:
    | [options?: EyeOptions | undefined]
    | [M: number | null | undefined, k?: number | EyeOptions | undefined, dtype?: DType | null | undefined]
): Tensor {
  const options = readOptions<EyeOptions>("eye", EYE, given);
  const rows = integer("eye", "N", N, 0);
  const columns = integer("eye", "M", options.M ?? rows, 0);
  const k = integer("eye", "k", options.k ?? 0, Number.MIN_SAFE_INTEGER);
  const at = (i: number) => ((i % columns) - Math.floor(i / columns) === k ? 1 : 0);
  return made("eye", [rows, columns], options.dtype ?? "float32", at);
}

/**
 * Shape of a tensor, a variable, a typed array or nested lists.
 *
 * @param x - A tensor, a variable, a typed array or nested lists.
 * @returns A list of lengths, outermost axis first.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers
 * @see [keras.ops.shape](https://keras.io/api/ops/core/#shape-function)
 */
export function shape(x: TensorLike): number[] {
  checkCount("shape", arguments.length, 1);
  return [...shapeOf("shape", x)];
}

function shapeOf(owner: string, x: TensorLike): readonly number[] {
  return isTensor(x) || isVariable(x) ? x.shape : naturalShape(owner, x);
}

function dtypeIn(
  owner: string,
  names: Parameters<typeof readOptions>[1],
  given: readonly unknown[],
  like?: TensorLike,
): DType {
  const { dtype } = readOptions<DTypeOptions>(owner, names, given);
  return dtype ?? (isTensor(like) ? like.dtype : isInt32Array(like) ? "int32" : "float32");
}

function number(owner: string, name: string, value: unknown): number {
  if (typeof value === "number") return value;
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "${name}" must be a number, got ${shown(value)}.`);
}

function filled(owner: string, shape: unknown, value: number, dtype: DType): Tensor {
  const tensor = room(owner, checkedShape(owner, shape), dtype);
  if (dtype === "float32") {
    wasm().fill_values(tensor.address, tensor.size, value);
    return tensor;
  }
  const { numbers } = tensor;
  numbers.fill(value);
  if (numbers.length > 0) checkHeld(owner, dtype, numbers[0]!, value);
  return tensor;
}

function made(owner: string, shape: readonly number[], dtype: DType, at: (index: number) => number): Tensor {
  const tensor = room(owner, shape, dtype);
  const { numbers } = tensor;
  for (let i = 0; i < numbers.length; i++) {
    const next = at(i);
    numbers[i] = next;
    checkHeld(owner, dtype, numbers[i]!, next);
  }
  return tensor;
}

function room(owner: string, shape: readonly number[], dtype: DType): Tensor {
  checkedDType(owner, dtype);
  beforeOperation();
  return allocate(shape, dtype);
}

/** Refuses a number that the element type changes. */
function checkHeld(owner: string, dtype: DType, held: number, given: number): void {
  if (dtype === "int32" && held !== given) {
    throw new ValueError("ERR_VALUES_DTYPE", `${owner}: an int32 holds whole numbers, got ${given}.`);
  }
}
