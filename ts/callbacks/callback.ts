/**
 * The base of callbacks: what training tells them, and what they may do to it.
 *
 * @module
 */

import { COPY } from "../copies.js";
import { ValueError } from "../errors.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { LayerWeight, WeightInput } from "../weights.js";

/** Numbers of a batch or an epoch by name: `loss`, metrics, and `val_` ones. A metric may be a list. */
export type Logs = Record<string, number | readonly number[]>;

/** Parameters of a run of training. */
export interface RunParams {
  /** 0 silent, 1 a progress bar, 2 a line per epoch. */
  readonly verbose: 0 | 1 | 2;
  readonly epochs: number;
  /** Batches of an epoch, `null` where the data do not tell. */
  readonly steps: number | null;
}

/** The model as a callback sees it. */
export interface CallbackModel {
  readonly name: string;
  readonly optimizer: Optimizer | null;
  /** Set it, and training ends after the batch that runs. */
  stopTraining: boolean;
  getWeights(): LayerWeight[];
  setWeights(weights: readonly WeightInput[]): void;
  /** Whether a metric gets better upwards or downwards, where that is known. */
  metricDirection(name: string): "up" | "down" | undefined;
}

/** The result of a hook: a promise is waited for. */
export type Hook = void | Promise<void>;

/** The hooks of a callback. Any object with some of them serves as one. */
export interface CallbackHooks {
  onTrainBegin?(logs: Logs): Hook;
  onTrainEnd?(logs: Logs): Hook;
  onEpochBegin?(epoch: number, logs: Logs): Hook;
  onEpochEnd?(epoch: number, logs: Logs): Hook;
  onTrainBatchBegin?(batch: number, logs: Logs): Hook;
  onTrainBatchEnd?(batch: number, logs: Logs): Hook;
  onTestBegin?(logs: Logs): Hook;
  onTestEnd?(logs: Logs): Hook;
  onTestBatchBegin?(batch: number, logs: Logs): Hook;
  onTestBatchEnd?(batch: number, logs: Logs): Hook;
  onPredictBegin?(logs: Logs): Hook;
  onPredictEnd?(logs: Logs): Hook;
  onPredictBatchBegin?(batch: number, logs: Logs): Hook;
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
 * The base of callbacks. Override hooks; those that return a promise are waited for.
 *
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

  /** The model in training. @throws ValueError outside of training */
  get model(): CallbackModel {
    if (this.#model === undefined) {
      throw new ValueError("ERR_NOT_BUILT", "A callback has a model only after fit, evaluate or predict began.");
    }
    return this.#model;
  }

  /** Parameters of the run. */
  get params(): RunParams {
    return this.#params ?? { verbose: 0, epochs: 1, steps: null };
  }

  /** Called before the first hook. */
  setModel(model: CallbackModel): void {
    this.#model = model;
  }

  /** Called before the first hook. */
  setParams(params: RunParams): void {
    this.#params = params;
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

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}
