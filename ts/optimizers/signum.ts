/**
 * Signum. Kernel: `crates/core/src/optimizers/signum.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Signum}. */
export interface SignumOptions extends OptimizerOptions {
  /** Decay of the mean of gradients; 0 or above, and below 1. With 0 it is SignSGD. Default: 0.9. */
  readonly momentum?: Scheduled | undefined;
}

/**
 * Signum (Bernstein et al. 2018): every weight moves by the learning rate, against the sign of the mean gradient.
 *
 * @remarks
 * State: one slot, half of Adam's. Use it when memory is short, with a rate 3 to 10 times smaller than Adam's. `Lion`
 * is the newer rule of this kind.
 *
 * Example: `new Signum({ learningRate: 1e-4 })`.
 *
 * @see [Bernstein et al. 2018](https://arxiv.org/abs/1802.04434)
 *
 * @example
 * ```ts
 * import { Signum, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Signum({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.5, 1.5, 2.5, 3.5]
 * ```
 */
export class Signum extends Optimizer<SignumOptions> {
  static override readonly className: string = "Signum";
  /** Decay of the mean of gradients. */
  declare readonly momentum: number;

  /**
   * Signum (Bernstein et al. 2018): every weight moves by the learning rate, against the sign of the mean gradient.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: SignumOptions | SignumOptions["learningRate"],
    momentum?: SignumOptions["momentum"] | SignumOptions,
    weightDecay?: SignumOptions["weightDecay"] | SignumOptions,
    others?: SignumOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<SignumOptions>("Signum", ["learningRate", "momentum", "weightDecay"], given);
    super(
      {
        className: "Signum",
        rule: "signum",
        learningRate: 0.001,
        defaults: { momentum: 0.9 },
        ranges: { momentum: DECAY },
      },
      options,
    );
  }
}
