// Threads inside of a process, on memory that MPI sums in: as if there were two cores for each of two processes.

Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 4 }, configurable: true });
const { MpiGroup } = await import("gradstep/mpi");
const { setReplicaContext } = await import("gradstep/distribute");
const { Adam, Variable } = await import("gradstep");
const { report } = await import("./report.mjs");

const threads = Number(process.argv.at(-1));
const group = await MpiGroup.open({ threads });
setReplicaContext(group);
const w = new Variable(new Float32Array(70_000).fill(1));
const adam = new Adam({ weightDecay: 0.01 });
for (let step = 0; step < 3; step++) {
  adam.applyGradients([[Float32Array.from({ length: 70_000 }, (_, i) => ((i * 31 + step) % 7) - 3 + group.rank), w]]);
}
let hash = 0;
for (const word of new Uint32Array(Float32Array.from(w.value).buffer)) hash = Math.imul(hash ^ word, 16777619);
report(group, { isShared: w.value.buffer instanceof SharedArrayBuffer, hash });
