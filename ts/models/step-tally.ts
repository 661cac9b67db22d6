/**
 * Results of one run of a model with custom steps: what its last step returned, and the model's own metrics.
 *
 * @module
 */

import type { Logs } from "../callbacks/callback.js";
import { stepLogs } from "./step-logs.js";
import type { RunTally } from "./tally.js";

/** A model with custom steps, as its results are read. */
export interface MeasuredModel {
  readonly name: string;
  /** Names of its metrics, in their order. @internal */
  readonly metricNames: readonly string[];
  /** Whether the loss among its metrics was left out by the steps of this run. @internal */
  readonly isLossUnseen: boolean;
  resetMetrics(): void;
  getMetricsResult(): object;
}

/** Logs of a run. It resets the model's metrics when it begins. */
export class StepTally implements RunTally {
  readonly #model: MeasuredModel;
  #last: Logs = {};

  /** Resets the metrics. @throws what a custom `resetMetrics` throws */
  constructor(model: MeasuredModel) {
    this.#model = model;
    model.resetMetrics();
  }

  /** The logs of a step. */
  add(logs: Logs): void {
    this.#last = logs;
  }

  /**
   * Ends the run: if the steps return what the metrics are called, the metrics' results count, as in Keras. Except for a
   * loss that no step has passed on to `computeLoss`: Keras reports 0 then.
   */
  finish(): void {
    const model = this.#model;
    const results = stepLogs(`${model.name}: getMetricsResult`, model.getMetricsResult());
    const names = Object.keys(results);
    const isSame = names.length === Object.keys(this.#last).length && names.every((name) => name in this.#last);
    if (!isSame) return;
    this.#last = model.isLossUnseen ? { ...results, loss: this.#last.loss as number } : results;
  }

  logs(prefix = ""): Logs {
    return Object.fromEntries(Object.entries(this.#last).map(([name, value]) => [prefix + name, value]));
  }

  entries(): [string, number | readonly number[]][] {
    const last = this.#last;
    const known = this.#model.metricNames.filter((name, i, all) => name in last && all.indexOf(name) === i);
    const others = Object.keys(last).filter((name) => !known.includes(name));
    return [...known, ...others].map((name) => [name, last[name] as number | readonly number[]]);
  }

  close(): void {}
}
