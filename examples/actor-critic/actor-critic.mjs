// Actor-critic, in the order of Keras's example: one tape records an episode, then its losses and one update.

import { Adam, GradientTape, Input, layers, losses, Model, memoryUse, ops, random, setRandomSeed, zip } from "gradstep";
import { CartPole } from "./cart-pole.mjs";

setRandomSeed(7);
const DISCOUNT = 0.99;
const LONGEST = 200;
const EPISODES = 250;

const inputs = new Input({ shape: [4] });
const common = new layers.Dense(64, { activation: "relu" }).apply(inputs);
const action = new layers.Dense(2, { activation: "softmax" }).apply(common);
const critic = new layers.Dense(1).apply(common);
const model = new Model({ inputs, outputs: [action, critic] });

const optimizer = new Adam({ learningRate: 0.01 });
const huber = new losses.Huber();
const environment = new CartPole(() => [...random.uniform([4], { minval: -0.05, maxval: 0.05 }).array()]);

/** The discounted return at each step, normalized to mean 0 and standard deviation 1. */
function returnsOf(rewards) {
  const returns = [];
  let sum = 0;
  for (const reward of rewards.toReversed()) {
    sum = reward + DISCOUNT * sum;
    returns.unshift(sum);
  }
  const mean = returns.reduce((a, b) => a + b) / returns.length;
  const deviation = Math.sqrt(returns.reduce((a, b) => a + (b - mean) ** 2, 0) / returns.length);
  return returns.map((value) => [(value - mean) / (deviation + 1e-7)]);
}

function episode() {
  const [logs, values, rewards] = [[], [], []];
  const tape = new GradientTape();
  const loss = tape.run(() => {
    let state = environment.reset();
    for (let step = 0; step < LONGEST; step++) {
      const [probabilities, value] = model.apply([state]);
      const chosen = random.uniform([1]).item() < probabilities.value[0] ? 0 : 1;
      logs.push(ops.log(ops.slice(probabilities, [0, chosen], [1, 1])));
      values.push(value);
      const next = environment.step(chosen);
      rewards.push(1);
      if (next.isOver) break;
      state = next.state;
    }
    const returns = returnsOf(rewards);
    const history = ops.concatenate(values, 0);
    // The actor is rewarded for returns above the critic's estimate.
    const surprise = ops.stopGradient(ops.subtract(returns, history));
    const actorLoss = ops.mean(ops.multiply(ops.negative(ops.concatenate(logs, 0)), surprise));
    return ops.add(actorLoss, huber.call(returns, history));
  });
  const weights = model.trainableWeights;
  optimizer.applyGradients(zip(tape.gradient(loss, weights), weights));
  return rewards.length;
}

let running = 10;
let early = 0;
for (let at = 1; at <= EPISODES; at++) {
  running = 0.05 * episode() + 0.95 * running;
  if (at === 150) early = memoryUse().inUse;
  if (at % 50 === 0) console.log(`episode ${at}: running reward ${running.toFixed(1)}`);
}
console.log(`memory: ${memoryUse().inUse <= early ? "as in the first episodes" : "more than in the first episodes"}`);
