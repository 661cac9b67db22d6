/**
 * ADOPT. Kernel: `crates/core/src/optimizers/adopt.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link ADOPT}. */
export interface ADOPTOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.9999. */
  readonly beta2?: Scheduled | undefined;
  /** Least divisor; 0 or above. Default: 1e-6. */
  readonly epsilon?: Scheduled | undefined;
}

/**
 * ADOPT (Taniguchi et al. 2024): Adam that converges with any `beta2`: each gradient is divided by the second moment of
 * the previous gradients.
 *
 * @remarks
 * State: two slots. The first step does not move the weights: it only stores squared gradients. Use it when Adam
 * diverges or needs a tuned `beta2`: sparse gradients, generative models, reinforcement learning.
 *
 * Example: `new ADOPT({ learningRate: 0.001 })`.
 *
 * @see [Taniguchi et al. 2024](https://arxiv.org/abs/2411.02853)
 *
 * @example
 * ```ts
 * import { ADOPT, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new ADOPT({ learningRate: 0.5 });
 * for (let step = 0; step < 2; step++) optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.95, 1.95, 2.95, 3.95]
 * ```
 */
export class ADOPT extends Optimizer<ADOPTOptions> {
  static override readonly className: string = "ADOPT";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Least divisor of a gradient. */
  declare readonly epsilon: number;

  /**
   * ADOPT (Taniguchi et al. 2024): Adam that converges with any `beta2`: each gradient is divided by the second moment
   * of the previous gradients.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: ADOPTOptions | ADOPTOptions["learningRate"],
    beta1?: ADOPTOptions["beta1"] | ADOPTOptions,
    beta2?: ADOPTOptions["beta2"] | ADOPTOptions,
    epsilon?: ADOPTOptions["epsilon"] | ADOPTOptions,
    weightDecay?: ADOPTOptions["weightDecay"] | ADOPTOptions,
    others?: ADOPTOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ADOPTOptions>(
      "ADOPT",
      ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "ADOPT",
        rule: "adopt",
        learningRate: 0.001,
        defaults: { beta1: 0.9, beta2: 0.9999, epsilon: 1e-6 },
        ranges: { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
