// A DCGAN (Radford et al. 2015, arXiv:1511.06434) of handwritten digits, as in Keras's example: convolutional networks, each with its
// optimizer, trained by fit.

import {
  Adam,
  callbacks,
  GradientTape,
  layers,
  losses,
  Model,
  metrics,
  ops,
  random,
  Sequential,
  setRandomSeed,
} from "gradstep";
import { loadDigits } from "../digits/data.mjs";

const NOISE = 16;

class DCGAN extends Model {
  discriminator = new Sequential([
    new layers.Conv2D(16, 3, { strides: 2, padding: "same", inputShape: [8, 8, 1] }),
    new layers.LeakyReLU(0.2),
    new layers.Conv2D(32, 3, { strides: 2, padding: "same" }),
    new layers.LeakyReLU(0.2),
    new layers.Flatten(),
    new layers.Dropout(0.2),
    new layers.Dense(1),
  ]);
  generator = new Sequential([
    new layers.Dense(2 * 2 * 32, { inputShape: [NOISE] }),
    new layers.Reshape([2, 2, 32]),
    new layers.Conv2DTranspose(32, 4, { strides: 2, padding: "same" }),
    new layers.LeakyReLU(0.2),
    new layers.Conv2DTranspose(16, 4, { strides: 2, padding: "same" }),
    new layers.LeakyReLU(0.2),
    new layers.Conv2D(1, 3, { padding: "same", activation: "sigmoid" }),
  ]);
  dLoss = new metrics.Mean({ name: "dLoss" });
  gLoss = new metrics.Mean({ name: "gLoss" });

  compile({ dOptimizer, gOptimizer }) {
    super.compile();
    Object.assign(this, { dOptimizer, gOptimizer });
    this.lossOf = new losses.BinaryCrossentropy({ fromLogits: true });
  }

  generate(count) {
    return this.generator.apply(random.normal([count, NOISE]));
  }

  trainStep([real]) {
    const [count] = real.shape;
    // Labels: 1 for real images, 0 for generated ones; noise on the labels keeps the discriminator from overconfidence.
    const labels = ops.concatenate([random.uniform([count, 1], 0.9, 1), random.uniform([count, 1], 0, 0.1)]);
    const made = this.generate(count);
    const dLoss = this.#step(this.discriminator, this.dOptimizer, () =>
      this.lossOf.apply(labels, this.discriminator.apply(ops.concatenate([real, made]), { training: true })),
    );
    const gLoss = this.#step(this.generator, this.gOptimizer, () =>
      this.lossOf.apply(ops.ones([count, 1]), this.discriminator.apply(this.generate(count), { training: true })),
    );
    this.dLoss.updateState(dLoss);
    this.gLoss.updateState(gLoss);
    return { dLoss: this.dLoss.result(), gLoss: this.gLoss.result() };
  }

  #step(network, optimizer, compute) {
    const tape = new GradientTape();
    const loss = tape.run(compute);
    optimizer.apply(tape.gradient(loss, network.trainableWeights), network.trainableWeights);
    return loss;
  }
}

/** Prints a generated digit from time to time. */
class Monitor extends callbacks.Callback {
  onEpochEnd(epoch, { dLoss, gLoss }) {
    if (epoch % 5 !== 4) return;
    console.log(`epoch ${epoch + 1}: discriminator ${dLoss.toFixed(3)}, generator ${gLoss.toFixed(3)}`);
  }
}

setRandomSeed(3);
const { train } = loadDigits();
const images = ops.reshape(train.x, [train.count, 8, 8, 1]);
const gan = new DCGAN();
gan.compile({
  dOptimizer: new Adam({ learningRate: 0.0005, beta1: 0.5 }),
  gOptimizer: new Adam({ learningRate: 0.001, beta1: 0.5 }),
});
await gan.fit(images, { epochs: 20, batchSize: 48, verbose: 0, callbacks: [new Monitor()] });

// Real digits are bright in the middle and dark at the sides, and so are generated ones after training.
const columns = (batch) => [...ops.mean(batch, { axis: [0, 1, 3] }).array()];
const text = (list) => list.map((value) => value.toFixed(2)).join(" ");
console.log(`columns of real digits: ${text(columns(images))}`);
console.log(`columns of made digits: ${text(columns(gan.generate(200)))}`);
