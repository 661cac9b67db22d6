// The sum over the replicas of a process, as applyGradients needs it. The file is also that of the workers: each waits
// for work, as one of a group in shared memory.

import { once } from "node:events";
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { SharedMemoryGroup } from "../../dist/distribute/index.js";
import { tensor } from "../../dist/index.js";
import { summary } from "../measure/rounds.mjs";

const LENGTHS = [
  ["1M", 1_000_000],
  ["16,384", 1 << 14],
  ["1,024", 1 << 10],
];
const SIZES = [2, 4];
const ROUNDS = 12;
/** Number of measured calls; earlier ones warm up. */
const CALLS = 40;

/** Workers of a group. `times(length)` resolves to milliseconds of single all-reduces of `length` float32. */
function startReplicas(size) {
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

/** All replicas begin together. The time of the first is that of all, since none returns before the last has arrived. */
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

export const allReduce = {
  id: "allReduce",
  title: "All-reduce in shared memory",
  means: `\`allReduce("sum", tensor)\` of float32 in WebAssembly memory, by replicas in worker threads. Each call is timed separately; groups take turns.`,
  async measure() {
    const groups = SIZES.map((size) => ({ size, ...startReplicas(size) }));
    const samples = new Map();
    for (let round = 0; round < ROUNDS; round++) {
      for (const { size, times } of groups) {
        for (const [name, length] of LENGTHS) {
          const label = `${name}, ${size} replicas`;
          samples.set(label, [...(samples.get(label) ?? []), ...(await times(length))]);
        }
      }
    }
    await Promise.all(groups.map(({ close }) => close()));
    return LENGTHS.flatMap(([name]) =>
      SIZES.map((size) => {
        const label = `${name}, ${size} replicas`;
        const cores = availableParallelism();
        return { label, measured: summary(samples.get(label)), note: size > cores ? `on ${cores} cores` : "" };
      }),
    );
  },
};

if (!isMainThread) {
  const group = SharedMemoryGroup.join(workerData.shared, workerData.rank);
  parentPort.on("message", (length) => parentPort.postMessage(allReduceTimes(group, length)));
}
