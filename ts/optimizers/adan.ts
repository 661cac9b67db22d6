/**
 * Adan. Kernel: `crates/core/src/optimizers/adan.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Adan}. */
export interface AdanOptions extends OptimizerOptions {
  /** Decay of the mean of gradients; 0 or above, and below 1. Default: 0.98. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the mean of differences of gradients; 0 or above, and below 1. Default: 0.92. */
  readonly beta2?: Scheduled | undefined;
  /** Decay of the second moment; 0 or above, and below 1. Default: 0.99. */
  readonly beta3?: Scheduled | undefined;
  /** Keeps the division finite; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
}

/**
 * Adan (Xie et al. 2022): Nesterov's momentum, estimated from gradients and the differences between them.
 *
 * @remarks
 * State: four slots, twice Adam's. Use it when steps are expensive and memory is not: vision transformers, large
 * batches. It tolerates rates 5 to 10 times AdamW's.
 *
 * Example: `new Adan({ learningRate: 0.01, weightDecay: 0.02 })`.
 *
 * @see [Xie et al. 2022](https://arxiv.org/abs/2208.06677)
 *
 * @example
 * ```ts
 * import { Adan, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Adan({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.5, 1.5, 2.5, 3.5]
 * ```
 */
export class Adan extends Optimizer<AdanOptions> {
  static override readonly className: string = "Adan";
  /** Decay of the mean of gradients. */
  declare readonly beta1: number;
  /** Decay of the mean of differences of gradients. */
  declare readonly beta2: number;
  /** Decay of the second moment. */
  declare readonly beta3: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;

  /**
   * Adan (Xie et al. 2022): Nesterov's momentum, estimated from gradients and the differences between them.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: AdanOptions | AdanOptions["learningRate"],
    beta1?: AdanOptions["beta1"] | AdanOptions,
    beta2?: AdanOptions["beta2"] | AdanOptions,
    beta3?: AdanOptions["beta3"] | AdanOptions,
    epsilon?: AdanOptions["epsilon"] | AdanOptions,
    weightDecay?: AdanOptions["weightDecay"] | AdanOptions,
    others?: AdanOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AdanOptions>(
      "Adan",
      ["learningRate", "beta1", "beta2", "beta3", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "Adan",
        rule: "adan",
        learningRate: 0.001,
        defaults: { beta1: 0.98, beta2: 0.92, beta3: 0.99, epsilon: 1e-8 },
        ranges: { beta1: DECAY, beta2: DECAY, beta3: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
