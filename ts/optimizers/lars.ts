/**
 * LARS. Kernel: `crates/core/src/optimizers/lars.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { FRACTION, NON_NEGATIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link LARS}. */
export interface LARSOptions extends OptimizerOptions {
  /** Fraction of the last step that is added to the current step, from 0 to 1. Default: 0.9. */
  readonly momentum?: Scheduled | undefined;
  /** Length of a step in units of the variable's norm, times the rate; 0 or above. Default: 0.001. */
  readonly trustCoefficient?: Scheduled | undefined;
  /** Nesterov's momentum: look ahead along it. Default: false. */
  readonly nesterov?: boolean | undefined;
}

/**
 * LARS (You et al. 2017): momentum, with each variable's rate proportional to the norm of the variable divided by the
 * norm of its gradient. Designed for large batches.
 *
 * @remarks
 * State: one slot. Use it for convolutional networks with batches of thousands, with a warm-up. Weight decay is added to the
 * gradient, before the norm; exclude biases and scales from it.
 *
 * Example: `new LARS({ learningRate: 1, momentum: 0.9, weightDecay: 1e-4 })`.
 *
 * @see [You et al. 2017](https://arxiv.org/abs/1708.03888)
 *
 * @example
 * ```ts
 * import { LARS, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new LARS({ learningRate: 100 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.942, 1.654, 2.596, 3.885]
 * ```
 */
export class LARS extends Optimizer<LARSOptions> {
  static override readonly className: string = "LARS";
  /** Fraction of the last step. */
  declare readonly momentum: number;
  /** Length of a step in units of the variable's norm. */
  declare readonly trustCoefficient: number;
  /** Nesterov's momentum. */
  declare readonly nesterov: boolean;

  /**
   * LARS (You et al. 2017): momentum, with each variable's rate proportional to the norm of the variable divided by the
   * norm of its gradient. Designed for large batches.
   *
   * @param options - `learningRate` is 1 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: LARSOptions | LARSOptions["learningRate"],
    momentum?: LARSOptions["momentum"] | LARSOptions,
    trustCoefficient?: LARSOptions["trustCoefficient"] | LARSOptions,
    nesterov?: LARSOptions["nesterov"] | LARSOptions,
    weightDecay?: LARSOptions["weightDecay"] | LARSOptions,
    others?: LARSOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LARSOptions>(
      "LARS",
      ["learningRate", "momentum", "trustCoefficient", "nesterov", "weightDecay"],
      given,
    );
    super(
      {
        className: "LARS",
        rule: "lars",
        learningRate: 1,
        defaults: { momentum: 0.9, trustCoefficient: 0.001, nesterov: false },
        ranges: { momentum: FRACTION, trustCoefficient: NON_NEGATIVE },
      },
      options,
    );
  }
}
