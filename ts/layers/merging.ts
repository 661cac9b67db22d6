/**
 * Layers that combine their inputs element by element.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { add, divide, maximum, minimum, multiply, subtract } from "../ops/index.js";
import { checkCount } from "../options.js";
import type { Tensor } from "../tensor.js";
import { MergeLayer } from "./merge-layer.js";
import type { LayerOptions } from "./options.js";

/**
 * Adds its inputs, element by element.
 *
 * @see [keras.layers.Add](https://keras.io/api/layers/merging_layers/add/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Add().apply([[[1, 2]], [[10, 20]]]).array()); // Float32Array [11, 22]
 * ```
 */
export class Add extends MergeLayer {
  static override readonly className: string = "Add";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that adds its inputs.
   *
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options: LayerOptions = {}) {
    checkCount("Add", arguments.length, 1);
    super(options);
  }

  /** @internal */
  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return add(a, b);
  }
}

/**
 * Subtracts the second input from the first, element by element.
 *
 * @see [keras.layers.Subtract](https://keras.io/api/layers/merging_layers/subtract/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Subtract();
 * console.log(layer.apply([[[1, 20]], [[10, 2]]]).array()); // Float32Array [-9, 18]
 * ```
 */
export class Subtract extends MergeLayer {
  static override readonly className = "Subtract";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that subtracts its second input from the first.
   *
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options: LayerOptions = {}) {
    checkCount("Subtract", arguments.length, 1);
    super(options, 2);
  }

  /** @internal */
  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return subtract(a, b);
  }
}

/**
 * Multiplies its inputs, element by element.
 *
 * @see [keras.layers.Multiply](https://keras.io/api/layers/merging_layers/multiply/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Multiply();
 * console.log(layer.apply([[[1, 20]], [[10, 2]]]).array()); // Float32Array [10, 40]
 * ```
 */
export class Multiply extends MergeLayer {
  static override readonly className = "Multiply";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that multiplies its inputs.
   *
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options: LayerOptions = {}) {
    checkCount("Multiply", arguments.length, 1);
    super(options);
  }

  /** @internal */
  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return multiply(a, b);
  }
}

/**
 * Averages its inputs, element by element.
 *
 * @see [keras.layers.Average](https://keras.io/api/layers/merging_layers/average/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Average();
 * console.log(layer.apply([[[1, 20]], [[10, 2]]]).array()); // Float32Array [5.5, 11]
 * ```
 */
export class Average extends Add {
  static override readonly className = "Average";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that averages its inputs.
   *
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options: LayerOptions = {}) {
    checkCount("Average", arguments.length, 1);
    super(options);
  }

  override call(inputs: readonly Operand[]): Tensor<"float32"> {
    return divide(super.call(inputs), inputs.length);
  }
}

/**
 * Takes the largest of its inputs, element by element.
 *
 * @see [keras.layers.Maximum](https://keras.io/api/layers/merging_layers/maximum/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Maximum();
 * console.log(layer.apply([[[1, 20]], [[10, 2]]]).array()); // Float32Array [10, 20]
 * ```
 */
export class Maximum extends MergeLayer {
  static override readonly className = "Maximum";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that takes the largest of its inputs.
   *
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options: LayerOptions = {}) {
    checkCount("Maximum", arguments.length, 1);
    super(options);
  }

  /** @internal */
  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return maximum(a, b);
  }
}

/**
 * Takes the smallest of its inputs, element by element.
 *
 * @see [keras.layers.Minimum](https://keras.io/api/layers/merging_layers/minimum/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.Minimum();
 * console.log(layer.apply([[[1, 20]], [[10, 2]]]).array()); // Float32Array [1, 2]
 * ```
 */
export class Minimum extends MergeLayer {
  static override readonly className = "Minimum";
  /** @internal */
  static override readonly builtIn = true;

  /**
   * Creates a layer that takes the smallest of its inputs.
   *
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options: LayerOptions = {}) {
    checkCount("Minimum", arguments.length, 1);
    super(options);
  }

  /** @internal */
  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return minimum(a, b);
  }
}
