/** Metrics beyond the numbers: identifiers, custom classes and functions, refusals. */

import { describe, expect, it } from "vitest";
import { losses, memoryUse, metrics, ops, tensor } from "../../../ts/index.js";
import { builtInMetrics, metricFor } from "../../../ts/metrics/registry.js";
import { expectRefusal } from "../../support/refusal.js";

describe("metrics.get", () => {
  it("every class in the list has its name there, and is exported", () => {
    const exported = metrics as unknown as Record<string, unknown>;
    for (const [name, made] of builtInMetrics) {
      expect(made.className).toBe(name);
      expect(exported[name]).toBe(made);
    }
  });

  it.each(["mean_squared_error", "meanSquaredError", "MeanSquaredError", "mse", "MSE"])("knows %s", (name) => {
    expect(metrics.get(name)).toBeInstanceOf(metrics.MeanSquaredError);
    expect(metrics.get(name).name).toBe("mean_squared_error");
    expect(metricFor(name, [2, 1], [2, 1]).name).toBe(name);
  });

  it("metrics, functions, configs and null", () => {
    const mean = new metrics.Mean();
    const fn: metrics.MetricFunction = (_, yPred) => yPred;
    expect(metrics.get(mean)).toBe(mean);
    expect(metrics.get(fn)).toBe(fn);
    expect(metrics.get(null)).toBeNull();
    expect(metrics.get({ class_name: "TopKCategoricalAccuracy", config: { k: 3 } })).toMatchObject({ k: 3 });
    expect(metricFor(fn, [2], [2])).toBeInstanceOf(metrics.MeanMetricWrapper);
    expect(metricFor(fn, [2], [2]).name).toBe("fn");
  });

  it("unknown values are refused, with the known names", () => {
    expectRefusal(
      () => metrics.get("acccuracy"),
      "ERR_CONFIG_UNKNOWN_CLASS",
      '"acccuracy"',
      'Did you mean "Accuracy"?',
      "BinaryAccuracy",
      "mse",
    );
    expectRefusal(() => metrics.get("__proto__"), "ERR_CONFIG_UNKNOWN_CLASS");
    expectRefusal(() => metrics.get(3 as never), "ERR_CONFIG_INVALID", "got 3");
    expectRefusal(
      () => metrics.deserialize({ class_name: "AUC", config: { curves: "PR" } }),
      "ERR_OPTION_UNKNOWN",
      "curves",
    );
    expectRefusal(
      () => metrics.serialize(new metrics.MeanMetricWrapper((_, yPred) => yPred)),
      "ERR_CONFIG_INVALID",
      "A function without a name as a metric cannot be saved",
    );
  });
});

describe("shapes and options", () => {
  it("labels that do not fit are refused with both shapes, and nothing is counted", () => {
    const pairs: [metrics.Metric, number[][] | number[], number[][]][] = [
      [new metrics.BinaryAccuracy(), [[0, 1]], [[1, 0, 1]]],
      [new metrics.CategoricalAccuracy(), [[0, 1]], [[1, 0, 1]]],
      [new metrics.SparseCategoricalAccuracy(), [0, 1], [[1, 0, 1]]],
      [new metrics.Precision(), [[0, 1]], [[1, 0, 1]]],
      [new metrics.R2Score(), [[0, 1]], [[1, 0, 1]]],
      [new metrics.F1Score({ average: "macro" }), [[0, 1]], [[1, 0, 1]]],
    ];
    for (const [metric, labels, predictions] of pairs) {
      const shape = Array.isArray(labels[0]) ? "[1, 2]" : "[2]";
      expectRefusal(() => metric.updateState(labels, predictions), "ERR_SHAPE", shape, "[1, 3]", metric.name);
      expect(metric.result()).toBe(0);
    }
  });

  it("weights that do not fit, missing predictions and odd options are refused", () => {
    expectRefusal(() => new metrics.BinaryAccuracy().apply([0, 1], [0, 1], [1, 2, 3]), "ERR_SHAPE", "[3]", "[2]");
    expectRefusal(() => new metrics.BinaryAccuracy().updateState([0, 1]), "ERR_OPTION_TYPE", "predictions");
    expectRefusal(() => new metrics.Precision({ thresholds: [0.5, 2] }), "ERR_OPTION_RANGE", "thresholds", "2");
    expectRefusal(() => new metrics.AUC({ curve: "XY" as never }), "ERR_OPTION_RANGE", "ROC", "XY");
    expectRefusal(() => new metrics.AUC({ numThresholds: 1 }), "ERR_OPTION_RANGE", "numThresholds");
    expectRefusal(() => new metrics.AUC({ numLabels: 3 }), "ERR_OPTION_CONFLICT", "multiLabel");
    expectRefusal(() => new metrics.Precision({ classId: 3 }).apply([[0, 1]], [[0, 1]]), "ERR_SHAPE", "classId");
    expectRefusal(() => new metrics.FBetaScore({ beta: 0 }), "ERR_OPTION_RANGE", "beta");
    expectRefusal(() => new metrics.Mean({ dtype: "float16" as never }), "ERR_OPTION_RANGE", "dtype");
  });

  it("NaN is the largest prediction, as in NumPy", () => {
    expect(new metrics.SparseCategoricalAccuracy().apply([1], [[2, Number.NaN, 3]])).toBe(1);
  });

  it("sorted indices count as the best k", () => {
    const metric = new metrics.SparseTopKCategoricalAccuracy({ k: 2, fromSortedIds: true });
    expect(
      metric.apply(
        [2, 1],
        [
          [1, 2, 0],
          [0, 2, 1],
        ],
      ),
    ).toBe(0.5);
    expect(metric.getConfig()).toMatchObject({ from_sorted_ids: true });
  });

  it("a result of nothing is 0, or a list of nothing", () => {
    for (const made of [metrics.Mean, metrics.AUC, metrics.Precision, metrics.TruePositives, metrics.R2Score]) {
      expect(new made().result()).toBe(0);
    }
    expect(new metrics.F1Score().result()).toEqual([]);
  });
});

