/**
 * Operands, made from the arguments of operations.
 *
 * @module
 */

import { allocate, beforeOperation, type Operand } from "../autodiff/arena.js";
import { isReadable } from "../brands.js";
import { isOfOtherCopy } from "../copies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { isList, oneOrMore, shown } from "../options.js";
import { wasm } from "../runtime/module.js";
import { recorderNow, repeated } from "../runtime/recording.js";
import type { Flat } from "../shape.js";
import { isTensor, type Tensor } from "../tensor.js";
import { type DType, readNumbers, type Values } from "../values.js";
import { isVariable, type Variable } from "../variable.js";

/** An argument of operations: a tensor, a variable, a typed array, nested numbers, or one number. */
export type TensorLike = Operand | Values;

/** A float32 operand. Tensors and variables are used directly; whole numbers and arrays are copied. */
export type FloatOperand = Tensor<"float32"> | Variable;

/** `x` as float32. @throws TypeError for anything but numbers, DisposedError */
export function floatOperand(owner: string, x: TensorLike): FloatOperand {
  beforeOperation();
  if (isVariable(x)) {
    recorderNow()?.uses(x);
    return x;
  }
  if (isTensor(x)) {
    return x.dtype === "float32" ? (x as Tensor<"float32">) : converted(x, "float32");
  }
  return constant(owner, x as Values, "float32");
}

/** Checks the result of a custom function, or of a class's `call`. @throws TypeError for anything but a float32 tensor */
export function madeTensor(owner: string, value: unknown): Tensor<"float32"> {
  if (isTensor(value) && value.dtype === "float32") return value as Tensor<"float32">;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner} must return a float32 tensor, made by operations from its arguments, got ${shown(value)}.`,
  );
}

/** `x` as int32: indices and labels. @throws ValueError when a number is not whole, TypeError, DisposedError */
export function intOperand(owner: string, x: TensorLike): Tensor<"int32"> {
  beforeOperation();
  if (isTensor(x) && x.dtype === "int32") return x as Tensor<"int32">;
  if (isTensor(x) || isVariable(x)) {
    return converted(x, "int32", (values) => {
      const odd = values.findIndex((value) => value !== (value | 0));
      if (odd < 0) return;
      throw new ValueError("ERR_VALUES_DTYPE", `${owner}: expected whole numbers, got ${values[odd]} at index ${odd}.`);
    });
  }
  return constant(owner, x as Values, "int32");
}

/** Refuses an operand of another rank. */
export function checkRank(owner: string, x: Operand, rank: number, axes: string): void {
  if (x.shape.length === rank) return;
  const got = x.shape.length === 0 ? "a single number" : x.shape.join(" x ");
  throw new ValueError("ERR_SHAPE", `${owner}: expected an input of rank ${rank} (${axes}), got ${got}.`);
}

/** The option of operations along an axis. */
export interface AxisOptions {
  /** One axis; negative ones count from the last. Each function states its default. */
  readonly axis?: number | undefined;
}

/** The option of operations along one axis or several. */
export interface AxesOptions {
  /** The axis or axes; negative ones count from the last. Each function states its default, and what `null` means. */
  readonly axis?: number | readonly number[] | null | undefined;
}

/** `axis` counted from the front. @throws ValueError when there is no such axis */
export function checkedAxis(owner: string, axis: number, rank: number): number {
  if (typeof axis !== "number") {
    throw new ArgumentTypeError("ERR_SHAPE", `${owner}: "axis" must be a whole number, got ${shown(axis)}.`);
  }
  if (!Number.isInteger(axis)) {
    throw new ValueError("ERR_SHAPE", `${owner}: "axis" must be a whole number, got ${axis}.`);
  }
  if (rank === 0) throw new ValueError("ERR_SHAPE", `${owner}: expected an input with axes, got a single number.`);
  if (axis < -rank || axis >= rank) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: "axis" must be from ${-rank} to ${rank - 1} for rank ${rank}, got ${axis}.`,
    );
  }
  return axis < 0 ? axis + rank : axis;
}

