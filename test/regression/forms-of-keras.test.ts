/** Arguments in every form that Keras accepts and writes. */

import { expect, it } from "vitest";
import { layers, metrics, ops } from "../../ts/index.js";

it("Softmax over several axes", () => {
  const x = [
    [
      [0, Math.log(2)],
      [Math.log(3), Math.log(4)],
    ],
  ];
  const layer = new layers.Softmax({ axis: [1, 2] });
  const [first, ...rest] = layer.apply(x).array();
  expect(first).toBeCloseTo(0.1, 6);
  expect(rest.reduce((sum, p) => sum + p, 0)).toBeCloseTo(0.9, 6);
  expect(layer.getConfig().axis).toEqual([1, 2]);
  const read = layers.deserialize(JSON.parse(JSON.stringify(layers.serialize(layer)))) as layers.Softmax;
  expect(read.axis).toEqual([1, 2]);
  expect(new layers.Softmax({ axis: [-1] }).apply(x).array()[1]).toBeCloseTo(2 / 3, 6);
});

it("weights of AUC's labels as real Keras writes them", () => {
  // serialize_keras_object(AUC(multi_label=True, num_labels=2, label_weights=[1.0, 3.0])) of Keras 3.15.1, shortened.
  const label_weights = { class_name: "__tensor__", config: { value: [1, 3], dtype: "float32" } };
  const json = { class_name: "AUC", config: { multi_label: true, num_labels: 2, label_weights } };
  const metric = metrics.deserialize(json) as metrics.AUC;
  expect(metric.labelWeights).toEqual([1, 3]);
  metric.updateState(
    [
      [0, 1],
      [1, 0],
    ],
    [
      [0.2, 0.3],
      [0.8, 0.9],
    ],
  );
  // The areas are 1 and 0.
  expect(metric.result()).toBeCloseTo(0.25, 6);
});

it("tile by one number repeats along the last axis", () => {
  expect(ops.tile([[1, 2]], 2).toArray()).toEqual([[1, 2, 1, 2]]);
  expect(ops.tile([1, 2], 2).toArray()).toEqual([1, 2, 1, 2]);
});
