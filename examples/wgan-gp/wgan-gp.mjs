// WGAN-GP (Gulrajani et al. 2017, arXiv:1704.00028): the critic's gradient by its input is kept near a norm of 1.

import { Adam, GradientTape, layers, memoryUse, ops, random, Sequential, setRandomSeed } from "gradstep";

setRandomSeed(2);
const BATCH = 64;
const NOISE = 4;
const STEPS = 300;
const CRITIC_STEPS = 3;
const PENALTY = 10;

const critic = new Sequential([
  new layers.Dense(32, { activation: "leakyRelu", inputShape: [2] }),
  new layers.Dense(32, { activation: "leakyRelu" }),
  new layers.Dense(1),
]);
const generator = new Sequential([
  new layers.Dense(32, { activation: "relu", inputShape: [NOISE] }),
  new layers.Dense(2),
]);
const options = { learningRate: 0.002, beta1: 0.5, beta2: 0.9 };
const [criticOptimizer, generatorOptimizer] = [new Adam(options), new Adam(options)];

/** Points around (2, -1). */
const real = () => ops.add(random.normal([BATCH, 2], 0, 0.3), [2, -1]);
const made = () => generator.apply(random.normal([BATCH, NOISE]));

/** How far the norms of the critic's gradient are from 1, at points between real and made ones. */
function penalty(points, others) {
  const share = random.uniform([BATCH, 1]);
  const between = ops.add(ops.multiply(points, share), ops.multiply(others, ops.subtract(1, share)));
  const tape = new GradientTape();
  tape.watch(between);
  const gradient = tape.gradient(
    tape.run(() => critic.apply(between)),
    between,
  );
  // The root of 0 has no derivative.
  const norms = ops.sqrt(ops.add(ops.sum(ops.square(gradient), { axis: 1 }), 1e-12));
  return ops.mean(ops.square(ops.subtract(norms, 1)));
}

function step(model, optimizer, loss) {
  const tape = new GradientTape();
  const value = tape.run(loss);
  optimizer.apply(tape.gradient(value, model.trainableVariables), model.trainableVariables);
  return value.item();
}

let early = 0;
for (let turn = 1; turn <= STEPS; turn++) {
  let criticLoss = 0;
  for (let i = 0; i < CRITIC_STEPS; i++) {
    criticLoss = step(critic, criticOptimizer, () => {
      const [points, others] = [real(), ops.stopGradient(made())];
      const distance = ops.subtract(ops.mean(critic.apply(others)), ops.mean(critic.apply(points)));
      return ops.add(distance, ops.multiply(penalty(points, others), PENALTY));
    });
  }
  step(generator, generatorOptimizer, () => ops.negative(ops.mean(critic.apply(made()))));
  if (turn === 50) early = memoryUse().inUse;
  if (turn % 100 === 0) console.log(`turn ${turn}: critic ${criticLoss.toFixed(3)}`);
}

const centre = ops.mean(made(), { axis: 0 }).array();
console.log(`made points are around ${centre[0].toFixed(1)}, ${centre[1].toFixed(1)}`);
const isSame = memoryUse().inUse < early + 2 ** 20;
console.log(`memory: ${isSame ? "as in the first turns" : "more than in the first turns"}`);
