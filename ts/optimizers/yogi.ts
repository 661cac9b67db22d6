/**
 * Yogi. Kernel: `crates/core/src/optimizers/yogi.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Yogi}. */
export interface YogiOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Fraction of a squared gradient that does not enter the second moment; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Keeps the division finite; 0 or above. Default: 1e-3. */
  readonly epsilon?: Scheduled | undefined;
  /** Initial value of both moments; 0 or above. Default: 1e-6. */
  readonly initialAccumulatorValue?: number | undefined;
}

/**
 * Yogi (Zaheer et al. 2018): Adam whose second moment changes slowly, so that the rate does not jump when gradients
 * become small.
 *
 * @remarks
 * State: two slots. Use it in place of Adam for sparse gradients and noisy objectives, with a rate about 10 times Adam's.
 *
 * Example: `new Yogi({ learningRate: 0.01 })`.
 *
 * @see [Zaheer et al. 2018](https://papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3-Abstract.html)
 *
 * @example
 * ```ts
 * import { Yogi, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Yogi({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.5007, 1.5, 2.5, 3.5]
 * ```
 */
export class Yogi extends Optimizer<YogiOptions> {
  static override readonly className: string = "Yogi";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Fraction of a squared gradient that does not enter the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;
  /** Initial value of both moments. */
  declare readonly initialAccumulatorValue: number;

  /**
   * Yogi (Zaheer et al. 2018): Adam whose second moment changes slowly, so that the rate does not jump when gradients
   * become small.
   *
   * @param options - `learningRate` is 0.01 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: YogiOptions | YogiOptions["learningRate"],
    beta1?: YogiOptions["beta1"] | YogiOptions,
    beta2?: YogiOptions["beta2"] | YogiOptions,
    epsilon?: YogiOptions["epsilon"] | YogiOptions,
    initialAccumulatorValue?: YogiOptions["initialAccumulatorValue"] | YogiOptions,
    weightDecay?: YogiOptions["weightDecay"] | YogiOptions,
    others?: YogiOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<YogiOptions>(
      "Yogi",
      ["learningRate", "beta1", "beta2", "epsilon", "initialAccumulatorValue", "weightDecay"],
      given,
    );
    super(
      {
        className: "Yogi",
        rule: "yogi",
        learningRate: 0.01,
        defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-3, initialAccumulatorValue: 1e-6 },
        ranges: { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE, initialAccumulatorValue: NON_NEGATIVE },
      },
      options,
    );
  }
}
