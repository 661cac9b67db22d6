/**
 * NAdamW. Kernel: `crates/core/src/optimizers/nadamw.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link NAdamW}. */
export interface NAdamWOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Keeps the division finite; 0 or above. Default: 1e-8. */
  readonly epsilon?: Scheduled | undefined;
  /** Decoupled weight decay: `w -= w * weightDecay * learningRate` before each update. Default: 1e-4; null for none. */
  readonly weightDecay?: Scheduled | null | undefined;
}

/**
 * NAdamW (Dozat 2016; Loshchilov and Hutter 2017): AdamW with Nesterov's momentum, as in optax.
 *
 * @remarks
 * State: two slots. Use it in place of AdamW: it needs somewhat fewer steps on many tasks, at the same cost. Unlike
 * {@link Nadam}, its momentum is constant.
 *
 * Example: `new NAdamW({ learningRate: 0.001, weightDecay: 0.01 })`.
 *
 * @see [Dozat 2016](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ)
 *
 * @example
 * ```ts
 * import { NAdamW, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new NAdamW({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.263, 1.263, 2.263, 3.263]
 * ```
 */
export class NAdamW extends Optimizer<NAdamWOptions> {
  static override readonly className: string = "NAdamW";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;

  /**
   * NAdamW (Dozat 2016; Loshchilov and Hutter 2017): AdamW with Nesterov's momentum, as in optax.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: NAdamWOptions | NAdamWOptions["learningRate"],
    beta1?: NAdamWOptions["beta1"] | NAdamWOptions,
    beta2?: NAdamWOptions["beta2"] | NAdamWOptions,
    epsilon?: NAdamWOptions["epsilon"] | NAdamWOptions,
    weightDecay?: NAdamWOptions["weightDecay"] | NAdamWOptions,
    others?: NAdamWOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<NAdamWOptions>(
      "NAdamW",
      ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "NAdamW",
        rule: "nadamw",
        learningRate: 0.001,
        weightDecay: 1e-4,
        defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        ranges: { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
