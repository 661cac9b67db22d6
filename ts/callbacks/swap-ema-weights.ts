/**
 * SwapEMAWeights.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { showAverages } from "../optimizers/shown-averages.js";
import { boolean, checkKnownOptions, checkObject } from "../options.js";
import { Callback, type HookName } from "./callback.js";

/** Options of {@link SwapEMAWeights}, with Keras's defaults. */
export interface SwapEMAWeightsOptions {
  /**
   * Keep the averages in the variables from the end of an epoch to the start of the next, so that callbacks see them.
   * Default: false.
   */
  readonly swapOnEpoch?: boolean | undefined;
}

/**
 * Evaluates a model with the moving averages of its weights, from an optimizer with `useEma: true`.
 *
 * `evaluate`, `predict` and the validation of `fit` use the averages, training uses the weights. With `swapOnEpoch`,
 * callbacks after
 * this one see the averages at the end of each epoch: place `ModelCheckpoint` after it to store them. `fit` ends with the
 * averages, as usual with `useEma`.
 *
 * @throws ValueError ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE; in a run ValueError ERR_OPTION_CONFLICT when the optimizer has no averages
 * @see [Keras: SwapEMAWeights](https://keras.io/api/callbacks/swap_ema_weights/)
 * @example
 * ```ts
 * import { callbacks, layers, SGD, Sequential } from "gradstep";
 *
 * const model = new Sequential([new layers.Dense(1)]);
 * model.compile({ optimizer: new SGD({ learningRate: 0.1, useEma: true }), loss: "mse" });
 * const swapping = new callbacks.SwapEMAWeights();
 * const data = [[[1], [2]], [[2], [4]]] as const;
 * const history = await model.fit(...data, { epochs: 3, verbose: 0, validationData: data, callbacks: [swapping] });
 * console.log(history.epoch.length); // 3
 * ```
 */
export class SwapEMAWeights extends Callback {
  /** Whether callbacks see the averages at the end of an epoch. */
  readonly swapOnEpoch: boolean;

  constructor(options?: SwapEMAWeightsOptions | SwapEMAWeightsOptions["swapOnEpoch"], others?: SwapEMAWeightsOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<SwapEMAWeightsOptions>("SwapEMAWeights", ["swapOnEpoch"], given);
    super();
    checkKnownOptions("SwapEMAWeights", options, ["swapOnEpoch"]);
    this.swapOnEpoch = boolean("SwapEMAWeights", "swapOnEpoch", options.swapOnEpoch ?? false);
  }

  /** @internal */
  override get statefulName(): string {
    return "SwapEMAWeights";
  }

  override onEpochBegin(): void {
    checkObject(this, "onEpochBegin");
    this.#show("onEpochBegin");
  }

  override onEpochEnd(): void {
    checkObject(this, "onEpochEnd");
    this.#show("onEpochEnd");
  }

  override onTestBegin(): void {
    checkObject(this, "onTestBegin");
    this.#show("onTestBegin");
  }

  override onTestEnd(): void {
    checkObject(this, "onTestEnd");
    this.#show("onTestEnd");
  }

  override onPredictBegin(): void {
    checkObject(this, "onPredictBegin");
    this.#show("onPredictBegin");
  }

  override onPredictEnd(): void {
    checkObject(this, "onPredictEnd");
    this.#show("onPredictEnd");
  }

  #show(hook: HookName): void {
    const on = showsAveragesAt(this, hook);
    const { optimizer } = this.model;
    if (on !== undefined && optimizer !== null) showAverages(optimizer, on);
  }
}

/** Whether a hook switches to the averages (true), back to the weights (false), or neither (undefined). */
export function showsAveragesAt({ swapOnEpoch }: SwapEMAWeights, hook: HookName): boolean | undefined {
  if (/^on(Test|Predict)(Begin|End)$/.test(hook)) return hook.endsWith("Begin");
  return swapOnEpoch && hook.startsWith("onEpoch") ? hook === "onEpochEnd" : undefined;
}
