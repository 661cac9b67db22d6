/**
 * AdEMAMix. Kernel: `crates/core/src/optimizers/ademamix.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link AdEMAMix}. */
export interface AdEMAMixOptions extends OptimizerOptions {
  /** Decay of the fast mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Decay of the slow mean of gradients; 0 or above, and below 1. Default: 0.9999. */
  readonly beta3?: Scheduled | undefined;
  /** Weight of the slow mean; 0 or above. Default: 5. */
  readonly alpha?: Scheduled | undefined;
  /** Keeps the division finite; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
  /** Updates in which `alpha` grows from 0 and `beta3` from `beta1`; 0 for none. Default: 0. */
  readonly warmupSteps?: number | undefined;
}

/**
 * AdEMAMix (Pagliardini et al. 2024): Adam with a second mean of gradients, which remembers about ten thousand steps.
 *
 * @remarks
 * State: three slots. Use it for long runs of language models and vision transformers, with `warmupSteps` of the whole
 * run: it reaches AdamW's loss with about half of the tokens. In runs much shorter than `1 / (1 - beta3)` steps, lower
 * `beta3`.
 *
 * Example: `new AdEMAMix({ learningRate: 0.001, weightDecay: 0.1, warmupSteps: 100000 })`.
 *
 * @see [Pagliardini et al. 2024](https://arxiv.org/abs/2409.03137)
 *
 * @example
 * ```ts
 * import { AdEMAMix, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new AdEMAMix({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.4998, 1.5, 2.5, 3.5]
 * ```
 */
export class AdEMAMix extends Optimizer<AdEMAMixOptions> {
  static override readonly className: string = "AdEMAMix";
  /** Decay of the fast mean of gradients. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Decay of the slow mean of gradients. */
  declare readonly beta3: number;
  /** Weight of the slow mean. */
  declare readonly alpha: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;
  /** Updates in which `alpha` and `beta3` grow. */
  declare readonly warmupSteps: number;

  /**
   * AdEMAMix (Pagliardini et al. 2024): Adam with a second mean of gradients, which remembers about ten thousand steps.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: AdEMAMixOptions | AdEMAMixOptions["learningRate"],
    beta1?: AdEMAMixOptions["beta1"] | AdEMAMixOptions,
    beta2?: AdEMAMixOptions["beta2"] | AdEMAMixOptions,
    beta3?: AdEMAMixOptions["beta3"] | AdEMAMixOptions,
    alpha?: AdEMAMixOptions["alpha"] | AdEMAMixOptions,
    epsilon?: AdEMAMixOptions["epsilon"] | AdEMAMixOptions,
    warmupSteps?: AdEMAMixOptions["warmupSteps"] | AdEMAMixOptions,
    weightDecay?: AdEMAMixOptions["weightDecay"] | AdEMAMixOptions,
    others?: AdEMAMixOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AdEMAMixOptions>(
      "AdEMAMix",
      ["learningRate", "beta1", "beta2", "beta3", "alpha", "epsilon", "warmupSteps", "weightDecay"],
      given,
    );
    super(
      {
        className: "AdEMAMix",
        rule: "ademamix",
        learningRate: 0.001,
        defaults: { beta1: 0.9, beta2: 0.999, beta3: 0.9999, alpha: 5, epsilon: 1e-8, warmupSteps: 0 },
        ranges: {
          beta1: DECAY,
          beta2: DECAY,
          beta3: DECAY,
          alpha: NON_NEGATIVE,
          epsilon: NON_NEGATIVE,
          warmupSteps: NON_NEGATIVE,
        },
      },
      options,
    );
  }
}
