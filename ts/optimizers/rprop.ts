/**
 * Rprop. Kernel: `crates/core/src/optimizers/rprop.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Rprop}. */
export interface RpropOptions extends OptimizerOptions {
  /** Factor of a step size after a change of sign; above 0 and below 1. Default: 0.5. */
  readonly etaMinus?: Scheduled | undefined;
  /** Factor of a step size while the sign stays; above 1. Default: 1.2. */
  readonly etaPlus?: Scheduled | undefined;
  /** Least step size; above 0. Default: 1e-6. */
  readonly minStepSize?: Scheduled | undefined;
  /** Largest step size; above 0. Default: 50. */
  readonly maxStepSize?: Scheduled | undefined;
}

/**
 * Rprop (Riedmiller and Braun 1993): a step size for each weight, which grows while its gradient keeps its sign and
 * shrinks when the sign changes.
 *
 * @remarks
 * State: two slots. The learning rate is only the initial step size. Use it for full batches, because it needs
 * noise-free signs: small regressions, fits of few parameters; for mini-batches use `RMSprop`.
 *
 * Example: `new Rprop({ learningRate: 0.01 })`.
 *
 * @see [Riedmiller and Braun 1993](https://doi.org/10.1109/ICNN.1993.298623)
 *
 * @example
 * ```ts
 * import { Rprop, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Rprop({ learningRate: 0.5 });
 * for (let step = 0; step < 3; step++) optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [-0.82, 0.18, 1.18, 2.18]
 * ```
 */
export class Rprop extends Optimizer<RpropOptions> {
  static override readonly className: string = "Rprop";
  /** Factor of a step size after a change of sign. */
  declare readonly etaMinus: number;
  /** Factor of a step size while the sign stays. */
  declare readonly etaPlus: number;
  /** Least step size. */
  declare readonly minStepSize: number;
  /** Largest step size. */
  declare readonly maxStepSize: number;

  /**
   * Rprop (Riedmiller and Braun 1993): a step size for each weight, which grows while its gradient keeps its sign and
   * shrinks when the sign changes.
   *
   * @param options - `learningRate` is 0.01 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: RpropOptions | RpropOptions["learningRate"],
    etaMinus?: RpropOptions["etaMinus"] | RpropOptions,
    etaPlus?: RpropOptions["etaPlus"] | RpropOptions,
    minStepSize?: RpropOptions["minStepSize"] | RpropOptions,
    maxStepSize?: RpropOptions["maxStepSize"] | RpropOptions,
    weightDecay?: RpropOptions["weightDecay"] | RpropOptions,
    others?: RpropOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<RpropOptions>(
      "Rprop",
      ["learningRate", "etaMinus", "etaPlus", "minStepSize", "maxStepSize", "weightDecay"],
      given,
    );
    super(
      {
        className: "Rprop",
        rule: "rprop",
        learningRate: 0.01,
        defaults: { etaMinus: 0.5, etaPlus: 1.2, minStepSize: 1e-6, maxStepSize: 50 },
        ranges: {
          etaMinus: { above: 0, below: 1 },
          etaPlus: { above: 1 },
          minStepSize: { above: 0 },
          maxStepSize: { above: 0 },
        },
      },
      options,
    );
  }
}
