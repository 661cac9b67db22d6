/**
 * Constraints on norms and signs.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { add, clip, divide, less, maximum, multiply, sqrt, where } from "../ops/index.js";
import { scaleDown, squaresOf } from "../ops/unit-vectors.js";
import {
  checkCount,
  checkKnownOptions,
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
   * The axis, or axes, along which norms are taken. Default: 0, the weights that come into one unit of a dense
   * layer; for a convolution kernel, `[0, 1, 2]`.
   */
  readonly axis?: Axes | undefined;
}

/** Options of {@link MaxNorm}. */
export interface MaxNormOptions extends AxisOptions {
  /** Default: 2. */
  readonly maxValue?: number | undefined;
}

/** Options of {@link MinMaxNorm}. */
export interface MinMaxNormOptions extends AxisOptions {
  /** Default: 0. */
  readonly minValue?: number | undefined;
  /** Default: 1. */
  readonly maxValue?: number | undefined;
  /** How far each update goes towards the limit, 0 to 1. Default: 1. */
  readonly rate?: number | undefined;
}

/**
 * Norms up to `maxValue`.
 *
 * @example
 * ```ts
 * import { constraints, tensor } from "gradstep";
 *
 * console.log(new constraints.MaxNorm(1).call(tensor([[3], [4]])).array()); // about [0.6, 0.8]
 * ```
 */
export class MaxNorm extends Constraint {
  static override readonly className = "MaxNorm";
  readonly maxValue: number;
  readonly axis: Axes;

  /**
   * Norms up to `maxValue`.
   *
   * @param options - The largest norm, or `{ maxValue, axis }`.
   * @throws ValueError, TypeError
   */
  constructor(
    options?: number | MaxNormOptions | number | MaxNormOptions["maxValue"],
    axis?: number | MaxNormOptions["axis"] | Partial<number | MaxNormOptions>,
    others?: Partial<number | MaxNormOptions>,
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
    checkCount("call", arguments.length, 1);
    const limited = (norms: Tensor<"float32">) => clip(norms, 0, this.maxValue);
    return byNorm(
      w,
      this.axis,
      (norms) => multiply(w, divide(limited(norms), add(norms, EPSILON))),
      (unit, norms) => multiply(unit, limited(norms)),
    );
  }

  override getConfig(): Config {
    return { max_value: this.maxValue, axis: this.axis };
  }
}

/**
 * No weight below 0.
 *
 * @throws ValueError, TypeError
 */
export class NonNeg extends Constraint {
  static override readonly className = "NonNeg";

  constructor(options: Readonly<Record<string, never>> = {}) {
    checkCount("NonNeg", arguments.length, 1);
    super();
    checkKnownOptions("NonNeg", options, []);
  }

  call(w: Operand): Tensor<"float32"> {
    checkCount("call", arguments.length, 1);
    return maximum(w, 0);
  }
}

/**
 * Norms of 1.
 *
 * @throws ValueError, TypeError
 */
export class UnitNorm extends Constraint {
  static override readonly className = "UnitNorm";
  readonly axis: Axes;

  constructor(options?: AxisOptions | AxisOptions["axis"], others?: AxisOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<AxisOptions>("UnitNorm", ["axis"], given);
    super();
    checkKnownOptions("UnitNorm", options, ["axis"]);
    this.axis = checkedAxes("UnitNorm", options.axis ?? 0);
  }

  call(w: Operand): Tensor<"float32"> {
    checkCount("call", arguments.length, 1);
    return byNorm(
      w,
      this.axis,
      (norms) => divide(w, add(norms, EPSILON)),
      (unit) => unit,
    );
  }

  override getConfig(): Config {
    return { axis: this.axis };
  }
}

/**
 * Norms from `minValue` to `maxValue`.
 *
 * @throws ValueError, TypeError
 */
export class MinMaxNorm extends Constraint {
  static override readonly className = "MinMaxNorm";
  readonly minValue: number;
  readonly maxValue: number;
  readonly rate: number;
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
      refuseRange("MinMaxNorm", "minValue", `${this.maxValue}, which is "maxValue", or below`, this.minValue);
    }
    this.rate = numberIn("MinMaxNorm", "rate", options.rate ?? 1, FRACTION);
    this.axis = checkedAxes("MinMaxNorm", options.axis ?? 0);
  }

  call(w: Operand): Tensor<"float32"> {
    checkCount("call", arguments.length, 1);
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
    return { min_value: this.minValue, max_value: this.maxValue, rate: this.rate, axis: this.axis };
  }
}

/**
 * Keras's formula, of the norms; the other one where a square overflows in between, of the vectors scaled to length 1
 * and of norms that may be infinite: epsilon is nothing beside those.
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
