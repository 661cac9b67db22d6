// A program on three threads, one of which is terminated after some milliseconds: in a step, or asleep. Arguments:
// threads, milliseconds until then, which helper, and after how many milliseconds a silent helper is lost. Prints the
// outcome.

import { readdirSync } from "node:fs";
import { Adam, ops, tensor, Variable } from "../../dist/index.js";
import { setThreads } from "../../dist/threads/index.js";
import { configureThreads } from "../../dist/threads/program-threads.js";

const [threads, moment, index, patience] = process.argv.slice(2).map(Number);
const STEPS = 300;

const helpers = [];
process.on("worker", (helper) => helpers.push(helper));

const numbers = Float32Array.from({ length: 70_000 }, (_, i) => ((i * 7919) % 1000) / 1000 - 0.5);
const tasks = () => (process.platform === "linux" ? readdirSync("/proc/self/task").length : 0);

/** Trains, with pauses in which helpers fall asleep, and kills. @returns a hash of the weights */
async function trained() {
  const [w, b] = [new Variable(numbers), new Variable(numbers.subarray(0, 40_000))];
  const adam = new Adam();
  let kills = helpers.length > 0 ? 1 : 0;
  const began = performance.now();
  for (let step = 0; step < STEPS; step++) {
    if (kills > 0 && performance.now() - began >= moment) {
      kills--;
      // It happens while the steps go on.
      void helpers[index % (threads - 1)].terminate();
    }
    const [a, c] = [tensor(numbers.subarray(0, 30_000), [300, 100]), tensor(numbers.subarray(9, 30_009), [100, 300])];
    const product = ops.matmul(a, c);
    adam.apply([numbers, product.value.subarray(0, 40_000)], [w, b]);
    for (const used of [a, c, product]) used.dispose();
    if (step % 60 === 59) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  // On a machine that was quicker than the moment.
  if (kills > 0 && Number.isFinite(moment)) void helpers[index % (threads - 1)].terminate();
  // Without patience, the first helper whose chunks take longer than the caller's is lost.
  if (patience === 0) {
    const square = tensor(
      Float32Array.from({ length: 250_000 }, (_, i) => i % 7),
      [500, 500],
    );
    for (let i = 0; i < 500; i++) ops.matmul(square, square).dispose();
  }
  let hash = 0;
  for (const { value } of [w, b])
    for (const word of new Uint32Array(Float32Array.from(value).buffer)) hash = Math.imul(hash ^ word, 16777619);
  return hash;
}

configureThreads({ patience });
const before = tasks();
await setThreads(threads);
let outcome;
try {
  outcome = { hash: await trained() };
  // Whoever was ended has a successor.
  while (threads > 1 && helpers.length < threads) await new Promise((resolve) => setTimeout(resolve, 1));
  outcome.again = await setThreads(threads);
} catch ({ code }) {
  const later = await setThreads(threads).catch((error) => error.code);
  outcome = { code, later };
}
// What is collected afterwards must not throw: it cannot be caught.
globalThis.gc?.();
await new Promise((resolve) => setTimeout(resolve, 10));
const ended = await setThreads(1);
// A thread that was joined stays in /proc for a moment.
for (let i = 0; i < 100 && tasks() > before; i++) await new Promise((resolve) => setTimeout(resolve, 10));
console.log(JSON.stringify({ ...outcome, ended, left: tasks() - before }));
