// A training on some threads, for each limit of waiting after which jobs may be run alone. Prints the hashes of the
// weights, and whether there were jobs that were run alone.
// Arguments: threads, then the limits in milliseconds.

import { Adam, Lamb, ops, tensor, Variable } from "../../dist/index.js";
import { setThreads } from "../../dist/threads/index.js";
import { configureThreads, threadCounts } from "../../dist/threads/program-threads.js";

const [threads, ...limits] = process.argv.slice(2).map(Number);
const STEPS = 200;
const numbers = Float32Array.from({ length: 70_000 }, (_, i) => ((i * 7919) % 1000) / 1000 - 0.5);

/** Products, variables in pieces, and small variables, with pauses in which helpers fall asleep. */
async function trained() {
  const large = [new Variable(numbers), new Variable(numbers.subarray(0, 40_000))];
  const small = Array.from({ length: 9 }, (_, i) => new Variable(numbers.subarray(i, 6000 + i)));
  const [adam, lamb] = [new Adam(), new Lamb()];
  for (let step = 0; step < STEPS; step++) {
    const [a, c] = [tensor(numbers.subarray(0, 30_000), [300, 100]), tensor(numbers.subarray(9, 30_009), [100, 300])];
    const product = ops.matmul(a, c);
    adam.apply([numbers, product.value.subarray(0, 40_000)], large);
    lamb.apply(
      small.map(({ size }, i) => product.value.subarray(i * size, (i + 1) * size)),
      small,
    );
    for (const used of [a, c, product]) used.dispose();
    if (step % 60 === 59) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  let hash = 0;
  for (const { value } of [...large, ...small])
    for (const word of new Uint32Array(Float32Array.from(value).buffer)) hash = Math.imul(hash ^ word, 16777619);
  for (const used of [adam, lamb, ...large, ...small]) used.dispose();
  return hash;
}

const used = await setThreads(threads);
const hashes = [];
const alone = [];
for (const late of limits) {
  configureThreads({ late });
  const { alone: before } = threadCounts();
  const isAlone = () => threadCounts().alone > before;
  hashes.push(await trained());
  // With a limit of 0 only a short training can be over before a wait has led to jobs that are run alone.
  for (let more = 0; late === 0 && used > 1 && more < 20 && !isAlone(); more++) {
    if ((await trained()) !== hashes.at(-1)) throw new Error("Two trainings differ.");
  }
  alone.push(isAlone());
}
console.log(JSON.stringify({ used, hashes, alone, ended: await setThreads(1) }));
