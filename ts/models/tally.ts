/**
 * Results accumulated by one run: the means of losses, and the state of metrics.
 *
 * Each `evaluate`, each epoch of `fit`, each validation and each `testOnBatch` has a tally, so concurrent runs of one
 * model have separate results.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isA, isFloat32Array } from "../brands.js";
import type { Logs } from "../callbacks/callback.js";
import { ArgumentTypeError } from "../errors.js";
import type { Metric, MetricResult } from "../metrics/metric.js";
import { isList, shown } from "../options.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import type { ClassWeights } from "./class-weights.js";
import type { DataChecks } from "./data-checks.js";
import type { MeanState, Tracker } from "./tracker.js";
import { UpdateFigures } from "./update-figures.js";

/** A mean of losses, each weighted by its batch's size. */
class LossMean {
  #total = 0;
  #count = 0;

  add(value: number, size: number): void {
    this.#total += value * size;
    this.#count += size;
  }

  result(): number {
    return this.#count === 0 ? 0 : Math.fround(this.#total / this.#count);
  }

  get state(): MeanState {
    return { total: this.#total, count: this.#count };
  }
}

/** Results of a run with any kind of steps. */
export interface RunTally {
  /** Update statistics for the logs. */
  readonly figures: UpdateFigures;
  /** Names and values in the order of Keras's `evaluate`; empty before the first batch. */
  entries(): [string, number | readonly number[]][];
  /** Logs by name, as in Keras. */
  logs(prefix?: string): Logs;
  /** Settles the results, after the last batch. */
  finish(): void;
  /** Ends the run. */
  close(): void;
}

/** Arguments of a run's steps other than the batches. */
export interface StepRun {
  readonly tally: RunTally;
  /** Training steps only. */
  readonly classWeights?: ClassWeights | undefined;
  /** Checks that need the first outputs. */
  readonly checks?: DataChecks | undefined;
}

/** A custom metric may return anything, but logs, history and callbacks compare numbers. @throws TypeError */
function checkedResult(name: string, result: unknown): MetricResult {
  const isNumbers = isList(result) ? result.every((value) => typeof value === "number") : isFloat32Array(result);
  if (isNumbers || typeof result === "number") return result as MetricResult;
  if (isA(result, Tensor) || isA(result, Variable)) {
    if (result.size === 1) return result.numbers[0]!;
    if (result.shape.length === 1 && result.size > 0) return Array.from(result.numbers);
  }
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `The metric "${name}": result must return a number or a list of numbers, got ${shown(result)}.`,
  );
}

/** Metrics in use by a run; another run creates fresh ones of the same kind. */
const inUse = new WeakSet<Metric>();

/** Losses and metrics of one run. */
export class Tally implements RunTally {
  readonly figures: UpdateFigures = new UpdateFigures();
  #tracker: Tracker | undefined;
  readonly #loss = new LossMean();
  #parts: readonly (LossMean | null)[] = [];
  #metrics: readonly Metric[] = [];
  /** The caller's metrics among {@link Tally.#metrics}. */
  #taken: readonly Metric[] = [];

  /** Adds a batch's losses. @throws errors of a custom metric's `resetState` and `fresh` */
  addLoss(tracker: Tracker, total: number, parts: readonly (number | null)[], size: number): void {
    if (this.#tracker === undefined) this.#begin(tracker);
    this.#loss.add(total, size);
    this.#parts.forEach((mean, i) => {
      const part = parts[i] ?? null;
      if (part !== null) mean?.add(part, size);
    });
  }

  /** Adds a batch's predictions, after its losses. Inside a step. */
  addPredictions(
    y: readonly Operand[],
    predictions: readonly Tensor[],
    weights: readonly (Operand | undefined)[],
  ): void {
    const tracked = this.#tracker?.tracked ?? [];
    for (let i = 0; i < tracked.length; i++) {
      const { output, weighted } = tracked[i]!;
      const target = y[output];
      if (target === undefined) continue;
      this.#metrics[i]!.updateState(target, predictions[output]!, weighted ? weights[output] : undefined);
    }
  }

  /** Names and values in the order of Keras's `evaluate`: the loss, losses of outputs, metrics. Empty before the first batch. */
  entries(): [string, number | readonly number[]][] {
    const tracker = this.#tracker;
    if (tracker === undefined) return [];
    return [
      ["loss", this.#loss.result()],
      ...this.#parts.flatMap((part, i): [string, number][] =>
        part === null ? [] : [[tracker.lossNames[i]!, part.result()]],
      ),
      ...tracker.order.map((i): [string, number | readonly number[]] => {
        const { name } = tracker.tracked[i]!;
        return [name, checkedResult(name, this.#metrics[i]!.result())];
      }),
    ];
  }

  /** Logs by name, as in Keras. */
  logs(prefix = ""): Logs {
    const sorted = [...this.entries(), ...this.figures.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Object.fromEntries(sorted.map(([name, value]) => [prefix + name, value]));
  }

  finish(): void {}

  /** Ends the run: the caller's metrics keep its results, and are free for the next run. */
  close(): void {
    this.#tracker?.settleLosses(
      this.#loss.state,
      this.#parts.map((part) => part?.state ?? null),
    );
    for (const metric of this.#taken) inUse.delete(metric);
    this.#taken = [];
  }

  #begin(tracker: Tracker): void {
    const taken: Metric[] = [];
    try {
      const metrics = tracker.metrics.map((metric) => {
        // The same metric for two outputs, in two models, or in a run inside another run's callback.
        metric.checkSelf();
        const own = inUse.has(metric) ? metric.fresh() : metric;
        if (own === metric) {
          inUse.add(metric);
          taken.push(metric);
        }
        return own;
      });
      for (const metric of metrics) metric.resetState();
      this.#metrics = metrics;
    } catch (error) {
      for (const metric of taken) inUse.delete(metric);
      throw error;
    }
    this.#taken = taken;
    this.#parts = tracker.lossNames.map((name) => (name === null ? null : new LossMean()));
    this.#tracker = tracker;
  }
}
