/**
 * StableAdamW. Kernel: `crates/core/src/optimizers/stable_adamw.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link StableAdamW}. */
export interface StableAdamWOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.99. */
  readonly beta2?: Scheduled | undefined;
  /** Added to the root of the second moment; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
  /** Decoupled weight decay: `w -= w * weightDecay * a`, `a` the shortened rate. Default: 0.01; null for none. */
  readonly weightDecay?: Scheduled | null | undefined;
}

/**
 * StableAdamW (Wortsman et al. 2023): AdamW that shortens a variable's step when its gradients are larger than the
 * second moment suggests. It needs no gradient clipping.
 *
 * @remarks
 * State: two slots. Use it instead of AdamW with gradient clipping: large models, low precision, losses with spikes.
 * Weight decay is the package's: `w -= w * weightDecay * a` with the shortened rate `a`.
 *
 * Example: `new StableAdamW({ learningRate: 0.001, weightDecay: 0.01 })`.
 *
 * @see [Wortsman et al. 2023](https://arxiv.org/abs/2304.13013)
 *
 * @example
 * ```ts
 * import { StableAdamW, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new StableAdamW({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.495, 1.49, 2.485, 3.48]
 * ```
 */
export class StableAdamW extends Optimizer<StableAdamWOptions> {
  static override readonly className: string = "StableAdamW";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the second moment. */
  declare readonly epsilon: number;

  /**
   * StableAdamW (Wortsman et al. 2023): AdamW that shortens a variable's step when its gradients are larger than the
   * second moment suggests. It needs no gradient clipping.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: StableAdamWOptions | StableAdamWOptions["learningRate"],
    beta1?: StableAdamWOptions["beta1"] | StableAdamWOptions,
    beta2?: StableAdamWOptions["beta2"] | StableAdamWOptions,
    epsilon?: StableAdamWOptions["epsilon"] | StableAdamWOptions,
    weightDecay?: StableAdamWOptions["weightDecay"] | StableAdamWOptions,
    others?: StableAdamWOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<StableAdamWOptions>(
      "StableAdamW",
      ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "StableAdamW",
        rule: "stable_adamw",
        learningRate: 0.001,
        weightDecay: 0.01,
        defaults: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
        ranges: { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
