/** `gradstep/mpi`, installed without koffi: programs that do not use it have none of its code. */

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
