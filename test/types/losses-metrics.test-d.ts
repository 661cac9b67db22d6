/**
 * The public types of losses and metrics, checked by tsc.
 */

import { expectTypeOf } from "vitest";
import { losses, metrics, ops, Sequential, type Tensor } from "../../ts/index.js";

// Results of lookups by name: a function is called, an instance is applied.
expectTypeOf(losses.get("mse")).toEqualTypeOf<losses.LossFunction>();
expectTypeOf(losses.get("MeanSquaredError")).toEqualTypeOf<losses.Loss>();
expectTypeOf(losses.get(null)).toEqualTypeOf<null>();
expectTypeOf(losses.get(new losses.Huber())).toEqualTypeOf<losses.Huber>();
expectTypeOf(losses.get("mse")([[0]], [[1]])).toEqualTypeOf<Tensor<"float32">>();
expectTypeOf(new losses.Huber().apply([[0]], [[1]], [1])).toEqualTypeOf<Tensor<"float32">>();
expectTypeOf(losses.meanSquaredError).toExtend<losses.LossIdentifier>();
expectTypeOf((yTrue: Tensor, yPred: Tensor) => ops.subtract(yTrue, yPred)).toExtend<losses.LossIdentifier>();
expectTypeOf("mse").toExtend<losses.LossIdentifier>();
expectTypeOf(3).not.toExtend<losses.LossIdentifier>();
// @ts-expect-error not a reduction
new losses.MeanSquaredError({ reduction: "average" });

expectTypeOf(metrics.get("mse")).toEqualTypeOf<metrics.Metric>();
expectTypeOf(new metrics.Mean().result()).toEqualTypeOf<number>();
expectTypeOf(new metrics.Mean().apply([1])).toEqualTypeOf<number>();
expectTypeOf(new metrics.Precision().result()).toEqualTypeOf<number | readonly number[]>();
expectTypeOf((_: Tensor, yPred: Tensor) => yPred).toExtend<metrics.MetricIdentifier>();
expectTypeOf(new metrics.AUC()).toExtend<metrics.MetricIdentifier>();
// @ts-expect-error there is no such curve
new metrics.AUC({ curve: "XY" });

// Custom functions are typed by their position.
new Sequential().compile({
  loss: (yTrue, yPred) => ops.mean(ops.square(ops.subtract(yTrue, yPred)), { axis: -1 }),
  metrics: ["accuracy", new metrics.AUC(), (yTrue, yPred) => ops.equal(yTrue, yPred)],
});
new Sequential().compile({ loss: [(yTrue, yPred) => ops.subtract(yTrue, yPred)] });
new Sequential().compile({ loss: { out: (yTrue, yPred) => ops.subtract(yTrue, yPred) } });
