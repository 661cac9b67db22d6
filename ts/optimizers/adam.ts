/**
 * Adam. Kernel: `crates/core/src/optimizers/adam.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { DECAY, NON_NEGATIVE, POSITIVE } from "../options.js";
import type { StateDtype } from "./definition.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Adam}. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay of the first moment, the mean of gradients; 0 or above, and below 1. Default: 0.9. */
  readonly beta1?: Scheduled | undefined;
  /** Decay of the second moment, the mean of squared gradients; 0 or above, and below 1. Default: 0.999. */
  readonly beta2?: Scheduled | undefined;
  /** Keeps the division finite; the paper's epsilon hat; 0 or above. Default: 1e-7. */
  readonly epsilon?: Scheduled | undefined;
  /** Use the largest second moment so far (Reddi et al. 2018). Default: false. */
  readonly amsgrad?: boolean | undefined;
  /**
   * Type of the moments of variables with 4096 numbers or more: "float32"; "bfloat16", which takes half of the memory;
   * or "uint8", with bitsandbytes's codes, a quarter. Default: "float32".
   */
  readonly stateDtype?: StateDtype | undefined;
  /**
   * Update clipping (Shazeer and Stern 2018, StableAdamW): a variable's step is shortened if the root mean square of
   * its gradient, divided by the root of the second moment, exceeds this number; above 0. StableAdamW uses 1.
   * Default: null, none.
   */
  readonly clipThreshold?: Scheduled | null | undefined;
}

/** Adam's arguments with Keras's defaults, also for AdamW. @internal */
export const ADAM_DEFAULTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, amsgrad: false } as const;

/** The same of Adam, AdamW and Lion. @internal */
export const STATE_DEFAULT = { stateDtype: "float32" } as const;

/** The same of Adam and AdamW. @internal */
export const CLIP_DEFAULT = { clipThreshold: null } as const;

/** Their ranges. @internal */
export const ADAM_RANGES = { beta1: DECAY, beta2: DECAY, epsilon: NON_NEGATIVE, clipThreshold: POSITIVE };

/**
 * Refuses options that update clipping does not support, before a name is used up. @throws ValueError
 * ERR_OPTION_CONFLICT @internal
 */
export function checkClip(owner: string, given: Omit<AdamOptions, "weightDecay">): void {
  const other = given.amsgrad ? "amsgrad" : (given.stateDtype ?? "float32") === "float32" ? undefined : "stateDtype";
  if (other === undefined || (given.clipThreshold ?? null) === null) return;
  throw new ValueError(
    "ERR_OPTION_CONFLICT",
    `${owner}: "${argumentName("clipThreshold")}" conflicts with "${argumentName(other)}". Leave one of them out.`,
  );
}

/**
 * Adam (Kingma and Ba 2014): steps scaled by running means of the gradient and its square.
 *
 * @remarks
 * State: two slots; three with `amsgrad`. The default choice: it works on most problems at 0.001. `epsilon` is the paper's
 * epsilon hat, as in Keras.
 *
 * Example: `new Adam({ learningRate: 0.001 })`.
 *
 * @see [Kingma and Ba 2014](https://arxiv.org/abs/1412.6980), [Reddi et al. 2018](https://arxiv.org/abs/1904.09237)
 *
 * @example
 * ```ts
 * import { Adam, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new Adam({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.5, 1.5, 2.5, 3.5]
 * ```
 */
export class Adam extends Optimizer<AdamOptions> {
  static override readonly className: string = "Adam";
  /** Decay of the first moment. */
  declare readonly beta1: number;
  /** Decay of the second moment. */
  declare readonly beta2: number;
  /** Added to the root of the second moment. */
  declare readonly epsilon: number;
  /** Whether the largest second moment is used. */
  declare readonly amsgrad: boolean;
  /** Type of the moments. */
  declare readonly stateDtype: StateDtype;
  /** Root mean square above which updates are shortened, or `null`. */
  declare readonly clipThreshold: number | null;

  /**
   * Adam (Kingma and Ba 2014): steps scaled by running means of the gradient and its square.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: AdamOptions | AdamOptions["learningRate"],
    beta1?: AdamOptions["beta1"] | AdamOptions,
    beta2?: AdamOptions["beta2"] | AdamOptions,
    epsilon?: AdamOptions["epsilon"] | AdamOptions,
    amsgrad?: AdamOptions["amsgrad"] | AdamOptions,
    weightDecay?: AdamOptions["weightDecay"] | AdamOptions,
    others?: AdamOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AdamOptions>(
      "Adam",
      ["learningRate", ...Object.keys(ADAM_DEFAULTS), "weightDecay"],
      given,
    );
    checkClip("Adam", options);
    super(
      {
        className: "Adam",
        rule: "adam",
        learningRate: 0.001,
        defaults: { ...ADAM_DEFAULTS, ...STATE_DEFAULT, ...CLIP_DEFAULT },
        ranges: ADAM_RANGES,
      },
      options,
    );
  }
}
