/** The installed package in bundlers. */

import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { expect, test } from "vitest";
import { BUDGETS } from "../../scripts/build/sizes.mjs";
import { STEP, tool, useConsumer } from "./consumer.js";

const consumer = useConsumer();

const EMBEDDED = `import { Adam, Variable } from "gradstep";\n${STEP}`;

function bundle(name: string, source: string, options: BuildOptions = {}) {
  const entryPoints = [consumer.write(`${name}.mjs`, source)];
  const outfile = consumer.path(`${name}.bundle.js`);
  return build({
    entryPoints,
    outfile,
    bundle: true,
    minify: true,
    platform: "browser",
    logLevel: "silent",
    ...options,
  });
}

test("a page keeps its budget of gzip for `import { Adam }`", async () => {
  await bundle("budget", 'import { Adam } from "gradstep";\nconsole.log(new Adam());', { format: "esm" });
  expect(gzipSync(readFileSync(consumer.path("budget.bundle.js"))).length).toBeLessThanOrEqual(BUDGETS.page);
});

/** Words before the size of a page in the documents, and such a page. */
const DOCUMENTED: readonly (readonly [words: string, program: string])[] = [
  ["imports `Adam` loads about", 'import { Adam } from "gradstep";\nconsole.log(new Adam());'],
  [
    "with models and `fit`",
    `import { layers, Sequential } from "gradstep";
const model = new Sequential([new layers.Dense(1)]);
model.compile({ optimizer: "adam", loss: "mse" });
await model.fit([[1]], [1]);`,
  ],
  ["with everything", 'import * as gradstep from "gradstep";\nconsole.log(gradstep);'],
];

test("the documents have the size of a page, within 2 kB", async () => {
  const texts = ["README.md", "docs/hosts.md"].map((file) => readFileSync(new URL(`../../${file}`, import.meta.url)));
  const said = (words: string) =>
    [...`${texts}`.matchAll(new RegExp(`${words} (\\d+) kB`, "g"))].map(([, n]) => Number(n));
  for (const [i, [words, program]] of DOCUMENTED.entries()) {
    await bundle(`page-${i}`, program, { format: "esm" });
    const kB = gzipSync(readFileSync(consumer.path(`page-${i}.bundle.js`))).length / 1000;
    expect(said(words).length).toBeGreaterThan(0);
    for (const number of said(words)) expect(Math.abs(number - kB), `${words} ${kB}`).toBeLessThan(2);
  }
});

test("gradstep/slim has neither the embedded module nor its decompressor", async () => {
  const embeds = async (entry: string) => {
    const source = `import { Adam } from "${entry}";\nconsole.log(new Adam());`;
    const { metafile } = await bundle("carried", source, { format: "esm", metafile: true });
    const files = Object.keys(metafile?.inputs ?? {});
    return ["lzma", "text-encoding", "unpacked", "bytes"].map((name) =>
      files.some((file) => file.endsWith(`/${name}.js`)),
    );
  };
  expect(await embeds("gradstep")).toEqual([true, true, true, true]);
  expect(await embeds("gradstep/slim")).toEqual([false, false, false, false]);
});

test("it bundles as a classic script, which allows neither top-level await nor imports of Node's modules", async () => {
  const { errors, warnings } = await bundle("classic", EMBEDDED, { format: "iife", target: "es2022" });
  expect([...errors, ...warnings]).toEqual([]);
  expect(JSON.parse(consumer.run(process.execPath, consumer.path("classic.bundle.js")))).toHaveLength(4);
});

test("tensors between JavaScript's operators answer in a bundle without operations", async () => {
  const program = `import { Variable } from "gradstep";
try { new Variable([1, 2]) * 2; } catch ({ code }) { console.log(code, new Variable([3]) * 2); }`;
  await bundle("operators", program, { format: "esm" });
  expect(consumer.run(process.execPath, consumer.path("operators.bundle.js"))).toBe("ERR_OPTION_TYPE 6\n");
});

test("Vite copies no module for gradstep, and one for gradstep/slim", async () => {
  const slim = `
import url from "gradstep/gradstep.wasm?url";
import { Adam, init, Variable } from "gradstep/slim";
init({ url }).then(() => { ${STEP} });`;
  for (const [name, source, modules] of [
    ["embedded", EMBEDDED, 0],
    ["slim", slim, 1],
  ] as const) {
    consumer.write("page.js", source);
    consumer.write("index.html", '<script type="module" src="/page.js"></script>');
    consumer.run(process.execPath, tool("vite/bin/vite.js"), "build", "--logLevel", "error", "--outDir", name);
    const files = readdirSync(consumer.path(name), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => file.endsWith(".wasm"))).toHaveLength(modules);
  }
});
