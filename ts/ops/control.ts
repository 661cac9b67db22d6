/**
 * Copies of operands: without a gradient, of another type.
 *
 * @module
 */

import { allocate, type Operand } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import { checkCount } from "../options.js";
import { wasm } from "../runtime/module.js";
import { isTensor, type Tensor } from "../tensor.js";
import { checkedDType, type DType, type Values } from "../values.js";
import { isVariable } from "../variable.js";
import { exactNumbers, type FloatOperand, floatOperand, intOperand, type TensorLike } from "./operand.js";

/** Limits of int32. */
const [SMALLEST, LARGEST] = [-(2 ** 31), 2 ** 31 - 1];

/**
 * Copies `x`; no gradient flows through the copy.
 *
 * @param x - Numbers of any shape.
 * @returns Numbers of the shape of `x`.
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.stop_gradient](https://keras.io/api/ops/core/#stop_gradient-function)
 */
export function stopGradient(x: TensorLike): Tensor<"float32"> {
  checkCount("stopGradient", arguments.length, 1);
  const a = floatOperand("stopGradient", x);
  const y = allocate(a.shape);
  wasm().copy_values(a.address, a.size, y.address);
  return y;
}

/**
 * Converts to another element type. Floats are truncated towards 0; those beyond int32 become its smallest or largest number,
 * and NaN becomes 0, as in Keras on JAX. No gradient flows to or from int32.
 *
 * @param x - Numbers of any shape.
 * @param dtype - `"float32"` or `"int32"`.
 * @returns Numbers of the shape of `x`, of that type.
 * @throws TypeError (`ERR_VALUES_DTYPE`) for another type
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [keras.ops.cast](https://keras.io/api/ops/core/#cast-function)
 */
export function cast<D extends DType>(x: TensorLike, dtype: D): Tensor<D> {
  checkCount("cast", arguments.length, 2);
  if (dtype === "float32") {
    const a = floatOperand("cast", x);
    const y = allocate(a.shape);
    wasm().copy_values(a.address, a.size, y.address);
    return alike("cast", a, y) as Tensor<D>;
  }
  checkedDType("cast", dtype);
  const isWhole = isTensor(x) && x.dtype === "int32";
  const a = isWhole ? intOperand("cast", x) : isTensor(x) || isVariable(x) ? floatOperand("cast", x) : undefined;
  const { flat, shape } = a === undefined ? exactNumbers("cast", x as Values) : { flat: undefined, shape: a.shape };
  const y = allocate(shape, "int32");
  const from = flat ?? (a as Operand).numbers;
  const to = y.numbers;
  for (let i = 0; i < from.length; i++) to[i] = Math.max(SMALLEST, Math.min(LARGEST, from[i]!));
  return y as Tensor<D>;
}

/** A copy with the gradient of `x`, recorded. @internal */
export function alike(name: string, x: FloatOperand, copy: Tensor<"float32">): Tensor<"float32"> {
  return record(
    name,
    [x],
    copy,
    (dy, into) => into.pass(0, dy),
    ([t]) => t ?? null,
  );
}
