/**
 * RMSprop. Kernel: `crates/core/src/optimizers/rmsprop.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { FRACTION, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link RMSprop}. */
export interface RMSpropOptions extends OptimizerOptions {
  /** Decay of the mean of squared gradients; from 0 to 1. Default: 0.9. */
  readonly rho?: Scheduled | undefined;
  /** Fraction of the last step that is added to the current step, from 0 to 1. Default: 0. */
  readonly momentum?: Scheduled | undefined;
  /** Keeps the division finite; added under the root; 0 or above. Default: 1e-7. */
  readonly epsilon?: Scheduled | undefined;
  /** Subtract the squared mean of the gradients, so that gradients are divided by their standard deviation. Default: false. */
  readonly centered?: boolean | undefined;
}

/**
 * RMSprop (Hinton 2012): steps scaled by a running root mean square of the gradients.
 *
 * @remarks
 * State: one slot; one more each with `centered` and with momentum. Use it for recurrent networks, reinforcement
 * learning, and other losses that change during training. The default of `compile`, as in Keras.
 *
 * Example: `new RMSprop({ learningRate: 7e-4, rho: 0.99 })`.
 *
 * @see [Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)
 *
 * @example
 * ```ts
 * import { RMSprop, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new RMSprop({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [-0.581, 0.419, 1.419, 2.419]
 * ```
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  static override readonly className: string = "RMSprop";
  /** Decay of the mean of squared gradients. */
  declare readonly rho: number;
  /** Momentum. */
  declare readonly momentum: number;
  /** Added under the root. */
  declare readonly epsilon: number;
  /** Whether gradients are scaled by their standard deviation. */
  declare readonly centered: boolean;

  /**
   * RMSprop (Hinton 2012): steps scaled by a running root mean square of the gradients.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: RMSpropOptions | RMSpropOptions["learningRate"],
    rho?: RMSpropOptions["rho"] | RMSpropOptions,
    momentum?: RMSpropOptions["momentum"] | RMSpropOptions,
    epsilon?: RMSpropOptions["epsilon"] | RMSpropOptions,
    centered?: RMSpropOptions["centered"] | RMSpropOptions,
    weightDecay?: RMSpropOptions["weightDecay"] | RMSpropOptions,
    others?: RMSpropOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<RMSpropOptions>(
      "RMSprop",
      ["learningRate", "rho", "momentum", "epsilon", "centered", "weightDecay"],
      given,
    );
    super(
      {
        className: "RMSprop",
        rule: "rmsprop",
        learningRate: 0.001,
        defaults: { rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
        ranges: { rho: FRACTION, momentum: FRACTION, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
