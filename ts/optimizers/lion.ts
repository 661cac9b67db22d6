/**
 * Lion. Kernel: `crates/core/src/optimizers/lion.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { FRACTION } from "../options.js";
import type { StateDtype } from "./definition.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Lion}. */
export interface LionOptions extends OptimizerOptions {
  /** Fraction of the momentum in the direction of a step, above 0 to 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the momentum; from 0 to 1. Default: 0.99. */
  readonly beta2?: Scheduled | undefined;
  /**
   * Type of the momentum of variables with 4096 numbers or more: "float32"; "bfloat16", which takes half of the memory;
   * or "uint8", with bitsandbytes's codes, a quarter. Default: "float32".
   */
  readonly stateDtype?: StateDtype | undefined;
}

/**
 * Lion (Chen et al. 2023): every weight moves by the learning rate, in the direction of its momentum's sign.
 *
 * @remarks
 * State: one slot, half of Adam's. Use it when memory is short, with a rate 3 to 10 times smaller than Adam's and a
 * larger weight decay.
 *
 * Example: `new Lion({ learningRate: 1e-4, weightDecay: 0.1 })`.
 *
 * @see [Chen et al. 2023](https://arxiv.org/abs/2302.06675)
 *
 * @example
 * ```ts
 * import { Lion, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Lion({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.5, 1.5, 2.5, 3.5]
 * ```
 */
export class Lion extends Optimizer<LionOptions> {
  static override readonly className: string = "Lion";
  /** Fraction of the momentum in the direction of a step. */
  declare readonly beta1: number;
  /** Decay of the momentum. */
  declare readonly beta2: number;
  /** Type of the momentum. */
  declare readonly stateDtype: StateDtype;

  /**
   * Lion (Chen et al. 2023): every weight moves by the learning rate, in the direction of its momentum's sign.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: LionOptions | LionOptions["learningRate"],
    beta1?: LionOptions["beta1"] | LionOptions,
    beta2?: LionOptions["beta2"] | LionOptions,
    weightDecay?: LionOptions["weightDecay"] | LionOptions,
    others?: LionOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<LionOptions>("Lion", ["learningRate", "beta1", "beta2", "weightDecay"], given);
    super(
      {
        className: "Lion",
        rule: "lion",
        learningRate: 0.001,
        defaults: { beta1: 0.9, beta2: 0.99, stateDtype: "float32" },
        ranges: { beta1: { above: 0, most: 1 }, beta2: FRACTION },
      },
      options,
    );
  }
}
