/**
 * Constraints on norms and signs.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { argumentName } from "../keras-names.js";
import { add, clip, divide, less, maximum, multiply, sqrt, where } from "../ops/index.js";
import { scaleDown, squaresOf } from "../ops/unit-vectors.js";
import {
  checkCount,
  checkKnownOptions,
  checkMethod,
  checkObject,
  FRACTION,
  integer,
  isList,
  nonNegativeNumber,
  numberIn,
  oneOrMore,
  refuseRange,
} from "../options.js";
import type { Tensor } from "../tensor.js";
import { Constraint } from "./constraint.js";

/** Keras's `backend.epsilon()`. */
const EPSILON = 1e-7;

/** One axis, or several. */
export type Axes = number | readonly number[];

/** Option of constraints on norms. */
export interface AxisOptions {
  /**
   * The axis, or axes, along which norms are taken. Default: 0, the input weights of each unit of a dense layer. For a
   * convolution kernel, pass `[0, 1, 2]`.
   */
  readonly axis?: Axes | undefined;
}

/** Options of {@link MaxNorm}. */
export interface MaxNormOptions extends AxisOptions {
  /** Largest norm, 0 or above. Default: 2. */
  readonly maxValue?: number | undefined;
}

/** Options of {@link MinMaxNorm}. */
export interface MinMaxNormOptions extends AxisOptions {
  /** Smallest norm, 0 or above. Default: 0. */
  readonly minValue?: number | undefined;
  /** Largest norm, 0 or above. Default: 1. */
  readonly maxValue?: number | undefined;
  /** Fraction of the way to the limit per update, 0 to 1. Default: 1. */
  readonly rate?: number | undefined;
}

/**
 * Scales weights down where their norm is above `maxValue`.
 *
 * @see [Keras: MaxNorm](https://keras.io/api/layers/constraints/#maxnorm-class)
 * @example
 * ```ts
 * import { constraints, tensor } from "gradstep";
 *
 * console.log(new constraints.MaxNorm(1).call(tensor([[3], [4]])).array()); // about [0.6, 0.8]
 * ```
 */
export class MaxNorm extends Constraint {
  static override readonly className = "MaxNorm";
  /** Largest norm. */
  readonly maxValue: number;
  /** Axes along which norms are computed. */
  readonly axis: Axes;

  /**
   * Limits norms to `maxValue`.
   *
   * @param options - The largest norm, or `{ maxValue, axis }`.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: MaxNormOptions | MaxNormOptions["maxValue"],
    axis?: MaxNormOptions["axis"] | MaxNormOptions,
    others?: MaxNormOptions,
  );
  constructor(...given: unknown[]) {
    super();
    const options = placedOptions<MaxNormOptions>("MaxNorm", ["maxValue", "axis"], given);
    checkKnownOptions("MaxNorm", options, ["maxValue", "axis"]);
    const { maxValue = 2, axis = 0 } = options;
    this.maxValue = nonNegativeNumber("MaxNorm", "maxValue", maxValue);
    this.axis = checkedAxes("MaxNorm", axis);
  }

  call(w: Operand): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    const limited = (norms: Tensor<"float32">) => clip(norms, 0, this.maxValue);
    return byNorm(
      w,
      this.axis,
      (norms) => multiply(w, divide(limited(norms), add(norms, EPSILON))),
      (unit, norms) => multiply(unit, limited(norms)),
    );
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { max_value: this.maxValue, axis: this.axis };
  }
}

/**
 * Sets negative weights to 0.
 *
 * @throws ValueError ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: NonNeg](https://keras.io/api/layers/constraints/#nonneg-class)
 * @example
 * ```ts
 * import { constraints, tensor } from "gradstep";
 *
 * console.log(new constraints.NonNeg().call(tensor([-1, 2])).array()); // Float32Array [0, 2]
 * ```
 */
export class NonNeg extends Constraint {
  static override readonly className = "NonNeg";

  constructor(options: Readonly<Record<string, never>> = {}) {
    checkCount("NonNeg", arguments.length, 1);
    super();
    checkKnownOptions("NonNeg", options, []);
  }

  call(w: Operand): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    return maximum(w, 0);
  }
}

/**
 * Scales weights so that their norms are 1.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: UnitNorm](https://keras.io/api/layers/constraints/#unitnorm-class)
 * @example
 * ```ts
 * import { constraints, tensor } from "gradstep";
 *
 * console.log(new constraints.UnitNorm().call(tensor([[3], [4]])).array()); // about [0.6, 0.8]
 * ```
 */
