// A generative adversarial network, in the order of Keras's guide: the discriminator's step, the generator's, metrics.

import {
  Adam,
  GradientTape,
  layers,
  losses,
  memoryUse,
  metrics,
  ops,
  random,
  Sequential,
  setRandomSeed,
  zip,
} from "gradstep";

setRandomSeed(1);
const BATCH = 64;
const NOISE = 4;

const discriminator = new Sequential([
  new layers.Dense(32, { inputShape: [2], activation: "leakyRelu" }),
  new layers.Dense(1),
]);
const generator = new Sequential([
  new layers.Dense(32, { inputShape: [NOISE], activation: "relu" }),
  new layers.Dense(2),
]);
const discriminatorOptimizer = new Adam({ learningRate: 0.003 });
const generatorOptimizer = new Adam({ learningRate: 0.003 });
const lossFn = new losses.BinaryCrossentropy({ fromLogits: true });
const discriminatorLoss = new metrics.Mean({ name: "d_loss" });
const generatorLoss = new metrics.Mean({ name: "g_loss" });
const accuracy = new metrics.BinaryAccuracy({ threshold: 0 });

const real = Array.from({ length: BATCH }, (_, i) => {
  const angle = (2 * Math.PI * i) / BATCH;
  return [Math.cos(angle), Math.sin(angle)];
});
const labels = Array.from({ length: 2 * BATCH }, (_, i) => [i < BATCH ? 1 : 0]);
const misleading = Array.from({ length: BATCH }, () => [1]);

function turn() {
  const noise = random.normal([BATCH, NOISE]);
  const combined = ops.concatenate([real, generator.apply(noise)], 0);

  const first = new GradientTape();
  let logits;
  const dLoss = first.run(() => {
    logits = discriminator.apply(combined);
    return lossFn.apply(labels, logits);
  });
  const dWeights = discriminator.trainableWeights;
  discriminatorOptimizer.applyGradients(zip(first.gradient(dLoss, dWeights), dWeights));

  const second = new GradientTape();
  const gLoss = second.run(() => lossFn.apply(misleading, discriminator.apply(generator.apply(noise))));
  const gWeights = generator.trainableWeights;
  generatorOptimizer.applyGradients(zip(second.gradient(gLoss, gWeights), gWeights));

  // Results of the discriminator's step are still readable.
  discriminatorLoss.updateState(dLoss);
  generatorLoss.updateState(gLoss);
  accuracy.updateState(labels, logits);
}

let early = 0;
for (let step = 1; step <= 1500; step++) {
  turn();
  if (step === 100) early = memoryUse().inUse;
  if (step % 500 !== 0) continue;
  const results = [discriminatorLoss, generatorLoss, accuracy].map((metric) => metric.result().toFixed(3));
  console.log(`step ${step}: d_loss ${results[0]}, g_loss ${results[1]}, accuracy ${results[2]}`);
  for (const metric of [discriminatorLoss, generatorLoss, accuracy]) metric.resetState();
}
console.log(
  `memory: ${memoryUse().inUse < early + 2 ** 20 ? "as in the first turns" : "more than in the first turns"}`,
);

const radii = generator.apply(random.normal([256, NOISE]));
const mean = ops.mean(ops.sqrt(ops.sum(ops.square(radii), { axis: 1 }))).item();
console.log(`mean radius ${mean.toFixed(2)}`);
