/**
 * What losses are given, as tensors.
 *
 * @module
 */

import { allocate, type Operand } from "../autodiff/arena.js";
import { cast } from "../ops/control.js";
import { floatOperand, type TensorLike } from "../ops/operand.js";
import type { Shape } from "../shape.js";
import { isTensor, Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import { isVariable } from "../variable.js";

/** Tensors and variables as they are, numbers as float32. @internal */
export function asOperand(owner: string, x: TensorLike): Operand {
  return isTensor(x) || isVariable(x) ? x : floatOperand(owner, x);
}

/** A float32 tensor, whatever it was: what functions of the user's get. @internal */
export function floatTensor(owner: string, x: TensorLike): Tensor<"float32"> {
  const operand = floatOperand(owner, x);
  return operand instanceof Tensor ? operand : cast(operand, "float32");
}

/** Numbers as a tensor of the running step. `data` is no view of WebAssembly memory. @internal */
export function constant<D extends DType>(data: ArrayLike<number>, shape: Shape, dtype: D): Tensor<D> {
  const tensor = allocate(shape, dtype);
  (tensor.numbers as Float32Array).set(data);
  return tensor;
}