export class UnitNorm extends Constraint {
  static override readonly className = "UnitNorm";
  /** Axes along which norms are computed. */
  readonly axis: Axes;

  constructor(options?: AxisOptions | AxisOptions["axis"], others?: AxisOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<AxisOptions>("UnitNorm", ["axis"], given);
    super();
    checkKnownOptions("UnitNorm", options, ["axis"]);
    this.axis = checkedAxes("UnitNorm", options.axis ?? 0);
  }

  call(w: Operand): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    return byNorm(
      w,
      this.axis,
      (norms) => divide(w, add(norms, EPSILON)),
      (unit) => unit,
    );
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { axis: this.axis };
  }
}

/**
 * Scales weights so that their norms are between `minValue` and `maxValue`.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: MinMaxNorm](https://keras.io/api/layers/constraints/#minmaxnorm-class)
 * @example
 * ```ts
 * import { constraints, tensor } from "gradstep";
 *
 * const constraint = new constraints.MinMaxNorm({ minValue: 1, maxValue: 2 });
 * console.log(constraint.call(tensor([[3], [4]])).array()); // about [1.2, 1.6]
 * ```
 */
export class MinMaxNorm extends Constraint {
  static override readonly className = "MinMaxNorm";
  /** Smallest norm. */
  readonly minValue: number;
  /** Largest norm. */
  readonly maxValue: number;
  /** Fraction of the way to the limit per update. */
  readonly rate: number;
  /** Axes along which norms are computed. */
  readonly axis: Axes;

  constructor(
    options?: MinMaxNormOptions | MinMaxNormOptions["minValue"],
    maxValue?: MinMaxNormOptions["maxValue"] | MinMaxNormOptions,
    rate?: MinMaxNormOptions["rate"] | MinMaxNormOptions,
    axis?: MinMaxNormOptions["axis"] | MinMaxNormOptions,
    others?: MinMaxNormOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<MinMaxNormOptions>("MinMaxNorm", ["minValue", "maxValue", "rate", "axis"], given);
    super();
    checkKnownOptions("MinMaxNorm", options, ["minValue", "maxValue", "rate", "axis"]);
    this.minValue = nonNegativeNumber("MinMaxNorm", "minValue", options.minValue ?? 0);
    this.maxValue = nonNegativeNumber("MinMaxNorm", "maxValue", options.maxValue ?? 1);
    if (this.minValue > this.maxValue) {
      refuseRange(
        "MinMaxNorm",
        "minValue",
        `${this.maxValue}, which is "${argumentName("maxValue")}", or below`,
        this.minValue,
      );
    }
    this.rate = numberIn("MinMaxNorm", "rate", options.rate ?? 1, FRACTION);
    this.axis = checkedAxes("MinMaxNorm", options.axis ?? 0);
  }

  call(w: Operand): Tensor<"float32"> {
    checkMethod(this, "call", arguments.length, 1);
    const { minValue, maxValue, rate } = this;
    const limited = (norms: Tensor<"float32">) => multiply(clip(norms, minValue, maxValue), rate);
    return byNorm(
      w,
      this.axis,
      (norms) => multiply(w, divide(add(limited(norms), multiply(norms, 1 - rate)), add(norms, EPSILON))),
      (unit, norms) => add(multiply(unit, limited(norms)), multiply(w, 1 - rate)),
    );
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    return { min_value: this.minValue, max_value: this.maxValue, rate: this.rate, axis: this.axis };
  }
}

/**
 * Keras's formula, of the norms. Where a square overflows, another formula of the vectors scaled to length 1 and of
 * norms that may be infinite: epsilon is negligible there.
 */
function byNorm(
  w: Operand,
  axis: Axes,
  plain: (norms: Tensor<"float32">) => Tensor<"float32">,
  large: (unit: Tensor<"float32">, norms: Tensor<"float32">) => Tensor<"float32">,
): Tensor<"float32"> {
  const squares = squaresOf(w, axis);
  const scale = scaleDown(w, squares, axis);
  if (scale === undefined) return plain(sqrt(squares));
  const smaller = multiply(w, scale);
  const norms = sqrt(squaresOf(smaller, axis));
  return where(less(scale, 1), large(divide(smaller, norms), divide(norms, scale)), plain(sqrt(squares)));
}

function checkedAxes(owner: string, axis: unknown): Axes {
  const checked = (one: unknown) => integer(owner, "axis", one, Number.MIN_SAFE_INTEGER);
  return isList(axis) ? oneOrMore(axis).map(checked) : checked(axis);
}
