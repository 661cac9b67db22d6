/** Custom metrics that accumulate in variables, as in Keras's guide. */

import { describe, expect, it } from "vitest";
import { initializers, layers, metrics, ops, Sequential, type Tensor, type Variable } from "../../../ts/index.js";

/** keras.io/guides/training_with_built_in_methods: no resetState, and a variable as the result. */
class CategoricalTruePositives extends metrics.Metric {
  readonly truePositives: Variable = this.addVariable({ shape: [], name: "ctp" });

  override updateState(yTrue: Tensor, yPred: Tensor, sampleWeight?: Tensor | null): void {
    const found = ops.argmax(yPred, 1);
    let values: Tensor = ops.cast(ops.equal(ops.reshape(ops.cast(yTrue, "int32"), [-1]), found), "float32");
    if (sampleWeight) values = ops.multiply(values, sampleWeight);
    this.truePositives.assignAdd(ops.sum(values));
  }

  override result(): Variable {
    return this.truePositives;
  }
}

/** Weights that give class 0 for every sample. */
function constant(): Sequential {
  const model = new Sequential([
    new layers.Dense(3, { inputShape: [2], kernelInitializer: "zeros", biasInitializer: initializers.constant(0) }),
  ]);
  model.setWeights([new Float32Array(6), [1, 0, 0]]);
  return model;
}

const x = Array.from({ length: 6 }, () => [1, 2]);
const y = Int32Array.of(0, 1, 0, 2, 0, 1);

it("gathers over batches, and starts again with each epoch", async () => {
  const model = constant();
  model.compile({
    optimizer: "sgd",
    loss: "sparse_categorical_crossentropy",
    metrics: [new CategoricalTruePositives({ name: "ctp" })],
  });
  expect(await model.evaluate(x, y, { batchSize: 2, returnDict: true })).toMatchObject({ ctp: 3 });
  model.trainable = false;
  const { history } = await model.fit(x, y, { epochs: 2, batchSize: 2, verbose: 0, validationData: [x, y] });
  expect(history.ctp).toEqual([3, 3]);
  expect(history.val_ctp).toEqual([3, 3]);
});

it("weights of samples count, and a list is a result too", async () => {
  class PerClass extends metrics.Metric {
    readonly counts: Variable = this.addWeight({ shape: [3], initializer: "zeros" });
    override updateState(yTrue: Tensor): void {
      this.counts.assignAdd(ops.sum(ops.oneHot(ops.cast(yTrue, "int32"), 3), 0));
    }
    override result(): Tensor {
      return ops.multiply(this.counts, 2);
    }
  }
  const model = constant();
  const weightedMetrics = [new CategoricalTruePositives({ name: "ctp" }), new PerClass({ name: "per" })];
  model.compile({ optimizer: "sgd", loss: "sparse_categorical_crossentropy", weightedMetrics });
  const sampleWeight = [1, 1, 0.5, 1, 0.25, 1];
  const logs = await model.evaluate(x, y, { sampleWeight, batchSize: 4, returnDict: true });
  expect(logs).toMatchObject({ ctp: 1.75, per: [6, 4, 2] });
});

describe("addVariable", () => {
  class Gathering extends metrics.Metric {
    make(options?: metrics.MetricVariableOptions): Variable {
      return options === undefined ? this.addVariable() : this.addVariable(options);
    }
    override updateState(): void {}
    override result(): number {
      return 0;
    }
  }

  it("names, first values and zeros as in Keras", () => {
    const metric = new Gathering({ name: "g" });
    const ones = metric.make({ shape: [2], initializer: "ones", name: "a" });
    const next = [metric.make(), metric.make()];
    expect([ones, ...next].map(({ name }) => name)).toEqual(["g/a", "g/variable", "g/variable_1"]);
    expect(metric.variables).toEqual([ones, ...next]);
    expect([...ones.array()]).toEqual([1, 1]);
    expect(ones.trainable).toBe(false);
    metric.resetState();
    expect([...ones.array()]).toEqual([0, 0]);
  });

  it("another run has its own variables", () => {
    const metric = new CategoricalTruePositives({ name: "ctp" });
    metric.updateState(ops.zeros([1]), ops.ones([1, 2]));
    const other = metric.fresh();
    expect(other.variables[0]).not.toBe(metric.variables[0]);
    expect(other.result().value[0]).toBe(0);
  });

  it("without variables, resetState is still to be written", () => {
    const metric = new Gathering({ name: "g" });
    const message = 'The metric "g": Gathering must override resetState().';
    expect(() => metric.apply([1])).toThrow(expect.objectContaining({ code: "ERR_NOT_IMPLEMENTED", message }));
    expect(() => metric.resetState()).toThrow(expect.objectContaining({ code: "ERR_NOT_IMPLEMENTED", message }));
    expect(() => metric.make({ initialiser: "ones" } as never)).toThrow(
      expect.objectContaining({
        code: "ERR_OPTION_UNKNOWN",
        message:
          'The metric "g": addVariable does not know "initialiser" (did you mean "initializer"?). Its options are: shape, initializer, name.',
      }),
    );
    expect(metric.variables).toEqual([]);
  });
});
