/**
 * Results of one run of a model with custom steps: the logs of its last step, and the model's metrics.
 *
 * @module
 */

import { scratch } from "../autodiff/arena.js";
import type { Logs } from "../callbacks/callback.js";
import { agree } from "../replicas/agreement.js";
import { formOf } from "../replicas/checksum.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";
import { meanLogs } from "./mean-logs.js";
import { stepLogs } from "./step-logs.js";
import type { RunTally } from "./tally.js";
import { UpdateFigures } from "./update-figures.js";

/** The parts of a model with custom steps from which results are read. */
export interface MeasuredModel {
  readonly name: string;
  /** Names of its metrics, in their order. @internal */
  readonly metricNames: readonly string[];
  /** Whether the steps of this run did not update the loss metric. @internal */
  readonly isLossUnseen: boolean;
  resetMetrics(): void;
  getMetricsResult(): object;
}

/** Logs of a run. Its start resets the model's metrics. */
export class StepTally implements RunTally {
  readonly figures: UpdateFigures = new UpdateFigures();
  readonly #model: MeasuredModel;
  readonly #group: ReplicaGroup;
  #last: Logs = {};
  /** Number of samples of this replica and of all. */
  #samples = 0;
  #total = 0;

  /**
   * Resets the metrics.
   *
   * @param group - Replicas that compute the run together.
   * @throws errors of a custom `resetMetrics`
   */
  constructor(model: MeasuredModel, group: ReplicaGroup) {
    this.#model = model;
    this.#group = group;
    model.resetMetrics();
  }

  /** The logs of a step; on replicas, also the number of samples of this replica and of all. */
  add(logs: Logs, samples = 0, total = 0): void {
    this.#last = logs;
    this.#samples += samples;
    this.#total += total;
  }

  /**
   * Ends the run: if the steps return the names of the metrics, the metrics' results count, as in Keras. The exception
   * is a loss that no step computed with `computeLoss`, for which Keras reports 0. On replicas the results are
   * averaged, weighted by samples.
   *
   * @throws ReplicaError when another replica's metrics throw, or have other names
   */
  finish(): void {
    const model = this.#model;
    const group = this.#group;
    let results: Logs = {};
    let isSame = false;
    agree(group, model.name, () => {
      results = stepLogs(`${model.name}: getMetricsResult`, model.getMetricsResult());
      const names = Object.keys(results);
      isSame = names.length === Object.keys(this.#last).length && names.every((name) => name in this.#last);
      return formOf([Number(isSame), ...Object.values(results).map((value) => [value].flat().length)]);
    });
    if (!isSame) return;
    if (this.#total > 0) results = scratch(() => meanLogs(group, results, this.#samples / this.#total));
    this.#last = model.isLossUnseen ? { ...results, loss: this.#last.loss as number } : results;
  }

  logs(prefix = ""): Logs {
    const all = [...this.figures.entries(), ...Object.entries(this.#last)];
    return Object.fromEntries(all.map(([name, value]) => [prefix + name, value]));
  }

  entries(): [string, number | readonly number[]][] {
    const last = this.#last;
    const known = this.#model.metricNames.filter((name, i, all) => name in last && all.indexOf(name) === i);
    const others = Object.keys(last).filter((name) => !known.includes(name));
    return [...known, ...others].map((name) => [name, last[name]!]);
  }

  close(): void {}
}
