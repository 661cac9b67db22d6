/**
 * Adagrad. Kernel: `crates/core/src/optimizers/adagrad.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Adagrad}. */
export interface AdagradOptions extends OptimizerOptions {
  /** Initial sum of squared gradients; 0 or above. Default: 0.1. */
  readonly initialAccumulatorValue?: number | undefined;
  /** Keeps the division finite; added under the root; 0 or above. Default: 1e-7. */
  readonly epsilon?: Scheduled | undefined;
}

/**
 * Adagrad (Duchi et al. 2011): steps that shrink with the sum of all squared gradients so far.
 *
 * @remarks
 * State: one slot. Use it for sparse features. Steps only shrink, so long training stalls.
 *
 * Example: `new Adagrad({ learningRate: 0.01 })`.
 *
 * @see [Duchi et al. 2011](https://jmlr.org/papers/v12/duchi11a.html)
 *
 * @example
 * ```ts
 * import { Adagrad, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Adagrad({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.523, 1.501, 2.501, 3.506]
 * ```
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  static override readonly className: string = "Adagrad";
  /** Initial sum of squared gradients. */
  declare readonly initialAccumulatorValue: number;
  /** Added under the root. */
  declare readonly epsilon: number;

  /**
   * Adagrad (Duchi et al. 2011): steps that shrink with the sum of all squared gradients so far.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: AdagradOptions | AdagradOptions["learningRate"],
    initialAccumulatorValue?: AdagradOptions["initialAccumulatorValue"] | AdagradOptions,
    epsilon?: AdagradOptions["epsilon"] | AdagradOptions,
    weightDecay?: AdagradOptions["weightDecay"] | AdagradOptions,
    others?: AdagradOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AdagradOptions>(
      "Adagrad",
      ["learningRate", "initialAccumulatorValue", "epsilon", "weightDecay"],
      given,
    );
    super(
      {
        className: "Adagrad",
        rule: "adagrad",
        learningRate: 0.001,
        defaults: { initialAccumulatorValue: 0.1, epsilon: 1e-7 },
        ranges: { initialAccumulatorValue: NON_NEGATIVE, epsilon: NON_NEGATIVE },
      },
      options,
    );
  }
}
