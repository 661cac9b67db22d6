// Replicas in workers that wait for work: each is one of a group in shared memory.

import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { SharedMemoryGroup } from "../../dist/distribute/index.js";
import { tensor } from "../../dist/index.js";

/** Calls whose times are told; those before them warm up. */
const CALLS = 40;

/** Workers of a group. `times(length)` resolves to milliseconds of single all-reduces of so many float32. */
export function startReplicas(size) {
  const shared = SharedMemoryGroup.create(size);
  const workers = Array.from(
    { length: size },
    (_, rank) => new Worker(new URL(import.meta.url), { workerData: { shared, rank } }),
  );
  const ask = async (worker, question) => {
    worker.postMessage(question);
    return (await once(worker, "message"))[0];
  };
  return {
    times: async (length) => (await Promise.all(workers.map((worker) => ask(worker, length))))[0],
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}

/** All begin together; the first one's time is that of all, since nobody returns before the last has come. */
function allReduceTimes(group, length) {
  const data = tensor(new Float32Array(length));
  const times = [];
  for (let i = 0; i < 2 * CALLS; i++) {
    group.barrier();
    const start = performance.now();
    group.allReduce("sum", data);
    times.push(performance.now() - start);
  }
  data.dispose();
  return times.slice(CALLS);
}

if (!isMainThread) {
  const group = SharedMemoryGroup.join(workerData.shared, workerData.rank);
  parentPort.on("message", (length) => parentPort.postMessage(allReduceTimes(group, length)));
}
