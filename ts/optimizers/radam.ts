/**
 * RAdam. Kernel: `crates/core/src/optimizers/radam.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link RAdam}. */
export interface RAdamOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Keeps the division finite; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
}

/**
 * RAdam (Liu et al. 2019): Adam that ignores its second moment in the first steps, when it is a mean of too few gradients.
 *
 * @remarks
 * State: two slots. Use it in place of Adam with a warm-up: the first steps only use momentum, and the rate rises automatically.
 *
 * Example: `new RAdam({ learningRate: 0.001 })`.
 *
 * @see [Liu et al. 2019](https://arxiv.org/abs/1908.03265)
 *
 * @example
 * ```ts
 * import { RAdam, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new RAdam({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.5, -1, -0.5, 3]
 * ```
 */
export class RAdam extends Optimizer<RAdamOptions> {
  static override readonly className: string = "RAdam";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;

  /**
   * RAdam (Liu et al. 2019): Adam that ignores its second moment in the first steps, when it is a mean of too few gradients.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: RAdamOptions | RAdamOptions["learningRate"],
    beta1?: RAdamOptions["beta1"] | RAdamOptions,
    beta2?: RAdamOptions["beta2"] | RAdamOptions,
    epsilon?: RAdamOptions["epsilon"] | RAdamOptions,
    weightDecay?: RAdamOptions["weightDecay"] | RAdamOptions,
    others?: RAdamOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<RAdamOptions>(
      "RAdam",
      ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "RAdam",
        rule: "radam",
        learningRate: 0.001,
        defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        ranges: { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
