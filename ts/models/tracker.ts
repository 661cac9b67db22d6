/**
 * The numbers of an epoch: losses and metrics, gathered batch by batch.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Logs } from "../callbacks/callback.js";
import type { Loss } from "../losses/loss.js";
import type { Metric } from "../metrics/metric.js";
import { type MetricIdentifier, metricFor } from "../metrics/registry.js";
import type { Tensor } from "../tensor.js";
import { perOutput } from "./objective.js";

/** Metrics of all outputs: a list for each, or one list for all. */
export type MetricsOption =
  | readonly (MetricIdentifier | readonly MetricIdentifier[])[]
  | Readonly<Record<string, MetricIdentifier | readonly MetricIdentifier[]>>;

/** A metric, its name in the logs, and the output that it looks at. */
interface Tracked {
  readonly name: string;
  readonly metric: Metric;
  readonly output: number;
  readonly weighted: boolean;
}

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

  reset(): void {
    this.#total = 0;
    this.#count = 0;
  }
}

/** Losses and metrics of a compiled model. */
export class Tracker {
  readonly #loss = new LossMean();
  /** One for each output that has a loss, where there are several. */
  readonly #parts: readonly (LossMean | null)[];
  readonly #outputs: readonly string[];
  readonly #tracked: readonly Tracked[];

  /**
   * Metrics are chosen by the shapes of the first batch, as Keras does.
   *
   * @param options - `losses`: one for each output, `null` for none.
   */
  constructor(
    options: {
      readonly metrics: MetricsOption;
      readonly weightedMetrics: MetricsOption;
      readonly losses: readonly (Loss | null)[];
    },
    outputs: readonly string[],
    y: readonly Operand[],
    predictions: readonly Tensor[],
  ) {
    this.#outputs = outputs;
    const { losses } = options;
    const isSum = losses.filter((loss) => loss !== null).length > 1;
    this.#parts = losses.map((loss) => (isSum && loss !== null ? new LossMean() : null));
    const tracked: Tracked[] = [];
    const taken = new Set<string>();
    for (const weighted of [false, true]) {
      const given = weighted ? options.weightedMetrics : options.metrics;
      listsOf(given, outputs).forEach((identifiers, output) => {
        for (const identifier of identifiers) {
          const metric = metricFor(identifier, y[output]?.shape ?? [], (predictions[output] as Tensor).shape);
          const base = outputs.length > 1 ? `${outputs[output]}_${metric.name}` : metric.name;
          const clash = weighted && taken.has(base) ? `weighted_${base}` : base;
          const name = unique(clash, taken);
          tracked.push({ name, metric, output, weighted });
        }
      });
    }
    this.#tracked = tracked;
  }

  /** The metrics, in the order of compile. */
  get metrics(): readonly Metric[] {
    return this.#tracked.map(({ metric }) => metric);
  }

  /** Whether a metric of this name gets better upwards or downwards. */
  direction(name: string): "up" | "down" | undefined {
    return this.#tracked.find((tracked) => tracked.name === name)?.metric.direction;
  }

  /** Adds the losses of a batch. */
  addLoss(total: number, parts: readonly (number | null)[], size: number): void {
    this.#loss.add(total, size);
    this.#parts.forEach((mean, i) => {
      const part = parts[i] ?? null;
      if (part !== null) mean?.add(part, size);
    });
  }

  /** Adds the predictions of a batch. Inside a step. */
  addPredictions(
    y: readonly Operand[],
    predictions: readonly Tensor[],
    weights: readonly (Operand | undefined)[],
  ): void {
    for (const { metric, output, weighted } of this.#tracked) {
      const target = y[output];
      if (target !== undefined)
        metric.updateState(target, predictions[output] as Tensor, weighted ? weights[output] : undefined);
    }
  }

  /** Whether there are labels of which something is to be told. */
  get hasMetrics(): boolean {
    return this.#tracked.length > 0;
  }

  reset(): void {
    this.#loss.reset();
    for (const part of this.#parts) part?.reset();
    for (const { metric } of this.#tracked) metric.resetState();
  }

  /** Names and values in the order of Keras's `evaluate`: the loss, metrics, losses of outputs. */
  entries(): [string, number | readonly number[]][] {
    return [
      ["loss", this.#loss.result()],
      ...this.#tracked.map(({ name, metric }): [string, number | readonly number[]] => [name, metric.result()]),
      ...this.#parts.flatMap((part, i): [string, number][] =>
        part === null ? [] : [[`${this.#outputs[i]}_loss`, part.result()]],
      ),
    ];
  }

  /** Logs as Keras writes them, by name. */
  logs(prefix = ""): Logs {
    const sorted = this.entries().sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Object.fromEntries(sorted.map(([name, value]) => [prefix + name, value]));
  }
}

function listsOf(given: MetricsOption, outputs: readonly string[]): (readonly MetricIdentifier[])[] {
  const asList = (entry: MetricIdentifier | readonly MetricIdentifier[] | null): readonly MetricIdentifier[] =>
    entry === null ? [] : Array.isArray(entry) ? entry : [entry as MetricIdentifier];
  if (outputs.length === 1) {
    const flat = Array.isArray(given) ? given : Object.values(given);
    return [flat.flatMap((entry) => asList(entry))];
  }
  const isEmpty = Array.isArray(given) && given.length === 0;
  if (isEmpty) return outputs.map(() => []);
  return perOutput("metrics", given as readonly (readonly MetricIdentifier[])[], outputs).map((entry) =>
    asList(entry as readonly MetricIdentifier[] | null),
  );
}

function unique(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let i = 1; taken.has(candidate); i++) candidate = `${name}_${i}`;
  taken.add(candidate);
  return candidate;
}
