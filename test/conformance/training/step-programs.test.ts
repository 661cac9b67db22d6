/** Programs that train by their own steps: WGAN with clipped weights, a siamese network with a contrastive loss, and mixup. */

import { expect, it } from "vitest";
import {
  GradientTape,
  layers,
  losses,
  Model,
  metrics,
  ops,
  RMSprop,
  random,
  Sequential,
  type StepData,
  setRandomSeed,
  type Tensor,
} from "../../../ts/index.js";

type Data = StepData<Tensor<"float32">, Tensor<"float32">>;
const row = (text: string): number[] => text.split(" ").map(Number);

it("WGAN: the critic's weights stay clipped, and made points come near the real ones", async () => {
  class WGAN extends Model {
    critic = new Sequential([new layers.Dense(16, { activation: "leakyRelu", inputShape: [1] }), new layers.Dense(1)]);
    generator = new Sequential([new layers.Dense(8, { activation: "relu", inputShape: [2] }), new layers.Dense(1)]);
    criticOptimizer = new RMSprop(0.01);
    generatorOptimizer = new RMSprop(0.005);

    override trainStep([real]: Data) {
      const count = real.shape[0] as number;
      const made = () => this.generator.apply(random.normal([count, 2]));
      const score = (points: Tensor<"float32">) => ops.mean(this.critic.apply(points));
      for (let i = 0; i < 5; i++) {
        const tape = new GradientTape();
        const loss = tape.run(() => ops.subtract(score(ops.stopGradient(made())), score(real)));
        const { trainableWeights } = this.critic;
        this.criticOptimizer.apply(tape.gradient(loss, trainableWeights), trainableWeights);
        for (const weight of trainableWeights) weight.assign(ops.clip(weight, -0.1, 0.1));
      }
      const tape = new GradientTape();
      const loss = tape.run(() => ops.negative(score(made())));
      const { trainableWeights } = this.generator;
      this.generatorOptimizer.apply(tape.gradient(loss, trainableWeights), trainableWeights);
      return { generatorLoss: loss };
    }
  }

  setRandomSeed(1);
  const model = new WGAN();
  model.compile();
  const distance = () => Math.abs(ops.mean(model.generator.apply(random.normal([256, 2]))).item() - 3);
  const before = distance();
  const { history } = await model.fit(ops.keep(ops.add(random.normal([256, 1], 0, 0.2), 3)), {
    batchSize: 64,
    epochs: 60,
    verbose: 0,
  });
  expect(history.generatorLoss).toHaveLength(60);
  for (const weight of model.critic.weights) {
    for (const value of weight.array()) expect(Math.abs(value)).toBeLessThanOrEqual(Math.fround(0.1));
  }
  expect(before).toBeGreaterThan(2);
  expect(distance()).toBeLessThan(0.75);
});

it("siamese: a contrastive loss of named inputs separates pairs, with validation", async () => {
  class Siamese extends Model {
    encoder = new Sequential([new layers.Dense(16, { activation: "relu", inputShape: [2] }), new layers.Dense(4)]);
    distances = new metrics.Mean({ name: "between_classes" });

    override call(inputs: unknown) {
      const { left, right } = inputs as Record<string, Tensor<"float32">>;
      const difference = ops.subtract(this.encoder.apply(left as Tensor), this.encoder.apply(right as Tensor));
      return ops.sqrt(ops.add(ops.sum(ops.square(difference), { axis: 1, keepdims: true }), 1e-6));
    }

    override trainStep([x, y]: Data) {
      const tape = new GradientTape();
      let distance!: Tensor<"float32">;
      const loss = tape.run(() => {
        distance = this.call(x);
        return this.contrast(y, distance);
      });
      this.optimizer?.apply(tape.gradient(loss, this.trainableWeights), this.trainableWeights);
      return { loss };
    }

    override testStep([x, y]: Data) {
      const distance = this.call(x);
      this.distances.updateState(distance, ops.subtract(1, y));
      return { loss: this.contrast(y, distance), between_classes: this.distances.result() };
    }

    /** Hadsell et al. 2006: 1 is a pair of one class. */
    contrast(y: Tensor, distance: Tensor) {
      const apart = ops.square(ops.relu(ops.subtract(1, distance)));
      return ops.mean(ops.add(ops.multiply(y, ops.square(distance)), ops.multiply(ops.subtract(1, y), apart)));
    }
  }

  setRandomSeed(2);
  const point = (i: number) => [Math.fround(((i * 37) % 101) / 50 - 1), Math.fround(((i * 53) % 97) / 48 - 1)];
  const inside = ([a = 0, b = 0]: number[]) => a * a + b * b < 0.6;
  const left = Array.from({ length: 400 }, (_, i) => point(i));
  const right = Array.from({ length: 400 }, (_, i) => point(i * 7 + 3));
  const y = left.map((one, i) => [inside(one) === inside(right[i] as number[]) ? 1 : 0]);
  const model = new Siamese();
  model.compile({ optimizer: "adam" });
  const { history } = await model.fit({ left, right } as never, y, {
    batchSize: 20,
    epochs: 40,
    verbose: 0,
    validationData: [{ left, right }, y] as never,
  });
  const of = (name: string) => history[name] as number[];
  expect(of("loss").at(-1)).toBeLessThan((of("loss")[0] as number) / 2);
  expect(of("val_loss").at(-1)).toBeLessThan((of("val_loss")[0] as number) / 2);
  expect(of("val_between_classes").at(-1)).toBeGreaterThan(of("val_between_classes")[0] as number);
});

it("mixup: mixed samples and labels train a classifier of plain ones", async () => {
  class Mixup extends Sequential {
    override trainStep([x, y, sampleWeight]: Data) {
      const share = random.uniform([x.shape[0] as number, 1]);
      const order = random.permutation(x.shape[0] as number);
      const mixed = (values: Tensor<"float32">) =>
        ops.add(ops.multiply(values, share), ops.multiply(ops.take(values, order), ops.subtract(1, share)));
      return super.trainStep([mixed(x), mixed(y), sampleWeight]);
    }
  }

  setRandomSeed(3);
  const x = Array.from({ length: 300 }, (_, i) => [((i * 37) % 101) / 50 - 1, ((i * 53) % 97) / 48 - 1]);
  const y = x.map(([a = 0, b = 0]) => (a + b > 0 ? row("0 1") : row("1 0")));
  const model = new Mixup([
    new layers.Dense(8, { activation: "relu", inputShape: [2] }),
    new layers.Dense(2, { activation: "softmax" }),
  ]);
  model.compile({ optimizer: "adam", loss: new losses.CategoricalCrossentropy(), metrics: ["accuracy"] });
  const { history } = await model.fit(x, y, { batchSize: 20, epochs: 40, verbose: 0 });
  const { accuracy = 0 } = await model.evaluate(x, y, { verbose: 0, returnDict: true });
  expect(accuracy).toBeGreaterThan(0.93);
  // Labels between the classes keep the loss of training above that of plain samples.
  expect(history.loss?.at(-1)).toBeGreaterThan(0.25);
});
