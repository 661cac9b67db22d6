/**
 * Adadelta. Kernel: `crates/core/src/optimizers/adadelta.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { FRACTION, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Adadelta}. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Decay of both running means of squares; from 0 to 1. Default: 0.95. */
  readonly rho?: Scheduled | undefined;
  /** Starts the first step, and keeps the division finite; added under both roots; 0 or above. Default: 1e-7. */
  readonly epsilon?: Scheduled | undefined;
}

/**
 * Adadelta (Zeiler 2012): steps scaled by the ratio of the last steps to the last gradients. The paper has
 * no learning rate: set 1 for its form.
 *
 * @remarks
 * State: two slots. Use it when no rate is known: `learningRate: 1` is the form of the paper; Keras's default, 0.001,
 * is very slow.
 *
 * Example: `new Adadelta({ learningRate: 1 })`.
 *
 * @see [Zeiler 2012](https://arxiv.org/abs/1212.5701)
 *
 * @example
 * ```ts
 * import { Adadelta, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Adadelta({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.9993, 1.9993, 2.9993, 3.9993]
 * ```
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  static override readonly className: string = "Adadelta";
  /** Decay of both running means of squares. */
  declare readonly rho: number;
  /** Added under both roots. */
  declare readonly epsilon: number;

  /**
   * Adadelta (Zeiler 2012): steps scaled by the ratio of the last steps to the last gradients.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: AdadeltaOptions | AdadeltaOptions["learningRate"],
    rho?: AdadeltaOptions["rho"] | AdadeltaOptions,
    epsilon?: AdadeltaOptions["epsilon"] | AdadeltaOptions,
    weightDecay?: AdadeltaOptions["weightDecay"] | AdadeltaOptions,
    others?: AdadeltaOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AdadeltaOptions>(
      "Adadelta",
      ["learningRate", "rho", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "Adadelta",
        rule: "adadelta",
        learningRate: 0.001,
        defaults: { rho: 0.95, epsilon: 1e-7 },
        ranges: { rho: FRACTION, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
