/**
 * The base class of callbacks: their hooks and their access to the model.
 *
 * Over 300 lines: most of them document the hooks.
 *
 * @module
 */

import { isReadable } from "../brands.js";
import { COPY, refuseProxy } from "../copies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { guardNew } from "../getters.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { shown } from "../options.js";
import type { LayerWeight, WeightInput } from "../weights.js";

/** Numbers of a batch or an epoch by name: `loss`, metrics, and `val_` ones. A metric may be a list. */
export type Logs = Record<string, number | readonly number[]> & { loss?: number; val_loss?: number };

/** Parameters of a training run. */
export interface RunParams {
  /** 0 silent, 1 a progress bar, 2 a line per epoch. */
  readonly verbose: 0 | 1 | 2;
  /** Epochs of the run. */
  readonly epochs: number;
  /** Batches of an epoch, `null` if unknown. */
  readonly steps: number | null;
}

/** The model as a callback sees it. */
export interface CallbackModel {
  /** The model's name. */
  readonly name: string;
  /** The optimizer, `null` before `compile`. */
  readonly optimizer: Optimizer | null;
  /** Set it to end training after the current batch. */
  stopTraining: boolean;
  /**
   * Returns copies of all weights.
   *
   * @returns `{ data, shape, dtype }` each, in the order of the layers
   */
  getWeights(): LayerWeight[];
  /**
   * Overwrites all weights.
   *
   * @param weights - As many as `getWeights()` returns, of their shapes.
   */
  setWeights(weights: readonly WeightInput[]): void;
  /**
   * Returns the direction in which a metric improves.
   *
   * @param name - The metric's name in the logs.
   * @returns the direction, `undefined` if unknown
   */
  metricDirection(name: string): "up" | "down" | undefined;
}

/** The result of a hook: a promise is awaited. */
export type Hook = void | Promise<void>;

/** The hooks of a callback. Any object with some of them is a callback. */
export interface CallbackHooks {
  /**
   * Called before the first epoch of `fit`.
   *
   * @param logs - Empty.
   */
  onTrainBegin?(logs: Logs): Hook;
  /**
   * Called after the last epoch of `fit`.
   *
   * @param logs - Logs of the last epoch.
   */
  onTrainEnd?(logs: Logs): Hook;
  /**
   * Called before an epoch of `fit`.
   *
   * @param epoch - From 0.
   * @param logs - Empty.
   */
  onEpochBegin?(epoch: number, logs: Logs): Hook;
  /**
   * Called after an epoch of `fit`, validation included.
   *
   * @param epoch - From 0.
   * @param logs - Loss and metrics of the epoch; those of validation begin with `val_`.
   */
  onEpochEnd?(epoch: number, logs: Logs): Hook;
  /**
   * Called before a batch of `fit`.
   *
   * @param batch - From 0 in each epoch.
   * @param logs - Empty.
   */
  onTrainBatchBegin?(batch: number, logs: Logs): Hook;
  /**
   * Called after a batch of `fit`.
   *
   * @param batch - From 0 in each epoch.
   * @param logs - Loss and metrics of the epoch so far.
   */
  onTrainBatchEnd?(batch: number, logs: Logs): Hook;
  /**
   * Called before `evaluate`, and before validation.
   *
   * @param logs - Empty.
   */
  onTestBegin?(logs: Logs): Hook;
  /**
   * Called after `evaluate`, and after validation.
   *
   * @param logs - Loss and metrics over all batches.
   */
  onTestEnd?(logs: Logs): Hook;
  /**
   * Called before a batch of `evaluate`, or of validation.
   *
   * @param batch - From 0.
   * @param logs - Empty.
   */
  onTestBatchBegin?(batch: number, logs: Logs): Hook;
  /**
   * Called after a batch of `evaluate`, or of validation.
   *
   * @param batch - From 0.
   * @param logs - Loss and metrics of the batches so far.
   */
  onTestBatchEnd?(batch: number, logs: Logs): Hook;
  /**
   * Called before `predict`.
   *
   * @param logs - Empty.
   */
  onPredictBegin?(logs: Logs): Hook;
  /**
   * Called after `predict`.
   *
   * @param logs - Empty.
   */
  onPredictEnd?(logs: Logs): Hook;
  /**
   * Called before a batch of `predict`.
   *
   * @param batch - From 0.
   * @param logs - Empty.
   */
  onPredictBatchBegin?(batch: number, logs: Logs): Hook;
  /**
   * Called after a batch of `predict`.
   *
   * @param batch - From 0.
   * @param logs - Empty.
   */
  onPredictBatchEnd?(batch: number, logs: Logs): Hook;
}

/** Names of hooks. */
export type HookName = keyof CallbackHooks;

