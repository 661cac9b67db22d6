/**
 * Schedule-free RAdam. Kernel: `crates/core/src/optimizers/schedule_free_radam.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link ScheduleFreeRAdam}. */
export interface ScheduleFreeRAdamOptions extends OptimizerOptions {
  /** Fraction of the average in the variables; above 0, and 1 at most. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Keeps the division finite; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
  /**
   * Whether the first steps, whose second moment is based on too few gradients, are skipped; with `false` they are SGD
   * steps. Default: true.
   */
  readonly silentSgdPhase?: boolean | undefined;
}

/**
 * Schedule-free RAdam (Defazio et al. 2024; Liu et al. 2019): RAdam that averages its iterates instead of decaying the
 * learning rate. Gradients are computed at y, between the iterates and their average x.
 *
 * @remarks
 * State: two slots, z and the second moment, and two numbers. Use it instead of ScheduleFreeAdamW to avoid choosing a
 * warm-up: the first four steps do not move the weights. Weight decay is added to the normalized gradient.
 *
 * Example: `new ScheduleFreeRAdam({ learningRate: 0.0025 })`.
 *
 * @see [Defazio et al. 2024](https://arxiv.org/abs/2405.15682)
 *
 * @example
 * ```ts
 * import { ScheduleFreeRAdam, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer = new ScheduleFreeRAdam({ learningRate: 0.5, silentSgdPhase: false });
 * optimizer.applyGradients([[[1, 2], w]]);
 * console.log(w.array()); // Float32Array [0.5, 1]
 * ```
 */
export class ScheduleFreeRAdam extends Optimizer<ScheduleFreeRAdamOptions> {
  static override readonly className: string = "ScheduleFreeRAdam";
  /** Fraction of the average in the variables. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;
  /** Whether the first steps are skipped. */
  declare readonly silentSgdPhase: boolean;

  /**
   * Schedule-free RAdam (Defazio et al. 2024; Liu et al. 2019): RAdam that averages its iterates.
   *
   * @param options - `learningRate` is 0.0025 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: ScheduleFreeRAdamOptions | ScheduleFreeRAdamOptions["learningRate"],
    beta1?: ScheduleFreeRAdamOptions["beta1"] | ScheduleFreeRAdamOptions,
    beta2?: ScheduleFreeRAdamOptions["beta2"] | ScheduleFreeRAdamOptions,
    epsilon?: ScheduleFreeRAdamOptions["epsilon"] | ScheduleFreeRAdamOptions,
    silentSgdPhase?: ScheduleFreeRAdamOptions["silentSgdPhase"] | ScheduleFreeRAdamOptions,
    weightDecay?: ScheduleFreeRAdamOptions["weightDecay"] | ScheduleFreeRAdamOptions,
    others?: ScheduleFreeRAdamOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ScheduleFreeRAdamOptions>(
      "ScheduleFreeRAdam",
      ["learningRate", "beta1", "beta2", "epsilon", "silentSgdPhase", "weightDecay"],
      given,
    );
    super(
      {
        className: "ScheduleFreeRAdam",
        rule: "schedule_free_radam",
        learningRate: 0.0025,
        averageShare: "beta1",
        defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, silentSgdPhase: true },
        // The average divides by beta1.
        ranges: { beta1: { above: 0, most: 1 }, beta2: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
