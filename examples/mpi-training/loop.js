// mpirun -n 4 node loop.js: a custom loop. Each process reads only its part of the data.

import { Adam, GradientTape, layers, ops, Sequential, setRandomSeed, zip } from "gradstep";
import { setReplicaContext } from "gradstep/distribute";
import { MpiGroup } from "gradstep/mpi";

const STEPS = 200;
const BATCH = 64; // of all processes together
const TRUTH = [2, -3, 0.5];

const group = await MpiGroup.open();
setReplicaContext(group); // from here on, applyGradients sums over all processes

setRandomSeed(1);
const model = new Sequential([new layers.Dense(1, { inputShape: [TRUTH.length] })]);
const optimizer = new Adam({ learningRate: 0.1 });
group.broadcast(model.weights); // all start with the weights of the first one

/** With four processes, every fourth sample from the process's rank on: no two processes have the same samples. */
function* myBatches() {
  const own = Array.from({ length: BATCH }, (_, i) => i).filter((i) => i % group.size === group.rank);
  for (let step = 0; step < STEPS; step++) {
    const x = own.map((i) => TRUTH.map((_, column) => (((step * BATCH + i) * (column + 7)) % 11) / 5 - 1));
    const y = x.map((row) => [row.reduce((sum, value, column) => sum + value * TRUTH[column], 1)]);
    yield [x, y];
  }
}

for (const [x, y] of myBatches()) {
  const tape = new GradientTape();
  // Gradients are summed over processes, so each loss is a sum divided by the size of the whole batch.
  const loss = tape.run(() => ops.divide(ops.sum(ops.square(ops.subtract(y, model.apply(x)))), BATCH));
  optimizer.applyGradients(zip(tape.gradient(loss, model.trainableWeights), model.trainableWeights));
}

const hash = group.verify(model.weights).toString(16).padStart(8, "0");
const [kernel, bias] = model.weights.map((weight) => [...weight.array()].map((value) => value.toFixed(2)));
if (group.rank === 0) console.log(`${group.size} replicas: weights ${kernel}, bias ${bias}, ${hash} on all`);
