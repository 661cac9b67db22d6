/**
 * History: the result of `fit`.
 *
 * @module
 */

import { NOTEBOOK, type Notebook } from "../display.js";
import { checkCount } from "../options.js";
import { Callback, type Logs } from "./callback.js";
import { historyChart } from "./history-chart.js";

/** The logs of every epoch. `fit` adds one automatically, and returns it. */
export class History extends Callback {
  /** Numbers of the epochs, from 0. */
  epoch: number[] = [];
  /** A list with one entry per epoch for each of `loss`, metrics, `val_loss`, ... */
  history: Record<string, (number | readonly number[])[]> = {};

  constructor() {
    super();
    checkCount("History", arguments.length, 0);
  }

  override onTrainBegin(): void {
    this.epoch = [];
    this.history = {};
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      // Own, because a metric may be called "constructor".
      const list = (Object.hasOwn(this.history, name) ? this.history[name] : undefined) ?? [];
      this.history[name] = list;
      list.push(value);
    }
  }

  /** The curves as a picture. @internal */
  [NOTEBOOK](): Notebook {
    return { "image/svg+xml": historyChart(this.history), "text/plain": JSON.stringify(this.history) };
  }
}