describe("custom metrics", () => {
  it("a function is averaged over samples, and may give a tensor or numbers", () => {
    const tensors = metricFor((_, yPred) => ops.max(yPred, { axis: -1 }), [2, 2], [2, 2]);
    const numbers = metricFor((_, yPred) => yPred.array(), [2], [2]);
    tensors.updateState(
      [
        [0, 0],
        [0, 0],
      ],
      [
        [1, 2],
        [3, 6],
      ],
      [1, 3],
    );
    numbers.updateState(Int32Array.of(0, 0), [1, 2]);
    expect([tensors.result(), numbers.result()]).toEqual([5, 1.5]);
  });

  it("a class has name, config and direction", () => {
    class Count extends metrics.Metric {
      count = 0;
      override updateState() {
        this.count++;
      }
      override result() {
        return this.count;
      }
      override resetState() {
        this.count = 0;
      }
    }
    const metric = metricFor(new Count({ name: "batches" }), [1], [1]);
    expect([metric.apply([0], [0]), metric.name, metric.direction]).toEqual([1, "batches", undefined]);
    const saved = metrics.serialize(metric);
    expect(saved).toEqual({
      module: null,
      class_name: "Count",
      config: { name: "batches", dtype: "float32" },
      registered_name: "Count",
    });
    expect(metrics.deserialize(saved, { Count })).toBeInstanceOf(Count);
  });
});

describe("losses among the metrics", () => {
  it("a built-in function has Keras's name, and lower values are better", () => {
    const metric = metricFor(losses.meanSquaredError, [2, 1], [2, 1]);
    expect([metric.name, metric.direction]).toEqual(["mean_squared_error", "down"]);
    expect(metric.apply([[0], [0]], [[1], [3]])).toBe(5);
  });

  it("an instance is averaged over batches", () => {
    const metric = metricFor(new losses.MeanSquaredError({ reduction: "sum", name: "total" }), [2, 1], [2, 1]);
    metric.updateState([[0], [0]], [[1], [3]]);
    metric.updateState([[0]], [[2]]);
    expect([metric.name, metric.result()]).toEqual(["total", 7]);
  });
});

describe("memory", () => {
  it("updates leave nothing in WebAssembly memory", () => {
    const [labels, predictions] = [tensor([[0, 1]]), tensor([[0.25, 0.75]])];
    const all = [...builtInMetrics.values()]
      .filter(({ className }) => !/Sparse|^Mean$|Sum|^(Mean)?IoU$/.test(className ?? ""))
      .map((made) => new made({} as never));
    const update = () => {
      for (const metric of all) metric.updateState(labels, predictions, [2]);
    };
    update();
    const before = memoryUse();
    for (let i = 0; i < 20; i++) update();
    expect(memoryUse()).toEqual(before);
  });
});

describe("intersection over union", () => {
  // By hand, as golden files have none: the confusion matrix is [[1, 1], [1, 1]] in each case.
  it("of given classes, of all, of two from probabilities, of one-hot ones", () => {
    const third = 1 / (3 + 1e-7) / (1 + 1e-7);
    const [labels, predictions] = [
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ];
    const one = new metrics.IoU({ numClasses: 2, targetClassIds: [0] });
    expect(one.apply(labels, predictions)).toBeCloseTo(third, 6);
    expect(new metrics.MeanIoU({ numClasses: 2 }).apply(labels, predictions)).toBeCloseTo(third, 6);
    expect(new metrics.BinaryIoU({ threshold: 0.3 }).apply([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7])).toBeCloseTo(third, 6);
    const oneHot = new metrics.MeanIoU({ numClasses: 2, sparseYPred: false });
    const scores = predictions.map((id) => (id === 0 ? [0.9, 0.1] : [0.2, 0.8]));
    expect(oneHot.apply(labels, scores)).toBeCloseTo(third, 6);
  });

  it("weights count, ignored classes and what is not a class do not", () => {
    const metric = new metrics.MeanIoU({ numClasses: 2, ignoreClass: -1 });
    metric.updateState([0, 0, 1, 1, -1, 7], [0, 1, 0, 1, 0, 0], [0.3, 0.3, 0.3, 0.1, 1, 1]);
    // (0.3 / 0.9 + 0.1 / 0.7) / 2
    expect(metric.result()).toBeCloseTo(0.2380952, 5);
    metric.resetState();
    expect(metric.result()).toBe(0);
  });

  it("classes must be given, and be in range", () => {
    expectRefusal(() => metrics.get("MeanIoU"), "ERR_OPTION_TYPE", "numClasses");
    expectRefusal(() => new metrics.IoU({ numClasses: 2, targetClassIds: [2] }), "ERR_OPTION_RANGE", "targetClassIds");
    const saved = { class_name: "MeanIoU", config: { name: "mean_iou", dtype: "int32", num_classes: 3, axis: -1 } };
    expect(metrics.deserialize(saved)).toMatchObject({ numClasses: 3, name: "mean_iou" });
  });
});
