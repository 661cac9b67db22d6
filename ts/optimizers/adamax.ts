/**
 * Adamax. Kernel: `crates/core/src/optimizers/adamax.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Adamax}. */
export interface AdamaxOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the largest magnitude so far; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Keeps the division finite; 0 or above. Default: 1e-7. */
  readonly epsilon?: Scheduled | undefined;
}

/**
 * Adamax (Kingma and Ba 2014, section 7.1): Adam, with the largest recent gradient in place of the root mean
 * square.
 *
 * @remarks
 * State: two slots. Use it in place of Adam when gradients have rare large values, as those of embeddings do.
 *
 * Example: `new Adamax({ learningRate: 0.002 })`.
 *
 * @see [Kingma and Ba 2014](https://arxiv.org/abs/1412.6980), section 7.1
 *
 * @example
 * ```ts
 * import { Adamax, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Adamax({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.5, 1.5, 2.5, 3.5]
 * ```
 */
export class Adamax extends Optimizer<AdamaxOptions> {
  static override readonly className: string = "Adamax";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the largest magnitude. */
  declare readonly beta2: number;
  /** Added to the largest magnitude. */
  declare readonly epsilon: number;

  /**
   * Adamax (Kingma and Ba 2014, section 7.1): Adam, with the largest recent gradient in place of the root mean square.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: AdamaxOptions | AdamaxOptions["learningRate"],
    beta1?: AdamaxOptions["beta1"] | AdamaxOptions,
    beta2?: AdamaxOptions["beta2"] | AdamaxOptions,
    epsilon?: AdamaxOptions["epsilon"] | AdamaxOptions,
    weightDecay?: AdamaxOptions["weightDecay"] | AdamaxOptions,
    others?: AdamaxOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AdamaxOptions>(
      "Adamax",
      ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "Adamax",
        rule: "adamax",
        learningRate: 0.001,
        defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
        ranges: { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
