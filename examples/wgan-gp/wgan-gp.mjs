// WGAN-GP (Gulrajani et al. 2017, arXiv:1704.00028): the norm of the critic's gradient with respect to its input is
// kept near 1. As in Keras's example of the same name, a model has both networks, and `fit` trains them by its
// `trainStep`.

import { Adam, GradientTape, layers, Model, memoryUse, ops, random, Sequential, setRandomSeed } from "gradstep";

const NOISE = 4;

class WGAN extends Model {
  critic = new Sequential([
    new layers.Dense(32, { activation: "leakyRelu", inputShape: [2] }),
    new layers.Dense(32, { activation: "leakyRelu" }),
    new layers.Dense(1),
  ]);
  generator = new Sequential([new layers.Dense(32, { activation: "relu", inputShape: [NOISE] }), new layers.Dense(2)]);
  criticSteps = 3;
  penaltyWeight = 10;

  compile({ criticOptimizer, generatorOptimizer }) {
    super.compile();
    this.criticOptimizer = criticOptimizer;
    this.generatorOptimizer = generatorOptimizer;
  }

  trainStep([real]) {
    const [size] = real.shape;
    const made = () => this.generator.apply(random.normal([size, NOISE]));
    let criticLoss;
    for (let i = 0; i < this.criticSteps; i++) {
      criticLoss = this.#step(this.critic, this.criticOptimizer, () => {
        const others = ops.stopGradient(made());
        const distance = ops.subtract(ops.mean(this.critic.apply(others)), ops.mean(this.critic.apply(real)));
        return ops.add(distance, ops.multiply(this.#penalty(real, others), this.penaltyWeight));
      });
    }
    const generatorLoss = this.#step(this.generator, this.generatorOptimizer, () =>
      ops.negative(ops.mean(this.critic.apply(made()))),
    );
    return { criticLoss, generatorLoss };
  }

  /** Distance of the norms of the critic's gradient from 1, at points between real and generated ones. */
  #penalty(real, made) {
    const share = random.uniform([real.shape[0], 1]);
    const between = ops.add(ops.multiply(real, share), ops.multiply(made, ops.subtract(1, share)));
    const tape = new GradientTape();
    tape.watch(between);
    const gradient = tape.gradient(
      tape.run(() => this.critic.apply(between)),
      between,
    );
    // The root of 0 has no derivative.
    const norms = ops.sqrt(ops.add(ops.sum(ops.square(gradient), { axis: 1 }), 1e-12));
    return ops.mean(ops.square(ops.subtract(norms, 1)));
  }

  #step(network, optimizer, compute) {
    const tape = new GradientTape();
    const loss = tape.run(compute);
    optimizer.apply(tape.gradient(loss, network.trainableVariables), network.trainableVariables);
    return loss;
  }
}

setRandomSeed(2);
const options = { learningRate: 0.002, beta1: 0.5, beta2: 0.9 };
const wgan = new WGAN();
wgan.compile({ criticOptimizer: new Adam(options), generatorOptimizer: new Adam(options) });

// Points around (2, -1).
const points = ops.keep(ops.add(random.normal([640, 2], 0, 0.3), [2, -1]));
let early = 0;
const { history } = await wgan.fit(points, {
  batchSize: 64,
  epochs: 60,
  verbose: 0,
  callbacks: [
    {
      onEpochEnd(epoch) {
        if (epoch === 4) early = memoryUse().inUse;
      },
    },
  ],
});
for (const epoch of [19, 39, 59]) console.log(`epoch ${epoch + 1}: critic ${history.criticLoss[epoch].toFixed(3)}`);

const centre = ops.mean(wgan.generator.apply(random.normal([256, NOISE])), { axis: 0 }).array();
console.log(`made points are around ${centre[0].toFixed(1)}, ${centre[1].toFixed(1)}`);
const isSame = memoryUse().inUse < early + 2 ** 20;
console.log(`memory: ${isSame ? "as in the first turns" : "more than in the first turns"}`);
