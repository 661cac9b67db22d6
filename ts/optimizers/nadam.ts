/**
 * Nadam. Kernel: `crates/core/src/optimizers/nadam.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { DECAY, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Nadam}. */
export interface NadamOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Keeps the division finite; 0 or above. Default: 1e-7. */
  readonly epsilon?: Scheduled | undefined;
}

/**
 * Nadam (Dozat 2016): Adam that looks ahead along its momentum, as Nesterov does.
 *
 * @remarks
 * State: two slots, and one number `P` for all variables. Use it instead of Adam: Nesterov momentum often makes the
 * start slightly faster.
 *
 * Example: `new Nadam({ learningRate: 0.002 })`.
 *
 * @see [Dozat 2016](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ)
 *
 * @example
 * ```ts
 * import { Nadam, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Nadam({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.469, 1.469, 2.469, 3.469]
 * ```
 */
export class Nadam extends Optimizer<NadamOptions> {
  static override readonly className: string = "Nadam";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the corrected second moment. */
  declare readonly epsilon: number;

  /**
   * Nadam (Dozat 2016): Adam that looks ahead along its momentum, as Nesterov does.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: NadamOptions | NadamOptions["learningRate"],
    beta1?: NadamOptions["beta1"] | NadamOptions,
    beta2?: NadamOptions["beta2"] | NadamOptions,
    epsilon?: NadamOptions["epsilon"] | NadamOptions,
    weightDecay?: NadamOptions["weightDecay"] | NadamOptions,
    others?: NadamOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<NadamOptions>(
      "Nadam",
      ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "Nadam",
        rule: "nadam",
        learningRate: 0.001,
        defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
        ranges: { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
