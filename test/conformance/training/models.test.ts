import { describe, expect, it } from "vitest";
import {
  Input,
  layers,
  Model,
  memoryUse,
  ops,
  optimizers,
  Sequential,
  setRandomSeed,
  type Tensor,
  tensor,
} from "../../../ts/index.js";
import { thrown } from "../../support/refusal.js";
import { functional, list, sequential, x } from "../../support/small-models.js";

const y = x.map(([a = 0, b = 0]) => [a - b]);

describe("Sequential", () => {
  it("is built by an Input, an inputShape, build, or its first data", async () => {
    const made = () => [new layers.Dense(2), new layers.Dense(1)];
    const byData = new Sequential(made());
    expect([byData.built, byData.weights.length]).toEqual([false, 0]);
    byData.compile({ loss: "mse" });
    await byData.fit(x, y);
    const byBuild = new Sequential(made());
    byBuild.build([null, 4]);
    const byInput = new Sequential([Input({ shape: [4] }), ...made()]);
    const byShape = new Sequential([new layers.Dense(2, { inputShape: [4] }), new layers.Dense(1)]);
    for (const model of [byData, byBuild, byInput, byShape]) {
      expect(model.built).toBe(true);
      expect(model.weights.map(({ shape }) => shape)).toEqual([[4, 2], [2], [2, 1], [1]]);
    }
  });

  it("adds and pops; refuses what does not fit, and stays as it was", () => {
    const model = new Sequential([new layers.Dense(2, { inputShape: [4], name: "one" })]);
    expect(() => model.add(new layers.Dense(2, { name: "one" }))).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_CONFLICT",
        'sequential: there is a layer called "one" already. Names must differ in a model.',
      ),
    );
    expect(() => model.add(3 as never)).toThrow(
      thrown("TypeError", "ERR_OPTION_TYPE", "sequential: add takes a layer, got 3."),
    );
    expect(() => model.add(new layers.Conv2D(2, 3))).toThrow(
      thrown(
        "ValueError",
        "ERR_SHAPE",
        'Conv2D "conv2d": expected inputs of rank 4, the batch axis included, got rank 2 (? x 2).',
      ),
    );
    expect(() => model.add(Input({ shape: [4] }))).toThrow(
      thrown("ValueError", "ERR_SHAPE", "sequential: an Input must be the first layer, and there can be only one."),
    );
    const refusal = expect.objectContaining({ name: "ValueError", code: "ERR_OPTION_CONFLICT" });
    expect(() => model.add(model)).toThrow(refusal);
    expect(() => model.add(new Sequential([new Sequential([model])]))).toThrow(
      thrown("ValueError", "ERR_OPTION_CONFLICT", "sequential: a model cannot be a layer of itself."),
    );
    expect(model.layers).toHaveLength(1);
    model.add(new layers.Dense(3));
    expect(model.outputShape).toEqual([null, 3]);
    model.pop();
    expect(model.outputShape).toEqual([null, 2]);
    expect(() => new Sequential().pop()).toThrow(
      thrown("ValueError", "ERR_SHAPE", "sequential: there is no layer to remove. Call add(layer) first."),
    );
  });

  it("is a layer itself", () => {
    const inner = new Sequential([new layers.Dense(2, { inputShape: [4] })]);
    const outer = new Sequential([inner, new layers.Dense(1)]);
    expect(list(outer.apply(x) as Tensor)).toHaveLength(12);
    expect(outer.trainableWeights).toHaveLength(4);
  });
});

