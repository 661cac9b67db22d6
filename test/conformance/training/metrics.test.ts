/** Every metric against Keras, update by update, and the meaning of strings in `compile`. */

import { describe, expect, it } from "vitest";
import { metrics } from "../../../ts/index.js";
import { metricFor } from "../../../ts/metrics/registry.js";
import golden from "../../golden/training/metrics.json";
import { expectClose, type GoldenArray, numbers, tensorOf } from "../../support/training-vectors.js";

interface Update {
  readonly values?: GoldenArray;
  readonly y_true?: GoldenArray;
  readonly y_pred?: GoldenArray;
  readonly sample_weight: GoldenArray | null;
}

interface Case {
  readonly id: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly direction: "up" | "down" | null;
  readonly updates: readonly Update[];
  readonly results: readonly GoldenArray[];
}

const CASES = golden.cases as readonly Case[];

function update(metric: metrics.Metric, { values, y_true, y_pred, sample_weight }: Update): void {
  const weights = sample_weight === null ? null : tensorOf(sample_weight);
  if (values !== undefined) metric.updateState(tensorOf(values), weights);
  else if (y_true !== undefined && y_pred !== undefined) {
    metric.updateState(tensorOf(y_true), tensorOf(y_pred), weights);
  } else throw new Error("an update has values, or labels and predictions");
}

const list = (result: metrics.MetricResult) => (typeof result === "number" ? [result] : [...result]);

describe("metrics as Keras's", () => {
  it.each(CASES)("$id", ({ class_name, config, name, direction, updates, results }) => {
    const metric = metrics.deserialize({ class_name, config });
    expect(metric.name).toBe(name);
    expect(metric.direction ?? null).toBe(direction);
    // Twice: the second run starts from a metric that was reset.
    for (const _ of [1, 2]) {
      updates.forEach((entry, i) => {
        update(metric, entry);
        const expected = results[i] as GoldenArray;
        expectClose(
          `update ${i}`,
          list(metric.result() as metrics.MetricResult),
          numbers(expected),
          golden.tolerance,
          golden.floor,
        );
      });
      metric.resetState();
    }
  });

  it.each(CASES)("$id comes back from its own config", ({ class_name, config, updates, results }) => {
    const saved = metrics.serialize(metrics.deserialize({ class_name, config }));
    expect(saved.module).toBe("keras.metrics");
    expect(saved.config).toMatchObject(config);
    const metric = metrics.deserialize(JSON.parse(JSON.stringify(saved)));
    for (const entry of updates) update(metric, entry);
    const expected = results.at(-1) as GoldenArray;
    expectClose(
      "result",
      list(metric.result() as metrics.MetricResult),
      numbers(expected),
      golden.tolerance,
      golden.floor,
    );
  });
});

describe("strings in compile", () => {
  it.each(golden.strings)(
    "$string for labels of $yTrue and predictions of $yPred is $class_name",
    ({ string, yTrue, yPred, class_name, name }) => {
      const metric = metricFor(string, yTrue, yPred);
      expect([metric.className, metric.name]).toEqual([class_name, name]);
    },
  );

  it.each(golden.unknownMetrics.filter((name) => name !== "Mean_Squared_Error"))("%s is unknown", (name) => {
    expect(() => metrics.get(name)).toThrowError(
      new RegExp(`^No metric is called "${name}"\\.( Did you mean ".*"\\?)? Known: Mean, Sum, `),
    );
  });

  it("Mean_Squared_Error, which Keras refuses, is another spelling", () => {
    expect(metrics.get("Mean_Squared_Error")).toBeInstanceOf(metrics.MeanSquaredError);
  });
});