/** All hooks. @internal */
export const HOOKS = [
  "onTrainBegin",
  "onTrainEnd",
  "onEpochBegin",
  "onEpochEnd",
  "onTrainBatchBegin",
  "onTrainBatchEnd",
  "onTestBegin",
  "onTestEnd",
  "onTestBatchBegin",
  "onTestBatchEnd",
  "onPredictBegin",
  "onPredictEnd",
  "onPredictBatchBegin",
  "onPredictBatchEnd",
] as const satisfies readonly HookName[];

/**
 * The base class of callbacks. Override hooks; those that return a promise are awaited.
 *
 * @see [Keras: Callback](https://keras.io/api/callbacks/base_callback/)
 * @example
 * ```ts
 * import { callbacks } from "gradstep";
 *
 * class Printer extends callbacks.Callback {
 *   override onEpochEnd(epoch: number, logs: callbacks.Logs) {
 *     console.log(`epoch ${epoch}: ${logs.loss}`);
 *   }
 * }
 * ```
 */
export class Callback implements CallbackHooks {
  #model: CallbackModel | undefined;
  #params: RunParams | undefined;

  /**
   * A callback without hooks: subclasses define them.
   *
   * @throws TypeError ERR_ARGUMENT_COUNT for hooks as an argument, which `LambdaCallback` takes
   */
  constructor() {
    guardNew(this, Callback.prototype);
    // A subclass may pass on what it was given.
    if (new.target !== Callback || arguments.length === 0) return;
    throw new ArgumentTypeError(
      "ERR_ARGUMENT_COUNT",
      `Callback takes no arguments, got ${arguments.length}. Pass hooks to new LambdaCallback({ ... }), or pass the object itself to fit.`,
    );
  }

  /**
   * The model of the run.
   *
   * @throws ValueError ERR_NOT_BUILT before the run
   */
  get model(): CallbackModel {
    this.checkSelf();
    if (this.#model === undefined) {
      throw new ValueError("ERR_NOT_BUILT", "A callback has a model only after fit, evaluate or predict began.");
    }
    return this.#model;
  }

  /** Parameters of the run. */
  get params(): RunParams {
    this.checkSelf();
    return this.#params ?? { verbose: 0, epochs: 1, steps: null };
  }

  /**
   * Sets the model. The run calls it before the first hook.
   *
   * @param model - The model of the run.
   * @throws TypeError ERR_OPTION_TYPE for anything but an object
   */
  setModel(model: CallbackModel): void {
    this.checkSelf();
    if (!isReadable(model)) {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `setModel takes the model of a run, got ${shown(model)}.`);
    }
    this.#model = model;
  }

  /**
   * Sets {@link Callback.params}. The run calls it before the first hook.
   *
   * @param params - Parameters of the run.
   * @throws TypeError ERR_OPTION_TYPE for anything but an object
   */
  setParams(params: RunParams): void {
    this.checkSelf();
    if (!isReadable(params)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `setParams takes { verbose, epochs, steps }, got ${shown(params)}.`,
      );
    }
    this.#params = params;
  }

  /** Refuses a proxy. @throws TypeError @internal */
  checkSelf(): void {
    if (!(#model in this)) refuseProxy("callback");
  }

  onTrainBegin(_logs: Logs): Hook {}
  onTrainEnd(_logs: Logs): Hook {}
  onEpochBegin(_epoch: number, _logs: Logs): Hook {}
  onEpochEnd(_epoch: number, _logs: Logs): Hook {}
  onTrainBatchBegin(_batch: number, _logs: Logs): Hook {}
  onTrainBatchEnd(_batch: number, _logs: Logs): Hook {}
  onTestBegin(_logs: Logs): Hook {}
  onTestEnd(_logs: Logs): Hook {}
  onTestBatchBegin(_batch: number, _logs: Logs): Hook {}
  onTestBatchEnd(_batch: number, _logs: Logs): Hook {}
  onPredictBegin(_logs: Logs): Hook {}
  onPredictEnd(_logs: Logs): Hook {}
  onPredictBatchBegin(_batch: number, _logs: Logs): Hook {}
  onPredictBatchEnd(_batch: number, _logs: Logs): Hook {}

  /** The name of the built-in class whose state belongs to one run; undefined if runs can share it. @internal */
  get statefulName(): string | undefined {
    return undefined;
  }

  /** Called when the run failed or was aborted, so that pending output can still be written. @internal */
  runFailed(): Hook {}

  /**
   * The parts of a model in a worker that a hook reads; `undefined` if unknown, as for subclasses.
   *
   * @internal
   */
  remoteNeeds(_hook: HookName): "logs" | "weights" | "model" | undefined {
    return undefined;
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}
