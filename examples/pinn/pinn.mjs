// A physics-informed network: solves u'' = -pi^2 sin(pi x) on [-1, 1] with u(-1) = u(1) = 0, whose solution is sin(pi
// x). The loss contains second derivatives of the network with respect to its input, and training differentiates the
// loss.

import { Adam, GradientTape, layers, memoryUse, ops, Sequential, setRandomSeed, tensor } from "gradstep";

setRandomSeed(1);
const POINTS = 64;
const STEPS = 1500;

const network = new Sequential([
  new layers.Dense(20, { activation: "tanh", inputShape: [1] }),
  new layers.Dense(20, { activation: "tanh" }),
  new layers.Dense(1),
]);
const optimizer = new Adam({ learningRate: 0.01 });

const x = tensor(Array.from({ length: POINTS }, (_, i) => [(2 * i) / (POINTS - 1) - 1]));
const source = ops.keep(ops.multiply(ops.sin(ops.multiply(x, Math.PI)), -Math.PI * Math.PI));
const ends = tensor([[-1], [1]]);

/** The derivative of `f(x)` with respect to `x`, for each point. */
function derivative(f) {
  const tape = new GradientTape();
  tape.watch(x);
  return tape.gradient(tape.run(f), x);
}

function loss() {
  const second = derivative(() => derivative(() => network.apply(x)));
  const residual = ops.mean(ops.square(ops.subtract(second, source)));
  return ops.add(residual, ops.multiply(ops.mean(ops.square(network.apply(ends))), 100));
}

let early = 0;
for (let step = 1; step <= STEPS; step++) {
  const tape = new GradientTape();
  const value = tape.run(loss);
  optimizer.apply(tape.gradient(value, network.trainableVariables), network.trainableVariables);
  if (step === 100) early = memoryUse().inUse;
  if (step === 1 || step % 500 === 0) console.log(`step ${step}: loss ${value.item().toExponential(2)}`);
}

const solution = network.apply(x).array();
const expected = x.array().map((at) => Math.sin(Math.PI * at));
const error = Math.max(...solution.map((u, i) => Math.abs(u - expected[i])));
console.log(`largest error ${error.toFixed(4)}`);
const isSame = memoryUse().inUse < early + 2 ** 20;
console.log(`memory: ${isSame ? "as in the first turns" : "more than in the first turns"}`);
