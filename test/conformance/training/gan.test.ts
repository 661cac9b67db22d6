/** A GAN as in Keras's guide "Customizing what happens in fit": two models, two optimizers, one `trainStep`. */

import { expect, test } from "vitest";
import {
  Adam,
  GradientTape,
  layers,
  losses,
  Model,
  metrics,
  type Optimizer,
  ops,
  random,
  Sequential,
  type StepData,
  setRandomSeed,
  type Tensor,
} from "../../../ts/index.js";

const LATENT = 3;
/** Real samples. */
const REAL = Array.from({ length: 24 }, (_, i) => [Math.fround(i / 24), Math.fround(1 - i / 24)]);

/** The guide's class. */
class GAN extends Model {
  readonly discriminator: Sequential;
  readonly generator: Sequential;
  readonly discriminatorLoss = new metrics.Mean({ name: "d_loss" });
  readonly generatorLoss = new metrics.Mean({ name: "g_loss" });
  readonly lossFn = new losses.BinaryCrossentropy({ fromLogits: true });
  dOptimizer: Optimizer | undefined;
  gOptimizer: Optimizer | undefined;

  constructor() {
    super();
    this.discriminator = new Sequential([
      new layers.Dense(4, { activation: "relu", inputShape: [2] }),
      new layers.Dense(1),
    ]);
    this.generator = new Sequential([
      new layers.Dense(4, { activation: "relu", inputShape: [LATENT] }),
      new layers.Dense(2),
    ]);
  }

  override get metrics() {
    return [this.discriminatorLoss, this.generatorLoss];
  }

  override compile(given: unknown) {
    super.compile();
    const { dOptimizer, gOptimizer } = given as Record<string, Optimizer>;
    this.dOptimizer = dOptimizer;
    this.gOptimizer = gOptimizer;
  }

  override trainStep([real]: StepData) {
    const size = real.shape[0] as number;
    const generated = this.generator.apply(random.normal([size, LATENT]));
    const combined = ops.concatenate([generated, real]);
    const labels = ops.concatenate([ops.ones([size, 1]), ops.zeros([size, 1])]);
    const dLoss = this.#step(this.discriminator, this.dOptimizer as Optimizer, () =>
      this.lossFn.apply(labels, this.discriminator.apply(combined)),
    );
    const latent = random.normal([size, LATENT]);
    const gLoss = this.#step(this.generator, this.gOptimizer as Optimizer, () =>
      this.lossFn.apply(ops.zeros([size, 1]), this.discriminator.apply(this.generator.apply(latent))),
    );
    this.discriminatorLoss.updateState(dLoss);
    this.generatorLoss.updateState(gLoss);
    return { d_loss: this.discriminatorLoss.result(), g_loss: this.generatorLoss.result() };
  }

  #step(part: Sequential, optimizer: Optimizer, compute: () => Tensor): Tensor {
    const tape = new GradientTape();
    const loss = tape.run(compute);
    optimizer.apply(tape.gradient(loss, part.trainableWeights), part.trainableWeights);
    return loss;
  }
}

function compiled(): GAN {
  setRandomSeed(7);
  const gan = new GAN();
  gan.compile({ dOptimizer: new Adam({ learningRate: 0.01 }), gOptimizer: new Adam({ learningRate: 0.02 }) });
  return gan;
}

test("both parts train by fit, each by its optimizer, and metrics are reset by epoch", async () => {
  const gan = compiled();
  const before = gan.getWeights();
  expect(before).toHaveLength(8);
  const { history } = await gan.fit(REAL, { epochs: 3, batchSize: 8, verbose: 0 });
  expect(Object.keys(history)).toEqual(["d_loss", "g_loss"]);
  expect(history.d_loss).toHaveLength(3);
  expect([gan.dOptimizer?.iterations, gan.gOptimizer?.iterations]).toEqual([9, 9]);
  gan.getWeights().forEach(({ data }, i) => {
    expect(data).not.toEqual(before[i]?.data);
  });
  const again = compiled();
  expect((await again.fit(REAL, { epochs: 3, batchSize: 8, verbose: 0 })).history).toEqual(history);
  expect(again.getWeights()).toEqual(gan.getWeights());
});

test("it continues from weights and the states of both optimizers", async () => {
  const [whole, first, second] = [compiled(), compiled(), compiled()];
  const still = { batchSize: 8, shuffle: false, verbose: 0 } as const;
  setRandomSeed(1);
  await whole.fit(REAL, { ...still, epochs: 2 });
  setRandomSeed(1);
  await first.fit(REAL, { ...still, epochs: 1 });
  second.setWeights(first.getWeights());
  for (const name of ["dOptimizer", "gOptimizer"] as const) {
    const optimizer = second[name] as Optimizer;
    const part = name === "dOptimizer" ? second.discriminator : second.generator;
    optimizer.build(part.trainableWeights);
    optimizer.setWeights((first[name] as Optimizer).getWeights().map(({ data }) => data));
  }
  await second.fit(REAL, { ...still, epochs: 1 });
  expect(second.getWeights()).toEqual(whole.getWeights());
});
