// The sum over the replicas of a process, as applyGradients needs it.

import { availableParallelism } from "node:os";
import { summary } from "../measure/statistics.mjs";
import { startReplicas } from "./replicas.mjs";

const LENGTHS = [
  ["1M", 1_000_000],
  ["16,384", 1 << 14],
  ["1,024", 1 << 10],
];
const SIZES = [2, 4];
const ROUNDS = 12;

export const allReduce = {
  id: "allReduce",
  title: "All-reduce in shared memory",
  means: `\`allReduce("sum", tensor)\` of float32 in WebAssembly memory, by replicas in worker threads. Each call by itself; groups take turns.`,
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