/** Axes counted from the front, in ascending order. @throws ValueError when one does not exist, or is named twice */
export function checkedAxes(owner: string, axis: number | readonly number[], rank: number): number[] {
  const given = oneOrMore(axis) as readonly number[];
  const axes = given.map((one) => checkedAxis(owner, one, rank)).sort((a, b) => a - b);
  const twice = axes.find((one, i) => one === axes[i + 1]);
  if (twice !== undefined) {
    throw new ValueError("ERR_SHAPE", `${owner}: "axis" names axis ${twice} more than once: [${given.join(", ")}].`);
  }
  return axes;
}

/** Numbers that are not an operand yet, before float32 rounds them. @throws TypeError for anything but numbers */
export function exactNumbers(owner: string, x: Values): Flat<ArrayLike<number>> {
  beforeOperation();
  checkValues(owner, x);
  return readNumbers(owner, x, "float64", refuseTensor);
}

function constant<D extends DType>(owner: string, x: Values, dtype: D): Tensor<D> {
  checkValues(owner, x);
  const { flat, shape } = readNumbers(owner, x, dtype, refuseTensor);
  return made(flat, shape, dtype);
}

function checkValues(owner: string, x: unknown): void {
  if (isSymbolic(x)) refuseSymbolic(owner);
  if (typeof x === "string") refuseText(owner, x);
}

/** Whether it is a symbolic tensor of a functional model; the class is in a folder above operations. */
function isSymbolic(x: unknown): boolean {
  return isReadable(x) && !isList(x) && !ArrayBuffer.isView(x) && "node" in x && "layer" in x && !isOfOtherCopy(x);
}

function refuseSymbolic(owner: string): never {
  throw new ArgumentTypeError(
    "ERR_VALUES_DTYPE",
    `${owner}: expected numbers, got a symbolic tensor, which has none. In a functional model use a layer, or call it in a custom layer.`,
  );
}

/** Refuses the text of tensors, which `a + b` makes; the reader refuses other text. */
function refuseText(owner: string, text: string): void {
  if (!/(Tensor|Variable).* (float32|int32) \[/.test(text)) return;
  throw new ArgumentTypeError(
    "ERR_VALUES_DTYPE",
    `${owner}: expected numbers, got the text of a tensor, such as a + b makes. Write ops.add(a, b).`,
  );
}

/** Refuses a tensor inside a list, which is read as numbers. */
function refuseTensor(owner: string, entry: unknown): void {
  if (!isTensor(entry) && !isVariable(entry)) return;
  throw new ArgumentTypeError(
    "ERR_VALUES_DTYPE",
    `${owner}: a tensor in a list would have no gradient. Join tensors first: ops.stack(list).`,
  );
}

/** The numbers of another tensor, in this type. @param check - Called with them before anything is allocated. */
function converted<D extends DType>(
  x: Operand,
  dtype: D,
  check?: (values: Float32Array | Int32Array) => void,
): Tensor<D> {
  let tensor: Tensor<D> | undefined;
  const work = () => {
    check?.(x.numbers);
    tensor ??= allocate(x.shape, dtype);
    // A view created before would not survive the allocation.
    (tensor.numbers as Float32Array).set(x.numbers);
  };
  repeated(work, () => [x.address]);
  return tensor as unknown as Tensor<D>;
}

function made<D extends DType>(numbers: ArrayLike<number>, shape: readonly number[], dtype: D): Tensor<D> {
  const tensor = allocate(shape, dtype);
  // A single number, such as a factor, is not read by JavaScript: the step can be recorded.
  if (shape.length === 0 && dtype === "float32") wasm().fill_values(tensor.address, 1, numbers[0]!);
  else (tensor.numbers as Float32Array).set(numbers);
  return tensor;
}