describe("Model", () => {
  it("runs its graph, with a shared layer", () => {
    const model = functional();
    expect(model.layers.map(({ name }) => name)).toEqual(["a", "b", "shared", "both", "first", "second"]);
    expect(model.weights.map(({ name }) => name)).toEqual([
      "shared/kernel",
      "shared/bias",
      "first/kernel",
      "first/bias",
      "second/kernel",
      "second/bias",
    ]);
    const [first, second] = model.apply([tensor(x), tensor(x)]) as unknown as Tensor[];
    expect([first?.shape, second?.shape]).toEqual([
      [12, 1],
      [12, 2],
    ]);
  });

  it("trains several outputs, with data and losses by name or in order", async () => {
    const labels = Int32Array.from(x, (_, i) => i % 2);
    const results = [];
    for (const named of [true, false]) {
      setRandomSeed(5);
      const model = functional();
      model.compile({
        optimizer: new optimizers.SGD({ learningRate: 0.1 }),
        loss: named
          ? { first: "mse", second: "sparse_categorical_crossentropy" }
          : ["mse", "sparse_categorical_crossentropy"],
        lossWeights: named ? { first: 2, second: 1 } : [2, 1],
        metrics: named ? { second: ["accuracy"] } : [[], ["accuracy"]],
      });
      const data = named ? { a: x, b: x } : [x, x];
      const { history } = await model.fit(
        data as never,
        (named ? { first: y, second: labels } : [y, labels]) as never,
        { epochs: 2 },
      );
      results.push(history);
      expect(Object.keys(history)).toEqual(["first_loss", "loss", "second_accuracy", "second_loss"]);
      const total = (history.first_loss?.[0] as number) * 2 + (history.second_loss?.[0] as number);
      expect(history.loss?.[0]).toBeCloseTo(total, 5);
      expect(
        await model.evaluate(data as never, (named ? { first: y, second: labels } : [y, labels]) as never),
      ).toHaveLength(4);
      expect((await model.predictAll(data as never)).map(({ shape }) => shape)).toEqual([
        [12, 1],
        [12, 2],
      ]);
    }
    expect(results[0]).toEqual(results[1]);
  });

  it.each([
    ["all", ["mse", "mse"], ["first_loss", "loss", "second_loss"]],
    ["one of two", ["mse", null], ["loss"]],
    ["by name", { second: "mse" }, ["loss"]],
  ] as const)("names the losses of outputs that have one, where there are several: %s", async (_, loss, names) => {
    const model = functional();
    model.compile({ optimizer: "sgd", loss });
    const labels = [y, x.map(() => [0, 1])] as never;
    const { history } = await model.fit([x, x] as never, labels);
    expect(Object.keys(history)).toEqual(names);
    const scores = await model.evaluate([x, x] as never, labels, { returnDict: true });
    expect(Object.keys(scores)).toEqual(names);
  });

  it("can be a custom class", async () => {
    class Residual extends Model {
      readonly hidden = new layers.Dense(4, { activation: "relu" });
      readonly out = new layers.Dense(1);
      override call(inputs: Tensor) {
        return this.out.apply(ops.add(inputs, this.hidden.apply(inputs) as Tensor)) as Tensor<"float32">;
      }
    }
    setRandomSeed(1);
    const model = new Residual();
    model.compile({ optimizer: new optimizers.Adam({ learningRate: 0.05 }), loss: "mse" });
    const { history } = await model.fit(x, y, { epochs: 30 });
    expect(model.trainableWeights).toHaveLength(4);
    expect(history.loss?.[29]).toBeLessThan((history.loss?.[0] as number) / 2);
    expect(() => model.toJSON()).toThrow(
      thrown(
        "ValueError",
        "ERR_NOT_IMPLEMENTED",
        "residual: a custom model has no config. Override getConfig(), or save its weights with getWeights().",
      ),
    );
  });

  it("refuses disconnected graphs", () => {
    const [a, b] = [Input({ shape: [4] }), Input({ shape: [4] })];
    const sum = new layers.Add().apply([a, b]);
    expect(() => new Model({ inputs: a, outputs: sum })).toThrow(
      thrown(
        "ValueError",
        "ERR_SHAPE",
        'functional: the input "input_layer" is needed for the outputs, but is not among the model\'s inputs ("input_layer").',
      ),
    );
    expect(() => new Model({ inputs: a, outputs: tensor([1]) as never })).toThrow(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        'functional: "outputs" must be symbolic tensors, from Input() and layer.apply(), got an object (Tensor).',
      ),
    );
    expect(() => new Model({ inputs: a })).toThrow(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        'functional: "outputs" must be symbolic tensors, from Input() and layer.apply(), got none.',
      ),
    );
  });
});

describe("evaluate, predict and single batches", () => {
  it("agree with each other", async () => {
    const model = sequential();
    model.compile({ optimizer: "sgd", loss: "mse", metrics: ["mae"] });
    const [loss, mae] = (await model.evaluate(x, y, { batchSize: 5 })) as number[];
    expect(await model.evaluate(x, y, { returnDict: true })).toEqual({
      loss: expect.closeTo(loss as number, 6),
      mae: expect.closeTo(mae as number, 6),
    });
    const predicted = await model.predict(x, { batchSize: 5 });
    expect(predicted.shape).toEqual([12, 1]);
    const errors = list(predicted).map((value, i) => Math.abs(value - (y[i]?.[0] as number)));
    expect(mae).toBeCloseTo(errors.reduce((a, b) => a + b) / 12, 5);
    expect(await model.testOnBatch(x, y)).toEqual([
      expect.closeTo(loss as number, 6),
      expect.closeTo(mae as number, 6),
    ]);
    expect(list(model.apply(x) as Tensor)).toEqual(list(predicted));
  });

  it("a batch is one step of fit", async () => {
    const build = () => {
      const model = new Sequential([new layers.Dense(1, { inputShape: [4], kernelInitializer: "ones" })]);
      model.compile({ optimizer: "adam", loss: "mse" });
      return model;
    };
    const [fitted, stepped] = [build(), build()];
    await fitted.fit(x, y, { batchSize: 12, shuffle: false });
    await stepped.trainOnBatch(x, y);
    expect(stepped.getWeights()).toEqual(fitted.getWeights());
  });

  it("predictions outlast the next step, and cost memory only themselves", async () => {
    const model = sequential();
    const first = await model.predict(x);
    const before = list(first);
    const { inUse } = memoryUse();
    (await model.predict(x)).dispose();
    expect(memoryUse().inUse).toBe(inUse);
    expect(list(first)).toEqual(before);
  });
});
