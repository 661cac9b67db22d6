/**
 * Schedule-free SGD. Kernel: `crates/core/src/optimizers/schedule_free_sgd.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link ScheduleFreeSGD}. */
export interface ScheduleFreeSGDOptions extends OptimizerOptions {
  /** Fraction of the average in the variables; above 0, and 1 at most. Default: 0.9. */
  readonly momentum?: Scheduled | undefined;
  /** Steps over which the learning rate rises from 0; 0 or above, 0 for none. Default: 0. */
  readonly warmupSteps?: number | undefined;
}

/**
 * Schedule-free SGD (Defazio et al. 2024): SGD that averages its iterates instead of decaying the learning rate.
 * Gradients are computed at y, between the iterates and their average x.
 *
 * @remarks
 * State: one slot, z, and two numbers. Use it instead of SGD with momentum and a schedule, with a rate 10 to 50 times
 * as large, when the length of training is not known in advance. Weight decay is added to the gradient.
 *
 * Example: `new ScheduleFreeSGD({ learningRate: 1, warmupSteps: 1000 })`.
 *
 * @see [Defazio et al. 2024](https://arxiv.org/abs/2405.15682)
 *
 * @example
 * ```ts
 * import { ScheduleFreeSGD, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer = new ScheduleFreeSGD({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 2], w]]);
 * console.log(w.array()); // Float32Array [0.5, 1]
 * ```
 */
export class ScheduleFreeSGD extends Optimizer<ScheduleFreeSGDOptions> {
  static override readonly className: string = "ScheduleFreeSGD";
  /** Fraction of the average in the variables. */
  declare readonly momentum: number;
  /** Steps over which the learning rate rises. */
  declare readonly warmupSteps: number;

  /**
   * Schedule-free SGD (Defazio et al. 2024): SGD that averages its iterates instead of decaying the learning rate.
   *
   * @param options - `learningRate` is 1 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: ScheduleFreeSGDOptions | ScheduleFreeSGDOptions["learningRate"],
    momentum?: ScheduleFreeSGDOptions["momentum"] | ScheduleFreeSGDOptions,
    warmupSteps?: ScheduleFreeSGDOptions["warmupSteps"] | ScheduleFreeSGDOptions,
    weightDecay?: ScheduleFreeSGDOptions["weightDecay"] | ScheduleFreeSGDOptions,
    others?: ScheduleFreeSGDOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ScheduleFreeSGDOptions>(
      "ScheduleFreeSGD",
      ["learningRate", "momentum", "warmupSteps", "weightDecay"],
      given,
    );
    super(
      {
        className: "ScheduleFreeSGD",
        rule: "schedule_free_sgd",
        learningRate: 1,
        averageShare: "momentum",
        defaults: { momentum: 0.9, warmupSteps: 0 },
        // The average divides by it.
        ranges: { momentum: { above: 0, most: 1 }, warmupSteps: NON_NEGATIVE },
      },
      options,
    );
  }
}
