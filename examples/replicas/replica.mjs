// One replica of loop.mjs: the same script in every worker.

import { parentPort, workerData } from "node:worker_threads";
import { Adam, GradientTape, layers, losses, ops, Sequential, setRandomSeed, tensor, zip } from "gradstep";
import { getReplicaContext, SharedMemoryGroup, setReplicaContext } from "gradstep/distribute";
import { loadDigits } from "./digits.mjs";

const EPOCHS = 15;
const GLOBAL_BATCH = 64;
const PIXELS = 64;

setRandomSeed(1); // the same on all replicas: all start with the same weights
const { train, test } = loadDigits();

/** This replica's part of a global batch. */
function partOf(batch, { rank, size }) {
  const [from, to] = [rank, rank + 1].map((at) => batch * GLOBAL_BATCH + (GLOBAL_BATCH * at) / size);
  return [tensor(train.x.subarray(from * PIXELS, to * PIXELS), [to - from, PIXELS]), train.y.subarray(from, to)];
}

setReplicaContext(SharedMemoryGroup.join(workerData.shared, workerData.rank));
const replica = getReplicaContext();

const model = new Sequential([
  new layers.Dense(64, { activation: "relu", inputShape: [PIXELS] }),
  new layers.Dense(10, { activation: "softmax" }),
]);
const optimizer = new Adam({ learningRate: 0.005 });
const vars = model.trainableWeights;
const epochLoss = new Float64Array(1);

for (let epoch = 0; epoch < EPOCHS; epoch++) {
  epochLoss[0] = 0;
  const batches = Math.floor(train.count / GLOBAL_BATCH);
  for (let batch = 0; batch < batches; batch++) {
    const [x, y] = partOf(batch, replica);
    const tape = new GradientTape();
    const loss = tape.run(() => {
      const ofSamples = losses.sparseCategoricalCrossentropy(y, model.apply(x));
      // Divided by the global batch, not by the part: then the sum over the replicas equals the result of one replica.
      return ops.divide(ops.sum(ofSamples), GLOBAL_BATCH);
    });
    epochLoss[0] += loss.item() / batches;
    if (workerData.byHand) {
      const grads = replica.allReduce("sum", tape.gradient(loss, vars));
      // At this point gradients could be inspected or clipped: all replicas have the sums.
      optimizer.applyGradients(zip(grads, vars), { experimentalAggregateGradients: false });
    } else {
      optimizer.applyGradients(zip(tape.gradient(loss, vars), vars));
    }
    x.dispose();
  }
}

replica.allReduce("sum", epochLoss); // any numbers
const predicted = ops.argmax(model.apply(tensor(test.x, [test.count, PIXELS])), 1).array();
const accuracy = predicted.filter((digit, i) => digit === test.y[i]).length / test.count;
const checksum = replica.verify(model.weights); // throws if the replicas' weights differ in a bit
parentPort.postMessage({ rank: replica.rank, size: replica.size, loss: epochLoss[0], accuracy, checksum });
replica.close();
