/**
 * Activation functions with arguments, as layers.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { elu, exp, leakyRelu, logsumexp, relu, softmax, subtract } from "../ops/index.js";
import { checkObject, finiteNumber, integer, isList, nonNegativeNumber, oneOrMore, refuseRange } from "../options.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** A layer whose output has its input's shape. */
abstract class Elementwise extends Layer {
  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }
}

/** Options of {@link ReLU}. */
export interface ReLUOptions extends LayerOptions {
  /** Upper bound of the output. Default: null, none. */
  readonly maxValue?: number | null | undefined;
  /** Slope below the threshold. Default: 0. */
  readonly negativeSlope?: number | undefined;
  /** The input at which the linear part begins. Default: 0. */
  readonly threshold?: number | undefined;
}

/**
 * Rectified linear unit: `x` above the threshold, `negativeSlope * (x - threshold)` below.
 *
 * @see [keras.layers.ReLU](https://keras.io/api/layers/activation_layers/relu/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * const layer = new layers.ReLU({ negativeSlope: 0.5, maxValue: 6 });
 * console.log(layer.apply([[-2, 3, 9]]).array()); // Float32Array [-1, 3, 6]
 * ```
 */
export class ReLU extends Elementwise {
  static override readonly className = "ReLU";
  /** @internal */
  static override readonly builtIn = true;
  /** Upper bound of the output; `null` for none. */
  readonly maxValue: number | null;
  /** Slope below the threshold. */
  readonly negativeSlope: number;
  /** Above it the output is the input. */
  readonly threshold: number;

  /**
   * Creates a rectified linear unit.
   *
   * @param options - {@link ReLUOptions}, or {@link ReLUOptions.maxValue}.
   * @param negativeSlope - {@link ReLUOptions.negativeSlope}, or the options.
   * @param threshold - {@link ReLUOptions.threshold}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    options?: ReLUOptions | ReLUOptions["maxValue"],
    negativeSlope?: ReLUOptions["negativeSlope"] | ReLUOptions,
    threshold?: ReLUOptions["threshold"] | ReLUOptions,
    others?: ReLUOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ReLUOptions>("ReLU", ["maxValue", "negativeSlope", "threshold"], given);
    super(options, ["maxValue", "negativeSlope", "threshold"]);
    try {
      const { maxValue = null, negativeSlope = 0, threshold = 0 } = options;
      this.maxValue = maxValue === null ? null : nonNegativeNumber(this.label, "maxValue", maxValue);
      this.negativeSlope = nonNegativeNumber(this.label, "negativeSlope", negativeSlope);
      this.threshold = nonNegativeNumber(this.label, "threshold", threshold);
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    const { maxValue, negativeSlope, threshold } = this;
    return relu(x, { maxValue, negativeSlope, threshold });
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    const { maxValue, negativeSlope, threshold } = this;
    return { ...super.getConfig(), max_value: maxValue, negative_slope: negativeSlope, threshold };
  }
}

/** Options of {@link LeakyReLU}. */
export interface LeakyReLUOptions extends LayerOptions {
  /** Slope below 0. Default: 0.3; that of the activation `"leaky_relu"` is 0.2. */
  readonly negativeSlope?: number | undefined;
}

/**
 * Leaky rectified linear unit: `x` above 0, `negativeSlope * x` below.
 *
 * @see [keras.layers.LeakyReLU](https://keras.io/api/layers/activation_layers/leaky_relu/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.LeakyReLU(0.5).apply([[-2, 3]]).array()); // Float32Array [-1, 3]
 * ```
 */
export class LeakyReLU extends Elementwise {
  static override readonly className = "LeakyReLU";
  /** @internal */
  static override readonly builtIn = true;
  /** Slope below 0. */
  readonly negativeSlope: number;

  /**
   * Creates a leaky rectified linear unit.
   *
   * @param options - {@link LeakyReLUOptions}, or {@link LeakyReLUOptions.negativeSlope}.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options?: LeakyReLUOptions | LeakyReLUOptions["negativeSlope"], others?: LeakyReLUOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<LeakyReLUOptions>("LeakyReLU", ["negativeSlope"], given);
    super(options, ["negativeSlope"]);
    try {
      this.negativeSlope = nonNegativeNumber(this.label, "negativeSlope", options.negativeSlope ?? 0.3);
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    return leakyRelu(x, this.negativeSlope);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), negative_slope: this.negativeSlope };
  }
}

/** Options of {@link ELU}. */
export interface ELUOptions extends LayerOptions {
  /** The negated limit for very negative values. Default: 1. */
  readonly alpha?: number | undefined;
}

/**
 * Exponential linear unit: `x` above 0, `alpha * (exp(x) - 1)` below.
 *
 * @see [keras.layers.ELU](https://keras.io/api/layers/activation_layers/elu/),
 * [Clevert et al. 2015](https://arxiv.org/abs/1511.07289)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.ELU().apply([[-1000, 3]]).array()); // Float32Array [-1, 3]
 * ```
 */
export class ELU extends Elementwise {
  static override readonly className = "ELU";
  /** @internal */
  static override readonly builtIn = true;
  /** The negated limit for very negative values. */
  readonly alpha: number;

  /**
   * Creates an exponential linear unit.
   *
   * @param options - {@link ELUOptions}, or {@link ELUOptions.alpha}.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options?: ELUOptions | ELUOptions["alpha"], others?: ELUOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<ELUOptions>("ELU", ["alpha"], given);
    super(options, ["alpha"]);
    try {
      this.alpha = finiteNumber(this.label, "alpha", options.alpha ?? 1);
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    return elu(x, this.alpha);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), alpha: this.alpha };
  }
}

/** Options of {@link Softmax}. */
export interface SoftmaxOptions extends LayerOptions {
  /** The axis or axes over which the outputs add up to 1. Default: -1. */
  readonly axis?: number | readonly number[] | undefined;
}

/**
 * Softmax: `exp(x)` divided by its sum along an axis, or over several. The outputs are probabilities.
 *
 * @see [keras.layers.Softmax](https://keras.io/api/layers/activation_layers/softmax/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Softmax().apply([[1, 1]]).array()); // Float32Array [0.5, 0.5]
 * ```
 */
export class Softmax extends Elementwise {
  static override readonly className = "Softmax";
  /** @internal */
  static override readonly builtIn = true;
  /** The axis or axes over which the outputs add up to 1. */
  readonly axis: number | readonly number[];

  /**
   * Creates a softmax along an axis.
   *
   * @param options - {@link SoftmaxOptions}, or {@link SoftmaxOptions.axis}.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options?: SoftmaxOptions | SoftmaxOptions["axis"], others?: SoftmaxOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SoftmaxOptions>("Softmax", ["axis"], given);
    super(options, ["axis"]);
    try {
      const axes = oneOrMore(options.axis ?? -1).map((axis) => {
        return integer(this.label, "axis", axis, Number.MIN_SAFE_INTEGER);
      });
      if (axes.length === 0) refuseRange(this.label, "axis", "a number, or a list of one or more", options.axis);
      this.axis = axes.length > 1 ? axes : axes[0]!;
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    const { axis } = this;
    if (typeof axis === "number") return softmax(x, axis);
    return exp(subtract(x, logsumexp(x, { axis, keepdims: true })));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: isList(this.axis) ? [...this.axis] : this.axis };
  }
}
