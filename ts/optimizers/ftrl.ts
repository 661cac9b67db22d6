/**
 * Follow the regularized leader. Kernel: `crates/core/src/optimizers/ftrl.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Ftrl}. */
export interface FtrlOptions extends OptimizerOptions {
  /** Exponent of the sum of squared gradients by which steps shrink; 0 or below, 0 for none. Default: -0.5. */
  readonly learningRatePower?: Scheduled | undefined;
  /** Initial sum of squared gradients; 0 or above. At 0, an element does not change until its first gradient. Default: 0.1. */
  readonly initialAccumulatorValue?: number | undefined;
  /** Pulls small weights to exactly 0; 0 or above. Default: 0. */
  readonly l1RegularizationStrength?: Scheduled | undefined;
  /** Penalty on the square of the weights, 0 or above. Default: 0. */
  readonly l2RegularizationStrength?: Scheduled | undefined;
  /** Like L2, but applied only to the gradient, not to the sum of its squares; 0 or above. Default: 0. */
  readonly l2ShrinkageRegularizationStrength?: Scheduled | undefined;
  /** Added to the L2 strength as `beta / (2 * learningRate)`: the paper's beta. Default: 0. */
  readonly beta?: Scheduled | undefined;
}

/** Own arguments with Keras's defaults. */
const DEFAULTS = {
  learningRatePower: -0.5,
  initialAccumulatorValue: 0.1,
  l1RegularizationStrength: 0,
  l2RegularizationStrength: 0,
  l2ShrinkageRegularizationStrength: 0,
  beta: 0,
} as const;

const RANGES = {
  learningRatePower: { most: 0 },
  initialAccumulatorValue: NON_NEGATIVE,
  l1RegularizationStrength: NON_NEGATIVE,
  l2RegularizationStrength: NON_NEGATIVE,
  l2ShrinkageRegularizationStrength: NON_NEGATIVE,
  beta: NON_NEGATIVE,
};

/**
 * "Follow the regularized leader" (McMahan et al. 2013), for sparse models: `l1RegularizationStrength` makes
 * weights exactly 0. Weights are computed from the sum of gradients, so the first step can be large.
 *
 * @remarks
 * State: two slots. Use it for linear models with many sparse features: `l1RegularizationStrength` makes weights
 * exactly 0. The first step can be large.
 *
 * Example: `new Ftrl({ learningRate: 0.05, l1RegularizationStrength: 0.001 })`.
 *
 * @see [McMahan et al. 2013](https://research.google/pubs/pub41159/)
 *
 * @example
 * ```ts
 * import { Ftrl, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Ftrl({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.222, 1.395, 2.365, 2.881]
 * ```
 */
export class Ftrl extends Optimizer<FtrlOptions> {
  static override readonly className: string = "Ftrl";
  /** Power by which steps shrink with the sum of squared gradients. */
  declare readonly learningRatePower: number;
  /** Initial sum of squared gradients. */
  declare readonly initialAccumulatorValue: number;
  /** L1 regularization. */
  declare readonly l1RegularizationStrength: number;
  /** L2 regularization. */
  declare readonly l2RegularizationStrength: number;
  /** L2 shrinkage, on the gradient only. */
  declare readonly l2ShrinkageRegularizationStrength: number;
  /** The paper's beta. */
  declare readonly beta: number;

  /**
   * "Follow the regularized leader" (McMahan et al. 2013), for sparse models.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: FtrlOptions | FtrlOptions["learningRate"],
    learningRatePower?: FtrlOptions["learningRatePower"] | FtrlOptions,
    initialAccumulatorValue?: FtrlOptions["initialAccumulatorValue"] | FtrlOptions,
    l1RegularizationStrength?: FtrlOptions["l1RegularizationStrength"] | FtrlOptions,
    l2RegularizationStrength?: FtrlOptions["l2RegularizationStrength"] | FtrlOptions,
    l2ShrinkageRegularizationStrength?: FtrlOptions["l2ShrinkageRegularizationStrength"] | FtrlOptions,
    beta?: FtrlOptions["beta"] | FtrlOptions,
    weightDecay?: FtrlOptions["weightDecay"] | FtrlOptions,
    others?: FtrlOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<FtrlOptions>(
      "Ftrl",
      [
        "learningRate",
        "learningRatePower",
        "initialAccumulatorValue",
        "l1RegularizationStrength",
        "l2RegularizationStrength",
        "l2ShrinkageRegularizationStrength",
        "beta",
        "weightDecay",
      ],
      given,
    );
    super({ className: "Ftrl", rule: "ftrl", learningRate: 0.001, defaults: DEFAULTS, ranges: RANGES }, options);
  }
}
