/**
 * Trial calls of layers change no state. Keras builds symbolically: a counter that `call` assigns is 0 after the build,
 * and the number of batches after `fit`.
 */

import { expect, it } from "vitest";
import type { Operand } from "../../ts/autodiff/arena.js";
import {
  GradientTape,
  layers,
  Model,
  metrics,
  modelFromJSON,
  ops,
  random,
  Sequential,
  setRandomSeed,
  tensor,
  Variable,
} from "../../ts/index.js";

/** Has state of every kind, and changes it in every call. */
class Stateful extends layers.Layer {
  static override readonly className = "Stateful";
  readonly count = new Variable([0], { name: "count", trainable: false });
  readonly raw = new Variable([0], { name: "raw", trainable: false });
  readonly sum = new Variable([0], { name: "sum", trainable: false });
  readonly kept = tensor([0]);
  readonly seeds = new random.SeedGenerator(5);
  readonly judges = [
    new metrics.Mean(),
    new metrics.Sum(),
    new metrics.MeanSquaredError(),
    new metrics.TruePositives(),
    new metrics.AUC(),
    new metrics.F1Score({ threshold: 0.5 }),
    new metrics.R2Score(),
    new metrics.BinaryIoU(),
  ];
  /** The end of each call. */
  end = () => {};

  override call(inputs: Operand): Operand {
    this.count.assign([(this.count.array()[0] as number) + 1]);
    (this.raw.value[0] as number)++;
    this.sum.assignAdd([2]).assignSub([1]);
    this.kept.assign([(this.kept.array()[0] as number) + 1]);
    random.uniform([1], { seed: this.seeds });
    random.uniform([1]);
    const [labels, predictions] = [
      [[1], [0]],
      [[0.9], [0.2]],
    ];
    for (const judge of this.judges) {
      if (judge.constructor === metrics.Mean || judge instanceof metrics.Sum) judge.updateState([3]);
      else judge.updateState(labels, predictions);
    }
    this.addLoss(ops.sum(inputs));
    this.end();
    return ops.multiply(inputs, 1);
  }

  state() {
    const numbers = [this.count, this.raw, this.sum, this.kept].map((each) => each.array()[0]);
    return { numbers, draws: this.seeds.state[1], judges: this.judges.map((judge) => judge.result()) };
  }
}

const untouched = new Stateful().state();

it.each<[string, (layer: Stateful) => unknown]>([
  ["a Sequential with an input", (layer) => new Sequential([layers.Input({ shape: [3] }), layer, new layers.Dense(1)])],
  ["build", (layer) => new Sequential([layer, new layers.Dense(1)]).build([null, 3])],
  ["a functional model", (layer) => new Model({ inputs: x, outputs: layer.apply(x) })],
  ["computeOutputShape", (layer) => layer.computeOutputShape([null, 3])],
  ["a copy of a model", (layer) => new Sequential([layers.Input({ shape: [3] }), new Sequential([layer])])],
  [
    "a call that throws",
    (layer) => {
      layer.end = () => {
        throw new RangeError("no");
      };
      expect(() => layer.computeOutputShape([null, 3])).toThrow(RangeError);
    },
  ],
])("%s", (_, build) => {
  setRandomSeed(1);
  const layer = new Stateful();
  const { sum } = layer;
  build(layer);
  expect(layer.state()).toEqual(untouched);
  expect([sum.assignments, layer.losses.length]).toEqual([0, 0]);
});

const x = layers.Input({ shape: [3] });

it("fit of an unbuilt model calls it once for each batch", async () => {
  const layer = new Stateful();
  const model = new Sequential([layer, new layers.Dense(1)]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  await model.fit(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [1, 2],
    { batchSize: 1, verbose: 0 },
  );
  expect(layer.state()).toMatchObject({ numbers: [2, 2, 2, 2], draws: 2 });
});

it("a model read from JSON", () => {
  const model = new Sequential([layers.Input({ shape: [3] }), new Stateful()]);
  const read = modelFromJSON(model.toJSON(), { Stateful });
  expect((read.layers[0] as Stateful).state()).toEqual(untouched);
});

it("layers that a trial builds keep their weights, and differ from the next layer's", () => {
  class Outer extends layers.Layer {
    readonly inner = new layers.Dense(3);
    override call(inputs: Operand): Operand {
      random.uniform([1]);
      return this.inner.apply(inputs);
    }
  }
  setRandomSeed(1);
  const outer = new Outer();
  const next = new layers.Dense(3);
  new Sequential([layers.Input({ shape: [3] }), outer, next]);
  const [kernel, other] = [outer.inner, next].map((layer) => layer.weights[0]!.array().join());
  expect(outer.inner.built).toBe(true);
  expect(kernel).not.toBe(other);
});

it("BatchNormalization in training mode, tried inside a tape", () => {
  class Normalized extends layers.Layer {
    readonly inner = new layers.BatchNormalization();
    override call(inputs: Operand): Operand {
      return this.inner.apply(inputs, { training: true });
    }
  }
  const layer = new Normalized();
  const w = new Variable([2]);
  const tape = new GradientTape();
  const loss = tape.run(() => {
    const y = ops.square(w);
    new Sequential([layers.Input({ shape: [2] }), layer]);
    return y;
  });
  expect(tape.gradient(loss, w)?.array()).toEqual(Float32Array.of(4));
  const [mean, variance] = layer.inner.nonTrainableWeights.map((weight) => [...weight.array()]);
  expect([mean, variance]).toEqual([
    [0, 0],
    [1, 1],
  ]);
});
