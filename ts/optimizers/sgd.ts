/**
 * Stochastic gradient descent. Kernel: `crates/core/src/optimizers/sgd.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { FRACTION } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link SGD}. */
export interface SGDOptions extends OptimizerOptions {
  /** Fraction of the last step that is added to the current step, from 0 to 1. Default: 0. */
  readonly momentum?: Scheduled | undefined;
  /** Nesterov's momentum: look ahead along it. Without momentum it has no effect. Default: false. */
  readonly nesterov?: boolean | undefined;
}

/**
 * Gradient descent, with momentum: `m = momentum * m - learningRate * g; w += m`.
 *
 * @remarks
 * State: none; one slot with momentum. Use it as a baseline with few options, or with momentum 0.9 and a schedule for
 * convolutional networks. The rate must fit the problem.
 *
 * Example: `new SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true })`.
 *
 * @see [Sutskever et al. 2013](https://proceedings.mlr.press/v28/sutskever13.html)
 *
 * @example
 * ```ts
 * import { SGD, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new SGD({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // Float32Array [0.5, -1, -0.5, 3]
 * ```
 */
export class SGD extends Optimizer<SGDOptions> {
  static override readonly className: string = "SGD";
  /** Momentum. */
  declare readonly momentum: number;
  /** Whether it looks ahead. */
  declare readonly nesterov: boolean;

  /**
   * Gradient descent, with momentum.
   *
   * @param options - `learningRate` is 0.01 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: SGDOptions | SGDOptions["learningRate"],
    momentum?: SGDOptions["momentum"] | SGDOptions,
    nesterov?: SGDOptions["nesterov"] | SGDOptions,
    weightDecay?: SGDOptions["weightDecay"] | SGDOptions,
    others?: SGDOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<SGDOptions>("SGD", ["learningRate", "momentum", "nesterov", "weightDecay"], given);
    super(
      {
        className: "SGD",
        rule: "sgd",
        learningRate: 0.01,
        defaults: { momentum: 0, nesterov: false },
        ranges: { momentum: FRACTION },
      },
      options,
    );
  }
}
