// A variational autoencoder (Kingma and Welling 2013, arXiv:1312.6114) of handwritten digits, as in Keras's example: an encoder
// gives a mean and a variance for each image, a layer draws a point, and a decoder makes an image of it.

import {
  Adam,
  GradientTape,
  Input,
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

const LATENT = 2;

/** Draws a point from the normal distribution with this mean and this log-variance. */
class Sampling extends layers.Layer {
  static className = "Sampling";

  call([mean, logVariance]) {
    const noise = random.normal(mean.shape);
    return ops.add(mean, ops.multiply(ops.exp(ops.multiply(logVariance, 0.5)), noise));
  }

  computeOutputShape([mean]) {
    return mean;
  }
}

function makeEncoder() {
  const image = Input({ shape: [8, 8, 1] });
  const features = new layers.Conv2D(16, 3, { activation: "relu", strides: 2, padding: "same" }).apply(image);
  const hidden = new layers.Dense(32, { activation: "relu" }).apply(new layers.Flatten().apply(features));
  const mean = new layers.Dense(LATENT, { name: "mean" }).apply(hidden);
  const logVariance = new layers.Dense(LATENT, { name: "log_variance" }).apply(hidden);
  const point = new Sampling({ name: "point" }).apply([mean, logVariance]);
  return new Model({ inputs: image, outputs: [mean, logVariance, point], name: "encoder" });
}

const makeDecoder = () =>
  new Sequential(
    [
      new layers.Dense(4 * 4 * 16, { activation: "relu", inputShape: [LATENT] }),
      new layers.Reshape([4, 4, 16]),
      new layers.Conv2DTranspose(16, 3, { activation: "relu", strides: 2, padding: "same" }),
      new layers.Conv2D(1, 3, { activation: "sigmoid", padding: "same" }),
    ],
    { name: "decoder" },
  );

class VAE extends Model {
  encoder = makeEncoder();
  decoder = makeDecoder();
  trackers = {};

  constructor() {
    super();
    for (const name of ["loss", "reconstruction", "divergence"]) {
      this.trackers[name] = this.addMetric(new metrics.Mean({ name }));
    }
  }

  call(images) {
    const [mean] = this.encoder.apply(images);
    return this.decoder.apply(mean);
  }

  trainStep([images]) {
    const tape = new GradientTape();
    let terms;
    const loss = tape.run(() => {
      terms = this.#terms(images, true);
      return ops.add(terms.reconstruction, terms.divergence);
    });
    this.optimizer.apply(tape.gradient(loss, this.trainableWeights), this.trainableWeights);
    return this.#measured({ loss, ...terms });
  }

  testStep([images]) {
    const terms = this.#terms(images, false);
    return this.#measured({ loss: ops.add(terms.reconstruction, terms.divergence), ...terms });
  }

  /** Both terms of the loss, as means over the images. */
  #terms(images, training) {
    const [mean, logVariance, point] = this.encoder.apply(images, { training });
    const made = this.decoder.apply(point, { training });
    const perPixel = losses.binaryCrossentropy(images, made);
    const spread = ops.subtract(ops.add(1, logVariance), ops.add(ops.square(mean), ops.exp(logVariance)));
    return {
      reconstruction: ops.mean(ops.sum(perPixel, { axis: [1, 2] })),
      divergence: ops.mean(ops.multiply(ops.sum(spread, { axis: 1 }), -0.5)),
    };
  }

  #measured(values) {
    for (const [name, value] of Object.entries(values)) this.trackers[name].updateState(value);
    return this.getMetricsResult();
  }
}

setRandomSeed(1);
const { train, test } = loadDigits();
const images = ({ x, count }) => ops.reshape(x, [count, 8, 8, 1]);
const vae = new VAE();
vae.compile({ optimizer: new Adam(0.002) });
const { history } = await vae.fit(images(train), { epochs: 25, batchSize: 48, verbose: 0 });
for (const epoch of [0, 24]) {
  const texts = ["loss", "reconstruction", "divergence"].map((name) => `${name} ${history[name][epoch].toFixed(2)}`);
  console.log(`epoch ${epoch + 1}: ${texts.join(", ")}`);
}

const { loss } = await vae.evaluate(images(test), { verbose: 0, returnDict: true });
console.log(`test loss ${loss.toFixed(2)}`);

// A path through the latent space: the decoder generates a digit for each point.
const line = [-1.5, -0.5, 0.5, 1.5].map((at) => [at, -at]);
const made = vae.decoder.apply(line).array();
for (let row = 0; row < 8; row++) {
  const pixels = (image) => [...made.slice(image * 64 + row * 8, image * 64 + row * 8 + 8)];
  console.log(
    line
      .map((_, image) =>
        pixels(image)
          .map((value) => " .:*#"[Math.min(4, Math.floor(value * 5))])
          .join(""),
      )
      .join("  "),
  );
}
