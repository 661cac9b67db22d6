/**
 * Prodigy. Kernel: `crates/core/src/optimizers/prodigy.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE, POSITIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Prodigy}. */
export interface ProdigyOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Decay of the sums of the estimate; 0 or above, and below 1. Default: `null`, the square root of `beta2`. */
  readonly beta3?: Scheduled | null | undefined;
  /** Added to the root of the second moment, times the estimate; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
  /** Initial estimate; above 0, and below any sensible rate. Default: 1e-6. */
  readonly d0?: number | undefined;
  /** Factor of the estimate, the number to tune; above 0. Default: 1. */
  readonly dCoef?: Scheduled | undefined;
  /** Whether the rate has Adam's bias correction. Default: false. */
  readonly useBiasCorrection?: boolean | undefined;
}

/**
 * Prodigy (Mishchenko and Defazio 2023): Adam that needs no learning rate. It estimates the distance from the initial
 * weights to the solution, and multiplies its steps by this distance.
 *
 * @remarks
 * State: four slots, and two numbers shared by all variables: the estimate as a multiple of `d0`, and its numerator.
 * Use it when there is
 * no time to search for a rate. Leave `learningRate` at 1, or pass a schedule that ends at 0, such as `CosineDecay`. Weight decay is the
 * package's: `w -= w * weightDecay * d * learningRate`.
 *
 * Example: `new Prodigy({ weightDecay: 0.01 })`.
 *
 * @see [Mishchenko and Defazio 2023](https://arxiv.org/abs/2306.06101)
 *
 * @example
 * ```ts
 * import { Prodigy, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer = new Prodigy();
 * for (let step = 0; step < 500; step++) optimizer.applyGradients([[w.value, w]]); // the gradient of w² / 2
 * console.log(Math.abs(w.array()[0] as number) < 0.1); // true
 * ```
 */
export class Prodigy extends Optimizer<ProdigyOptions> {
  static override readonly className: string = "Prodigy";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Decay of the sums of the estimate; `null` for the square root of {@link Prodigy.beta2}. */
  declare readonly beta3: number | null;
  /** Added to the root of the second moment, times the estimate. */
  declare readonly epsilon: number;
  /** Initial estimate. */
  declare readonly d0: number;
  /** Factor of the estimate. */
  declare readonly dCoef: number;
  /** Whether the rate has Adam's bias correction. */
  declare readonly useBiasCorrection: boolean;

  /**
   * Prodigy (Mishchenko and Defazio 2023): Adam that needs no learning rate. It estimates the distance from the initial
   * weights to the solution, and multiplies its steps by this distance.
   *
   * @param options - `learningRate` is 1 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: ProdigyOptions | ProdigyOptions["learningRate"],
    beta1?: ProdigyOptions["beta1"] | ProdigyOptions,
    beta2?: ProdigyOptions["beta2"] | ProdigyOptions,
    beta3?: ProdigyOptions["beta3"] | ProdigyOptions,
    epsilon?: ProdigyOptions["epsilon"] | ProdigyOptions,
    d0?: ProdigyOptions["d0"] | ProdigyOptions,
    dCoef?: ProdigyOptions["dCoef"] | ProdigyOptions,
    useBiasCorrection?: ProdigyOptions["useBiasCorrection"] | ProdigyOptions,
    weightDecay?: ProdigyOptions["weightDecay"] | ProdigyOptions,
    others?: ProdigyOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ProdigyOptions>(
      "Prodigy",
      ["learningRate", "beta1", "beta2", "beta3", "epsilon", "d0", "dCoef", "useBiasCorrection", "weightDecay"],
      given,
    );
    super(
      {
        className: "Prodigy",
        rule: "prodigy",
        learningRate: 1,
        defaults: {
          beta1: 0.9,
          beta2: 0.999,
          beta3: null,
          epsilon: 1e-8,
          d0: 1e-6,
          dCoef: 1,
          useBiasCorrection: false,
        },
        ranges: {
          beta1: DECAY,
          beta2: DECAY,
          beta3: DECAY,
          epsilon: NON_NEGATIVE,
          d0: POSITIVE,
          dCoef: POSITIVE,
        },
      },
      options,
    );
  }
}
