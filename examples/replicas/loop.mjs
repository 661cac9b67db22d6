// A custom loop on two replicas, each in a worker, in both ways that the documentation of Keras's optimizers shows.

import { Worker } from "node:worker_threads";
import { SharedMemoryGroup } from "gradstep/distribute";

const REPLICAS = 2;

/** The reports of the replicas. */
function trained(byHand) {
  const shared = SharedMemoryGroup.create(REPLICAS); // memory for the group, sent to every worker
  const reports = Array.from({ length: REPLICAS }, (_, rank) => {
    const worker = new Worker(new URL("replica.mjs", import.meta.url), { workerData: { shared, rank, byHand } });
    return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  });
  return Promise.all(reports);
}

const checksums = [];
for (const byHand of [false, true]) {
  console.log(byHand ? 'By hand, getReplicaContext().allReduce("sum", gradients):' : "By applyGradients, which sums:");
  for (const { rank, size, loss, accuracy, checksum } of await trained(byHand)) {
    const numbers = `loss ${loss.toFixed(5)}  test accuracy ${(accuracy * 100).toFixed(1)} %`;
    console.log(`  replica ${rank} of ${size}  ${numbers}  weights ${checksum.toString(16).padStart(8, "0")}`);
    checksums.push(checksum);
  }
}
const isSame = new Set(checksums).size === 1;
console.log(`On both replicas, in both ways: ${isSame ? "the same bits" : "other bits, which is a bug"}.`);
