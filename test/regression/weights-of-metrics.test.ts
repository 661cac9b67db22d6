/**
 * Sample weights of other ranks than the labels, and batches of other widths. Numbers without a remark are from Keras 3.15.1.
 */

import { describe, expect, it } from "vitest";
import { metrics } from "../../ts/index.js";

const column = (values: readonly number[]) => values.map((value) => [value]);

it("a micro average takes batches of other widths", () => {
  const metric = new metrics.F1Score({ average: "micro", threshold: 0.5 });
  metric.updateState([[1, 0, 1]], [[0.9, 0.8, 0.1]]);
  metric.updateState([[1, 0]], [[0.9, 0.1]]);
  // Over all: 2 true positives, 1 false positive, 1 false negative.
  expect(metric.result()).toBeCloseTo(4 / 6, 6);
});

describe("MeanIoU weighs samples", () => {
  const iou = (labels: unknown, predictions: unknown, weights: unknown) => {
    const metric = new metrics.MeanIoU({ numClasses: 2 });
    metric.updateState(labels as never, predictions as never, weights as never);
    return metric.result();
  };
  const labels = [0, 1, 1];
  const predictions = [0, 0, 1];
  const square = [
    [0, 1],
    [1, 1],
  ];
  const predicted = [
    [0, 0],
    [1, 0],
  ];

  it("of [n] with labels of [n, 1], and the reverse", () => {
    expect(iou(column(labels), column(predictions), [1, 2, 3])).toBeCloseTo(0.46666669845581055, 6);
    expect(iou(labels, predictions, column([1, 2, 3]))).toBeCloseTo(0.46666669845581055, 6);
  });

  it("with a weight for each label, and with one for all", () => {
    expect(
      iou(square, predicted, [
        [1, 2],
        [3, 4],
      ]),
    ).toBeCloseTo(0.2380952537059784, 6);
    expect(iou(square, predicted, 2)).toBeCloseTo(1 / 3, 6);
  });

  // By hand: both of class 0 weigh 1, its union 1 + 1 + 2; both of class 1 weigh 2, its union 2 + 1 + 2. Keras refuses.
  it.each([
    ["[n]", [1, 2] as unknown],
    ["[n, 1]", column([1, 2])],
  ])("of %s with labels of [n, m]", (_, weights) => {
    expect(iou(square, predicted, weights)).toBeCloseTo((1 / 4 + 2 / 5) / 2, 6);
  });
});
