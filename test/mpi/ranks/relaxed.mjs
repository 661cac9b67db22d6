// Products with relaxed SIMD, by one thread or by two, as if there were two cores for each of two processes.

Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 4 }, configurable: true });
const { MpiGroup } = await import("gradstep/mpi");
const { ops, tensor } = await import("gradstep");
const { report } = await import("./report.mjs");

const [threads, relaxed] = process.argv.slice(-2).map(Number);
const group = await MpiGroup.open({ threads, relaxed: relaxed === 1 });
const SIZE = 130;
const matrix = (step) =>
  tensor(
    Float32Array.from({ length: SIZE * SIZE }, (_, i) => ((i * step) % 29) / 29),
    [SIZE, SIZE],
  );
let hash = 0;
for (const word of new Uint32Array(ops.matmul(matrix(7), matrix(11)).array().buffer))
  hash = Math.imul(hash ^ word, 16777619);
// (func (param v128) (result v128) local.get 0 local.get 0 local.get 0 f32x4.relaxed_madd)
const probe = [0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0];
const has = WebAssembly.validate(Uint8Array.from([...probe, 10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 133, 2, 11]));
report(group, { hash, has });
