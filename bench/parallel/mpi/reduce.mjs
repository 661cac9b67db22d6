// A rank of the job that mpi.mjs starts: sums numbers in WebAssembly memory, and prints how long that takes.

import { Variable } from "../../../dist/index.js";
import { MpiGroup } from "../../../dist/mpi/index.js";

const [length, warmUp, count] = process.argv.slice(2).map(Number);
const group = await MpiGroup.open();
const data = new Variable(new Float32Array(length));

const samples = [];
for (let i = 0; i < warmUp + count; i++) {
  data.value.fill(1);
  group.barrier();
  const start = performance.now();
  group.allReduce("sum", data);
  samples.push(Number((performance.now() - start).toFixed(6)));
}
if (data.array().some((value) => value !== group.size)) throw new Error("The sum is wrong.");
if (group.rank === 0) console.log(`SAMPLES ${JSON.stringify(samples.slice(warmUp))}`);
