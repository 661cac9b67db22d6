/**
 * MARS. Kernel: `crates/core/src/optimizers/mars.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link MARS}. */
export interface MARSOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.95. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.99. */
  readonly beta2?: Scheduled | undefined;
  /** Weight of the gradient's change; 0 or above. Default: 0.025. */
  readonly gamma?: Scheduled | undefined;
  /** Added to the root of the corrected second moment; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
  /** Whether this rule also updates variables with fewer than two axes. Default: false. */
  readonly optimize1d?: boolean | undefined;
}

/**
 * MARS (Yuan et al. 2024): AdamW on gradients whose variance is reduced by their change since the last step, clipped to a
 * norm of 1 for each variable.
 *
 * @remarks
 * State: three slots; two for variables with fewer than two axes, which AdamW updates with decays of 0.9 and 0.95
 * unless `optimize1d`. Use it for language models, in place of AdamW, at the same cost of gradients.
 *
 * Example: `new MARS({ learningRate: 0.003, weightDecay: 0.01 })`.
 *
 * @see [Yuan et al. 2024](https://arxiv.org/abs/2411.10438)
 *
 * @example
 * ```ts
 * import { MARS, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new MARS({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.5, 1.5, 2.5, 3.5]
 * ```
 */
export class MARS extends Optimizer<MARSOptions> {
  static override readonly className: string = "MARS";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Weight of the gradient's change. */
  declare readonly gamma: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;
  /** Whether this rule also updates variables with fewer than two axes. */
  declare readonly optimize1d: boolean;

  /**
   * MARS (Yuan et al. 2024): AdamW on gradients whose variance is reduced by their change since the last step, clipped to a
   * norm of 1 for each variable.
   *
   * @param options - `learningRate` is 0.003 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: MARSOptions | MARSOptions["learningRate"],
    beta1?: MARSOptions["beta1"] | MARSOptions,
    beta2?: MARSOptions["beta2"] | MARSOptions,
    gamma?: MARSOptions["gamma"] | MARSOptions,
    epsilon?: MARSOptions["epsilon"] | MARSOptions,
    optimize1d?: MARSOptions["optimize1d"] | MARSOptions,
    weightDecay?: MARSOptions["weightDecay"] | MARSOptions,
    others?: MARSOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<MARSOptions>(
      "MARS",
      ["learningRate", "beta1", "beta2", "gamma", "epsilon", "optimize1d", "weightDecay"],
      given,
    );
    super(
      {
        className: "MARS",
        rule: "mars",
        learningRate: 0.003,
        defaults: { beta1: 0.95, beta2: 0.99, gamma: 0.025, epsilon: 1e-8, optimize1d: false },
        ranges: { beta1: DECAY, beta2: DECAY, gamma: NON_NEGATIVE, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
