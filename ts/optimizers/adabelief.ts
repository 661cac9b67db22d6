/**
 * AdaBelief. Kernel: `crates/core/src/optimizers/adabelief.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link AdaBelief}. */
export interface AdaBeliefOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared surprises; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Keeps the division finite, and is added to the second moment in each step; 0 or above. Default: 1e-16. */
  readonly epsilon?: Scheduled | undefined;
}

/**
 * AdaBelief (Zhuang et al. 2020): Adam whose steps are large where gradients are as their mean predicts.
 *
 * @remarks
 * State: two slots. Use it in place of Adam when that generalizes worse than SGD: convolutional networks, generative
 * models. An `epsilon` of 1e-16 is exact in float32, and is lost beside second moments above 1e-9.
 *
 * Example: `new AdaBelief({ learningRate: 0.001 })`.
 *
 * @see [Zhuang et al. 2020](https://arxiv.org/abs/2010.07468)
 *
 * @example
 * ```ts
 * import { AdaBelief, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new AdaBelief({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.4444, 1.444, 2.444, 3.444]
 * ```
 */
export class AdaBelief extends Optimizer<AdaBeliefOptions> {
  static override readonly className: string = "AdaBelief";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the second moment, and to its root. */
  declare readonly epsilon: number;

  /**
   * AdaBelief (Zhuang et al. 2020): Adam whose steps are large where gradients are as their mean predicts.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: AdaBeliefOptions | AdaBeliefOptions["learningRate"],
    beta1?: AdaBeliefOptions["beta1"] | AdaBeliefOptions,
    beta2?: AdaBeliefOptions["beta2"] | AdaBeliefOptions,
    epsilon?: AdaBeliefOptions["epsilon"] | AdaBeliefOptions,
    weightDecay?: AdaBeliefOptions["weightDecay"] | AdaBeliefOptions,
    others?: AdaBeliefOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AdaBeliefOptions>(
      "AdaBelief",
      ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "AdaBelief",
        rule: "adabelief",
        learningRate: 0.001,
        defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-16 },
        ranges: { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
