/** `gradstep/mpi`, installed, without koffi: who does not use it pays nothing for it; types need no package. */

import { build } from "esbuild";
import { expect, test } from "vitest";
import { useConsumer } from "./consumer.js";

const consumer = useConsumer();

async function bundled(name: string, source: string, platform: "browser" | "node") {
  const outfile = consumer.path(`${name}.bundle.mjs`);
  const entryPoints = [consumer.write(`${name}.mjs`, source)];
  const { warnings, metafile } = await build({
    entryPoints,
    outfile,
    bundle: true,
    metafile: true,
    format: "esm",
    platform,
    logLevel: "silent",
  });
  expect(warnings).toEqual([]);
  return { outfile, inputs: Object.keys(metafile.inputs) };
}

const OPENS = `
import { MpiGroup } from "gradstep/mpi";
await MpiGroup.open().catch((error) => console.log(error.code, error.message));`;

test("for a page, it bundles without a trace of Node, and says where it runs", async () => {
  const { outfile, inputs } = await bundled("page", OPENS, "browser");
  expect(inputs.filter((path) => /ffi-/.test(path))).toEqual([expect.stringContaining("ffi-none.js")]);
  expect(consumer.run(process.execPath, outfile)).toMatch(/^ERR_MPI .* runs in Node, Deno and Bun, under mpirun/);
});

test("for Node, it bundles where koffi is not installed, and asks for it when it is needed", async () => {
  const { outfile } = await bundled("node", OPENS, "node");
  expect(consumer.run(process.execPath, outfile)).toMatch(/^ERR_MPI .*npm install koffi$/m);
});

test('`import ... from "gradstep"` and "gradstep/distribute" have nothing of it', async () => {
  const source = 'import * as a from "gradstep";\nimport * as b from "gradstep/distribute";\nconsole.log(a, b);';
  const { inputs } = await bundled("others", source, "browser");
  expect(inputs.length).toBeGreaterThan(50);
  expect(inputs.filter((path) => path.includes("/mpi/"))).toEqual([]);
});

test.each(["nodenext", "bundler"])("strict TypeScript reads the types with %s resolution", (moduleResolution) => {
  const program = `
import { layers, Sequential, Variable } from "gradstep";
import { MirroredStrategy, ReplicaGroup, setReplicaContext } from "gradstep/distribute";
import { MpiGroup, type MpiOptions } from "gradstep/mpi";
const options: MpiOptions = { library: "libmpi.so.40" };
const group: MpiGroup = await MpiGroup.open(options);
setReplicaContext(group satisfies ReplicaGroup);
const sums: Float64Array = group.allReduce("sum", new Float64Array(2));
const weights: Variable[] = group.broadcast([new Variable([1])], 0);
const hash: number = group.verify(weights);
const model = new Sequential([new layers.Dense(1)]);
model.compile({ optimizer: "sgd", loss: "mse", distribute: group });
model.compile({ distribute: new MirroredStrategy({ replicas: 2 }) });
// @ts-expect-error No strategy.
model.compile({ distribute: { replicas: 2 } });
// @ts-expect-error An option that does not exist.
await MpiGroup.open({ path: "libmpi.so" });
export { hash, sums };
`;
  expect(consumer.typeErrors(program, moduleResolution)).toBe("");
});
