/**
 * History: the result of `fit`.
 *
 * @module
 */

import { NOTEBOOK, type Notebook } from "../display.js";
import { checkCount, checkObject } from "../options.js";
import { Callback, type Logs } from "./callback.js";
import { historyChart } from "./history-chart.js";
import { givenCount, givenLogs } from "./hook-arguments.js";

/**
 * Lists with one entry per epoch, by the names of losses and metrics. A metric with several results, such as `FBetaScore` without an
 * average, has a list of numbers per epoch.
 */
export interface HistoryLists {
  [name: string]: number[];
  /** The loss of each epoch, including the layers' losses. */
  loss: number[];
}

/**
 * The logs of every epoch. `fit` adds one automatically, and returns it.
 *
 * @see [Keras: fit](https://keras.io/api/models/model_training_apis/#fit-method)
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 *
 * const model = new Sequential([new layers.Dense(1)]);
 * model.compile({ optimizer: "sgd", loss: "mse" });
 * const history = await model.fit([[1], [2]], [[2], [4]], { epochs: 3, verbose: 0 });
 * console.log(history.epoch); // [0, 1, 2]
 * console.log(history.history.loss.length); // 3
 * ```
 */
export class History extends Callback {
  /** Numbers of the epochs, from 0. */
  epoch: number[] = [];
  /** A list with one entry per epoch for each of `loss`, metrics, `val_loss`, ... */
  history: HistoryLists = {} as HistoryLists;

  constructor() {
    super();
    checkCount("History", arguments.length, 0);
  }

  /** @internal */
  override get statefulName(): string {
    return "History";
  }

  override onTrainBegin(): void {
    checkObject(this, "onTrainBegin");
    this.epoch = [];
    this.history = {} as HistoryLists;
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    checkObject(this, "onEpochEnd");
    const count = givenCount("History", "epoch", epoch);
    const values = Object.entries(givenLogs("History", logs));
    this.epoch.push(count);
    for (const [name, value] of values) {
      // As own properties, because a metric may be called "constructor".
      const list = (Object.hasOwn(this.history, name) ? this.history[name] : undefined) ?? [];
      this.history[name] = list;
      list.push(value as number);
    }
  }

  /** The curves as an image. @internal */
  [NOTEBOOK](): Notebook {
    return { "image/svg+xml": historyChart(this.history), "text/plain": JSON.stringify(this.history) };
  }
}
