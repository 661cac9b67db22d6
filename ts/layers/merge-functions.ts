/**
 * Merging layers as functions, as in Keras: `add([a, b])` is `new Add().apply([a, b])`.
 *
 * @module
 */

import type { TensorLike } from "../ops/operand.js";
import { checkCount } from "../options.js";
import type { Tensor } from "../tensor.js";
import { Concatenate, type ConcatenateOptions } from "./concatenate.js";
import type { SymbolicTensor } from "./layer.js";
import { Add, Average, Maximum, Minimum, Multiply, Subtract } from "./merging.js";
import type { LayerOptions } from "./options.js";

/** Symbolic tensors, or tensors. */
type Inputs = readonly SymbolicTensor[] | readonly TensorLike[];

/**
 * Like a new {@link Add}: sums inputs element by element.
 *
 * @param inputs - Two symbolic tensors or tensors, or more, with the batch axis.
 * @param options - {@link LayerOptions}.
 * @returns The merged inputs, in their broadcast shape: a symbolic tensor for symbolic inputs, otherwise a tensor.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_UNKNOWN`) for inputs that do not fit together, and for
 * other options
 * @see [keras.layers.add](https://keras.io/api/layers/merging_layers/add/)
 */
export function add(inputs: readonly SymbolicTensor[], options?: LayerOptions): SymbolicTensor;
export function add(inputs: readonly TensorLike[], options?: LayerOptions): Tensor<"float32">;
export function add(inputs: Inputs, options: LayerOptions = {}): SymbolicTensor | Tensor<"float32"> {
  checkCount("add", arguments.length, 2);
  return new Add(options).apply(inputs as readonly SymbolicTensor[]);
}

/**
 * Like a new {@link Average}: averages inputs element by element.
 *
 * @param inputs - Two symbolic tensors or tensors, or more, with the batch axis.
 * @param options - {@link LayerOptions}.
 * @returns The merged inputs, in their broadcast shape: a symbolic tensor for symbolic inputs, otherwise a tensor.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_UNKNOWN`) for inputs that do not fit together, and for
 * other options
 * @see [keras.layers.average](https://keras.io/api/layers/merging_layers/average/)
 */
export function average(inputs: readonly SymbolicTensor[], options?: LayerOptions): SymbolicTensor;
export function average(inputs: readonly TensorLike[], options?: LayerOptions): Tensor<"float32">;
export function average(inputs: Inputs, options: LayerOptions = {}): SymbolicTensor | Tensor<"float32"> {
  checkCount("average", arguments.length, 2);
  return new Average(options).apply(inputs as readonly SymbolicTensor[]);
}

/**
 * Like a new {@link Maximum}: takes the largest of the inputs element by element.
 *
 * @param inputs - Two symbolic tensors or tensors, or more, with the batch axis.
 * @param options - {@link LayerOptions}.
 * @returns The merged inputs, in their broadcast shape: a symbolic tensor for symbolic inputs, otherwise a tensor.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_UNKNOWN`) for inputs that do not fit together, and for
 * other options
 * @see [keras.layers.maximum](https://keras.io/api/layers/merging_layers/maximum/)
 */
export function maximum(inputs: readonly SymbolicTensor[], options?: LayerOptions): SymbolicTensor;
export function maximum(inputs: readonly TensorLike[], options?: LayerOptions): Tensor<"float32">;
export function maximum(inputs: Inputs, options: LayerOptions = {}): SymbolicTensor | Tensor<"float32"> {
  checkCount("maximum", arguments.length, 2);
  return new Maximum(options).apply(inputs as readonly SymbolicTensor[]);
}

/**
 * Like a new {@link Minimum}: takes the smallest of the inputs element by element.
 *
 * @param inputs - Two symbolic tensors or tensors, or more, with the batch axis.
 * @param options - {@link LayerOptions}.
 * @returns The merged inputs, in their broadcast shape: a symbolic tensor for symbolic inputs, otherwise a tensor.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_UNKNOWN`) for inputs that do not fit together, and for
 * other options
 * @see [keras.layers.minimum](https://keras.io/api/layers/merging_layers/minimum/)
 */
export function minimum(inputs: readonly SymbolicTensor[], options?: LayerOptions): SymbolicTensor;
export function minimum(inputs: readonly TensorLike[], options?: LayerOptions): Tensor<"float32">;
export function minimum(inputs: Inputs, options: LayerOptions = {}): SymbolicTensor | Tensor<"float32"> {
  checkCount("minimum", arguments.length, 2);
  return new Minimum(options).apply(inputs as readonly SymbolicTensor[]);
}

/**
 * Like a new {@link Multiply}: multiplies inputs element by element.
 *
 * @param inputs - Two symbolic tensors or tensors, or more, with the batch axis.
 * @param options - {@link LayerOptions}.
 * @returns The merged inputs, in their broadcast shape: a symbolic tensor for symbolic inputs, otherwise a tensor.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_UNKNOWN`) for inputs that do not fit together, and for
 * other options
 * @see [keras.layers.multiply](https://keras.io/api/layers/merging_layers/multiply/)
 */
export function multiply(inputs: readonly SymbolicTensor[], options?: LayerOptions): SymbolicTensor;
export function multiply(inputs: readonly TensorLike[], options?: LayerOptions): Tensor<"float32">;
export function multiply(inputs: Inputs, options: LayerOptions = {}): SymbolicTensor | Tensor<"float32"> {
  checkCount("multiply", arguments.length, 2);
  return new Multiply(options).apply(inputs as readonly SymbolicTensor[]);
}

/**
 * Like a new {@link Subtract}: subtracts the second of two inputs from the first.
 *
 * @param inputs - Two symbolic tensors or tensors, with the batch axis.
 * @param options - {@link LayerOptions}.
 * @returns The merged inputs, in their broadcast shape: a symbolic tensor for symbolic inputs, otherwise a tensor.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_UNKNOWN`) for inputs that do not fit together, and for
 * other options
 * @see [keras.layers.subtract](https://keras.io/api/layers/merging_layers/subtract/)
 */
export function subtract(inputs: readonly SymbolicTensor[], options?: LayerOptions): SymbolicTensor;
export function subtract(inputs: readonly TensorLike[], options?: LayerOptions): Tensor<"float32">;
export function subtract(inputs: Inputs, options: LayerOptions = {}): SymbolicTensor | Tensor<"float32"> {
  checkCount("subtract", arguments.length, 2);
  return new Subtract(options).apply(inputs as readonly SymbolicTensor[]);
}

/**
 * Like a new {@link Concatenate}: joins inputs along an axis.
 *
 * @param inputs - Two symbolic tensors or tensors, or more, with the batch axis.
 * @param axis - {@link ConcatenateOptions.axis}, or {@link ConcatenateOptions}.
 * @returns The joined inputs, in their shape except along the axis: a symbolic tensor for symbolic inputs, otherwise a tensor.
 * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_UNKNOWN`) for inputs that do not fit together, and for
 * other options
 * @see [keras.layers.concatenate](https://keras.io/api/layers/merging_layers/concatenate/)
 */
export function concatenate(inputs: readonly SymbolicTensor[], axis?: ConcatenateOptions | number): SymbolicTensor;
export function concatenate(inputs: readonly TensorLike[], axis?: ConcatenateOptions | number): Tensor<"float32">;
export function concatenate(
  inputs: Inputs,
  axis: ConcatenateOptions | number = {},
): SymbolicTensor | Tensor<"float32"> {
  checkCount("concatenate", arguments.length, 2);
  return new Concatenate(axis).apply(inputs as readonly SymbolicTensor[]);
}
