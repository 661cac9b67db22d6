/**
 * Schedule-free AdamW. Kernel: `crates/core/src/optimizers/schedule_free_adamw.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link ScheduleFreeAdamW}. */
export interface ScheduleFreeAdamWOptions extends OptimizerOptions {
  /** Fraction of the average in the variables; above 0, and 1 at most. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Keeps the division finite; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
  /** Steps over which the learning rate rises from 0; 0 or above, 0 for none. Default: 0. */
  readonly warmupSteps?: number | undefined;
}

/**
 * Schedule-free AdamW (Defazio et al. 2024): Adam that averages its own iterates instead of decaying the
 * learning rate. The variables hold the point where gradients are taken, y. Unlike AdamW, it has no weight
 * decay by default. Setting weights directly also sets z, and thereby the average x; the next iterate still enters it
 * with weight 1/t.
 *
 * @remarks
 * State: two slots. Use it when the length of training is not known in advance: it needs no schedule. The variable
 * holds the interpolated point, `y` in the paper.
 *
 * Example: `new ScheduleFreeAdamW({ learningRate: 0.0025, warmupSteps: 1000 })`.
 *
 * @see [Defazio et al. 2024](https://arxiv.org/abs/2405.15682)
 *
 * @example
 * ```ts
 * import { ScheduleFreeAdamW, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new ScheduleFreeAdamW({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.5, 1.5, 2.5, 3.5]
 * ```
 */
export class ScheduleFreeAdamW extends Optimizer<ScheduleFreeAdamWOptions> {
  static override readonly className: string = "ScheduleFreeAdamW";
  /** Fraction of the average in the variables. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;
  /** Steps over which the learning rate rises. */
  declare readonly warmupSteps: number;

  /**
   * Schedule-free AdamW (Defazio et al. 2024): Adam that averages its own iterates instead of decaying the rate.
   *
   * @param options - `learningRate` is 0.0025 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: ScheduleFreeAdamWOptions | ScheduleFreeAdamWOptions["learningRate"],
    beta1?: ScheduleFreeAdamWOptions["beta1"] | ScheduleFreeAdamWOptions,
    beta2?: ScheduleFreeAdamWOptions["beta2"] | ScheduleFreeAdamWOptions,
    epsilon?: ScheduleFreeAdamWOptions["epsilon"] | ScheduleFreeAdamWOptions,
    warmupSteps?: ScheduleFreeAdamWOptions["warmupSteps"] | ScheduleFreeAdamWOptions,
    weightDecay?: ScheduleFreeAdamWOptions["weightDecay"] | ScheduleFreeAdamWOptions,
    others?: ScheduleFreeAdamWOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ScheduleFreeAdamWOptions>(
      "ScheduleFreeAdamW",
      ["learningRate", "beta1", "beta2", "epsilon", "warmupSteps", "weightDecay"],
      given,
    );
    super(
      {
        className: "ScheduleFreeAdamW",
        rule: "schedule_free_adamw",
        learningRate: 0.0025,
        averageShare: "beta1",
        defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, warmupSteps: 0 },
        // The step divides by beta1.
        ranges: { beta1: { above: 0, most: 1 }, beta2: DECAY, epsilon: NON_NEGATIVE, warmupSteps: NON_NEGATIVE },
      },
      options,
    );
  }
}
