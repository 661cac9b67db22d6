/**
 * Losses and metrics of a compiled model, chosen by the shapes of its first batch.
 *
 * @module
 */

import type { Loss } from "../losses/loss.js";
import { Mean } from "../metrics/mean.js";
import type { Metric } from "../metrics/metric.js";
import { type MetricIdentifier, metricFor } from "../metrics/registry.js";
import { isList } from "../options.js";
import { perOutput, type Shaped } from "./objective.js";

/** A metric, or the accuracy that fits the shapes of labels and outputs. */
type OneMetric = MetricIdentifier | "accuracy" | "acc";

/** Metrics of all outputs: a list for each, or one list for all. */
export type MetricsOption =
  | readonly (OneMetric | readonly OneMetric[])[]
  | Readonly<Record<string, OneMetric | readonly OneMetric[]>>;

/** State of a mean. */
export interface MeanState {
  readonly total: number;
  readonly count: number;
}

/** A metric, its name in the logs, and its output. */
export interface Tracked {
  readonly name: string;
  readonly metric: Metric;
  readonly output: number;
  readonly weighted: boolean;
}

/** Losses and metrics that a compiled model reports, and their names. A run accumulates them in a {@link Tally}. */
export class Tracker {
  /** Name of each output's loss, if there are several outputs; otherwise `null`. */
  readonly lossNames: readonly (string | null)[];
  /** Metrics with their names and outputs, in the order of compile. */
  readonly tracked: readonly Tracked[];
  /** Indices of {@link Tracker.tracked} in the order of `evaluate`: sorted by name if there are several outputs, as in Keras. */
  readonly order: readonly number[];
  /** The mean loss of the last run. */
  readonly loss: Mean;
  /** The means of the outputs' losses; `null` if {@link Tracker.lossNames} has none. */
  readonly losses: readonly (Mean | null)[];

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
    y: readonly Shaped[],
    predictions: readonly Shaped[],
    loss: Mean,
  ) {
    const { losses } = options;
    this.loss = loss;
    const isSum = losses.filter((loss) => loss !== null).length > 1;
    this.lossNames = losses.map((loss, i) => (isSum && loss !== null ? `${outputs[i]}_loss` : null));
    this.losses = this.lossNames.map((name) => (name === null ? null : new Mean({ name })));
    const tracked: Tracked[] = [];
    const taken = new Set<string>();
    for (const weighted of [false, true]) {
      const given = weighted ? options.weightedMetrics : options.metrics;
      listsOf(given, outputs).forEach((identifiers, output) => {
        for (const identifier of identifiers) {
          const metric = metricFor(identifier, y[output]?.shape ?? [], predictions[output]!.shape);
          const prefix = outputs.length > 1 ? `${outputs[output]}_` : "";
          const isClash = weighted && taken.has(prefix + metric.name);
          const name = unique(`${prefix}${isClash ? "weighted_" : ""}${metric.name}`, taken);
          tracked.push({ name, metric, output, weighted });
        }
      });
    }
    this.tracked = tracked;
    const order = tracked.map((_, i) => i);
    const name = (i: number) => tracked[i]!.name;
    this.order = outputs.length > 1 ? order.sort((a, b) => (name(a) < name(b) ? -1 : 1)) : order;
  }

  /** The metrics, in the order of compile. */
  get metrics(): readonly Metric[] {
    return this.tracked.map(({ metric }) => metric);
  }

  /** Keeps the losses of a run that ends, for `model.metrics`. */
  settleLosses(total: MeanState, parts: readonly (MeanState | null)[]): void {
    Object.assign(this.loss, total);
    this.losses.forEach((mean, i) => {
      if (mean !== null) Object.assign(mean, parts[i]);
    });
  }

  /** Whether a metric of this name gets better upwards or downwards. */
  direction(name: string): "up" | "down" | undefined {
    return this.tracked.find((tracked) => tracked.name === name)?.metric.direction;
  }

  /** Whether there are labels to be checked. */
  get hasMetrics(): boolean {
    return this.tracked.length > 0;
  }
}

function listsOf(given: MetricsOption, outputs: readonly string[]): (readonly MetricIdentifier[])[] {
  const asList = (entry: MetricIdentifier | readonly MetricIdentifier[] | null): readonly MetricIdentifier[] =>
    entry === null ? [] : isList(entry) ? entry : [entry as MetricIdentifier];
  if (outputs.length === 1) {
    const flat = isList(given) ? given : Object.values(given);
    return [flat.flatMap((entry) => asList(entry))];
  }
  const isEmpty = isList(given) && given.length === 0;
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
