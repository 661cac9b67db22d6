/**
 * Lamb. Kernel: `crates/core/src/optimizers/lamb.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Lamb}. */
export interface LambOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Added to the root of the corrected second moment; 0 or above. Default: 1e-7. */
  readonly epsilon?: Scheduled | undefined;
}

/**
 * Lamb (You et al. 2019): Adam's direction, with steps of length `learningRate` times the norm of the variable.
 * Designed for large batches.
 *
 * @remarks
 * State: two slots. Use it for large batches. Weight decay works as in all optimizers, like in Keras; in the paper it
 * is part of `u`.
 *
 * Example: `new Lamb({ learningRate: 0.002, weightDecay: 0.01 })`.
 *
 * @see [You et al. 2019](https://arxiv.org/abs/1904.00962)
 *
 * @example
 * ```ts
 * import { Lamb, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Lamb({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [-0.369, 0.631, 1.631, 2.631]
 * ```
 */
export class Lamb extends Optimizer<LambOptions> {
  static override readonly className: string = "Lamb";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;

  /**
   * Lamb (You et al. 2019): Adam's direction, with steps of length `learningRate` times the norm of the variable.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: LambOptions | LambOptions["learningRate"],
    beta1?: LambOptions["beta1"] | LambOptions,
    beta2?: LambOptions["beta2"] | LambOptions,
    epsilon?: LambOptions["epsilon"] | LambOptions,
    weightDecay?: LambOptions["weightDecay"] | LambOptions,
    others?: LambOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LambOptions>(
      "Lamb",
      ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "Lamb",
        rule: "lamb",
        learningRate: 0.001,
        defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
        ranges: { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
