/**
 * DAdaptAdam. Kernel: `crates/core/src/optimizers/dadapt_adam.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE, POSITIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link DAdaptAdam}. */
export interface DAdaptAdamOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Added to the root of the second moment; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
  /** Initial estimate; above 0, and below any sensible rate. Default: 1e-6. */
  readonly d0?: number | undefined;
  /** Whether the rate has Adam's bias correction. Default: false. */
  readonly useBiasCorrection?: boolean | undefined;
}

/**
 * DAdaptAdam (Defazio and Mishchenko 2023): Adam that needs no learning rate. It estimates the distance from the
 * initial weights to the solution, and multiplies its steps by this distance.
 *
 * @remarks
 * State: three slots, and two numbers shared by all variables: the estimate as a multiple of `d0`, and its numerator.
 * Try `Prodigy` first, whose estimate grows faster; DAdaptAdam is more cautious. Leave `learningRate` at 1, or pass a
 * schedule that ends at 0, such as `CosineDecay`. Weight decay is the
 * package's: `w -= w * weightDecay * d * learningRate`.
 *
 * Example: `new DAdaptAdam({ weightDecay: 0.01 })`.
 *
 * @see [Defazio and Mishchenko 2023](https://arxiv.org/abs/2301.07733)
 *
 * @example
 * ```ts
 * import { DAdaptAdam, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer = new DAdaptAdam();
 * for (let step = 0; step < 500; step++) optimizer.applyGradients([[w.value, w]]); // the gradient of w² / 2
 * console.log(Math.abs(w.array()[0] as number) < 0.1); // true
 * ```
 */
export class DAdaptAdam extends Optimizer<DAdaptAdamOptions> {
  static override readonly className: string = "DAdaptAdam";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the second moment. */
  declare readonly epsilon: number;
  /** Initial estimate. */
  declare readonly d0: number;
  /** Whether the rate has Adam's bias correction. */
  declare readonly useBiasCorrection: boolean;

  /**
   * DAdaptAdam (Defazio and Mishchenko 2023): Adam that needs no learning rate. It estimates the distance from the
   * initial weights to the solution, and multiplies its steps by this distance.
   *
   * @param options - `learningRate` is 1 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: DAdaptAdamOptions | DAdaptAdamOptions["learningRate"],
    beta1?: DAdaptAdamOptions["beta1"] | DAdaptAdamOptions,
    beta2?: DAdaptAdamOptions["beta2"] | DAdaptAdamOptions,
    epsilon?: DAdaptAdamOptions["epsilon"] | DAdaptAdamOptions,
    d0?: DAdaptAdamOptions["d0"] | DAdaptAdamOptions,
    useBiasCorrection?: DAdaptAdamOptions["useBiasCorrection"] | DAdaptAdamOptions,
    weightDecay?: DAdaptAdamOptions["weightDecay"] | DAdaptAdamOptions,
    others?: DAdaptAdamOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<DAdaptAdamOptions>(
      "DAdaptAdam",
      ["learningRate", "beta1", "beta2", "epsilon", "d0", "useBiasCorrection", "weightDecay"],
      given,
    );
    super(
      {
        className: "DAdaptAdam",
        rule: "dadapt_adam",
        learningRate: 1,
        defaults: {
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-8,
          d0: 1e-6,
          useBiasCorrection: false,
        },
        ranges: {
          beta1: DECAY,
          beta2: DECAY,
          epsilon: NON_NEGATIVE,
          d0: POSITIVE,
        },
      },
      options,
    );
  }
}
