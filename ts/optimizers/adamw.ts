/**
 * AdamW. Kernel: `crates/core/src/optimizers/adamw.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { NamedOptions } from "../named-options.js";
import { refuseRange } from "../options.js";
import { ADAM_DEFAULTS, ADAM_RANGES, type AdamOptions, CLIP_DEFAULT, checkClip, STATE_DEFAULT } from "./adam.js";
import type { StateDtype } from "./definition.js";
import { Optimizer } from "./optimizer.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link AdamW}: those of Adam, with weight decay on by default. */
export interface AdamWOptions extends Omit<AdamOptions, "weightDecay" | "name">, NamedOptions {
  /** Decoupled weight decay: `w -= w * weightDecay * learningRate` before each update. Default: 0.004. */
  readonly weightDecay?: Scheduled | undefined;
}

/**
 * AdamW (Loshchilov and Hutter 2017): Adam with decoupled weight decay.
 *
 * @remarks
 * ```text
 * w <- w - w weightDecay lr, then Adam
 * ```
 *
 * State: two slots; three with `amsgrad`. Use it instead of Adam when weights should stay small: transformers,
 * fine-tuning. Exclude biases and normalization with `excludeFromWeightDecay`.
 *
 * Example: `new AdamW({ learningRate: 3e-4, weightDecay: 0.01 })`.
 *
 * @see [Loshchilov and Hutter 2017](https://arxiv.org/abs/1711.05101)
 *
 * @example
 * ```ts
 * import { AdamW, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2, 3, 4]);
 * const optimizer = new AdamW({ learningRate: 0.5 });
 * optimizer.applyGradients([[[1, 6, 7, 2], w]]);
 * console.log(w.array()); // about [0.498, 1.496, 2.494, 3.492]
 * ```
 */
export class AdamW extends Optimizer<AdamWOptions> {
  static override readonly className: string = "AdamW";
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
   * AdamW (Loshchilov and Hutter 2017): Adam with decoupled weight decay.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: AdamWOptions | AdamWOptions["learningRate"],
    weightDecay?: AdamWOptions["weightDecay"] | AdamWOptions,
    beta1?: AdamWOptions["beta1"] | AdamWOptions,
    beta2?: AdamWOptions["beta2"] | AdamWOptions,
    epsilon?: AdamWOptions["epsilon"] | AdamWOptions,
    amsgrad?: AdamWOptions["amsgrad"] | AdamWOptions,
    others?: AdamWOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<AdamWOptions>(
      "AdamW",
      ["learningRate", "weightDecay", ...Object.keys(ADAM_DEFAULTS)],
      given,
    );
    // Before a name is used up: a refused optimizer uses none.
    if (options.weightDecay === null) refuseRange("AdamW", "weightDecay", "a number, for none use Adam", null);
    checkClip("AdamW", options);
    super(
      {
        className: "AdamW",
        rule: "adamw",
        learningRate: 0.001,
        weightDecay: 0.004,
        defaults: { ...ADAM_DEFAULTS, ...STATE_DEFAULT, ...CLIP_DEFAULT },
        ranges: ADAM_RANGES,
      },
      options,
    );
  }
}
