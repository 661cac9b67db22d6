/**
 * Adafactor. Kernel: `crates/core/src/optimizers/adafactor.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { NON_NEGATIVE, POSITIVE } from "../options.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Adafactor}. */
export interface AdafactorOptions extends OptimizerOptions {
  /** Decay of the second moment: `1 - step ** beta2Decay`; 0 or below. Default: -0.8. */
  readonly beta2Decay?: Scheduled | undefined;
  /** Added to squared gradients. Default: 1e-30. */
  readonly epsilon1?: Scheduled | undefined;
  /** Lower bound of a variable's size, which scales its steps. Default: 1e-3. */
  readonly epsilon2?: Scheduled | undefined;
  /** Largest root mean square of an update, before the learning rate. Default: 1. */
  readonly clipThreshold?: Scheduled | undefined;
  /** Limit the rate to `1 / sqrt(step)`. It has no effect: the rate is always limited, as in Keras. Default: true. */
  readonly relativeStep?: boolean | undefined;
}

const DEFAULTS = { beta2Decay: -0.8, epsilon1: 1e-30, epsilon2: 1e-3, clipThreshold: 1, relativeStep: true } as const;

const RANGES = {
  beta2Decay: { most: 0 },
  epsilon1: NON_NEGATIVE,
  epsilon2: NON_NEGATIVE,
  clipThreshold: POSITIVE,
};

/**
 * Adafactor (Shazeer and Stern 2018): second moments of a matrix from the means of its rows and columns,
 * and steps relative to the size of the variable.
 *
 * If a row and a column have no gradient at all, Keras turns the whole variable into NaN; here such elements do not
 * change, and the others follow the formula.
 *
 * @remarks
 * State: one number per row and one per column of a matrix. Use it for large models when memory is short.
 *
 * Example: `new Adafactor({ learningRate: 0.01 })`.
 *
 * @see [Shazeer and Stern 2018](https://arxiv.org/abs/1804.04235)
 *
 * @example
 * ```ts
 * import { Adafactor, Variable } from "gradstep";
 *
 * const w = new Variable([[1, 2], [3, 4]]);
 * const optimizer = new Adafactor({ learningRate: 0.5 });
 * optimizer.applyGradients([[[[1, 6], [7, 2]], w]]);
 * console.log(w.array()); // about [0.701, -0.008, 1.249, 3.441]
 * ```
 */
export class Adafactor extends Optimizer<AdafactorOptions> {
  static override readonly className: string = "Adafactor";
  /** Exponent of the second moment's decay. */
  declare readonly beta2Decay: number;
  /** Added to squared gradients. */
  declare readonly epsilon1: number;
  /** Lower bound of a variable's size. */
  declare readonly epsilon2: number;
  /** Largest root mean square of an update. */
  declare readonly clipThreshold: number;
  /** As passed; it has no effect. */
  declare readonly relativeStep: boolean;

  /**
   * Adafactor (Shazeer and Stern 2018): second moments of a matrix from the means of its rows and columns, and
   * steps relative to the size of the variable.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: AdafactorOptions | AdafactorOptions["learningRate"],
    beta2Decay?: AdafactorOptions["beta2Decay"] | AdafactorOptions,
    epsilon1?: AdafactorOptions["epsilon1"] | AdafactorOptions,
    epsilon2?: AdafactorOptions["epsilon2"] | AdafactorOptions,
    clipThreshold?: AdafactorOptions["clipThreshold"] | AdafactorOptions,
    relativeStep?: AdafactorOptions["relativeStep"] | AdafactorOptions,
    weightDecay?: AdafactorOptions["weightDecay"] | AdafactorOptions,
    others?: AdafactorOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AdafactorOptions>(
      "Adafactor",
      ["learningRate", "beta2Decay", "epsilon1", "epsilon2", "clipThreshold", "relativeStep", "weightDecay"],
      given,
    );
    super(
      { className: "Adafactor", rule: "adafactor", learningRate: 0.001, defaults: DEFAULTS, ranges: RANGES },
      options,
    );
  }
}
