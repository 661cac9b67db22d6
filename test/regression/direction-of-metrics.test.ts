/** `mode: "auto"` for metrics that `compile` does not know: those of a custom step. The direction was unknown. */

import { expect, it } from "vitest";
import { callbacks, GradientTape, layers, Model, metrics, type Operand, type Tensor } from "../../ts/index.js";

class Own extends Model {
  readonly dense = new layers.Dense(1);
  readonly tracker = new metrics.MeanAbsoluteError({ name: "own" });
  override call(x: Operand): Tensor<"float32"> {
    return this.dense.apply(x);
  }
  override trainStep([x, y]: [Tensor, Tensor]) {
    const tape = new GradientTape();
    const predictions = tape.run(() => this.apply(x));
    this.tracker.updateState(y, predictions);
    for (const metric of this.metrics) if (metric !== this.tracker) metric.updateState(y, predictions);
    return this.getMetricsResult();
  }
}

it.each(["own", "added"])("%s", async (monitor) => {
  const model = new Own();
  model.addMetric(new metrics.MeanAbsoluteError({ name: "added" }));
  model.compile({ optimizer: "sgd" });
  const stopping = new callbacks.EarlyStopping({ monitor, patience: 2 });
  const { history } = await model.fit([[1]], [[1]], { epochs: 5, callbacks: [stopping], verbose: 0 });
  // Nothing is trained: the first epoch is the best one.
  expect(history[monitor]).toHaveLength(3);
  expect(stopping.stoppedEpoch).toBe(2);
});
