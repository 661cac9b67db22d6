/**
 * The programs of the documents, and training runs, in bundles: each program has the results in the documents, and each
 * run the same digits as without a bundler.
 */

import nodeResolve from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { type RollupLog, rollup } from "rollup";
import { build as viteBuild } from "vite";
import { beforeAll, expect, test } from "vitest";
import webpack from "webpack";
import { allBlocks, checking } from "../examples/code-blocks.js";
import { root } from "../examples/program.js";
import { served } from "../examples/vite.js";
import { launched } from "./chromium.js";
import { useConsumer } from "./consumer.js";
import { TRAINING } from "./training-programs.js";

const consumer = useConsumer();

/**
 * `gradstep/slim` gets its module from a file, by Node here. Threads and relaxed SIMD have to come before the first tensor, and adapters need the other
 * library: threads.test.ts and adapters.test.ts bundle them.
 */
const blocks = allBlocks().filter(({ code }) => !/"node:|"gradstep\/(slim|threads|tfjs|jax)"|relaxed: true/.test(code));
const programs = blocks.map(({ file, line, code }, i) => ({
  name: `${file}:${line}`,
  file: `document${i}.mjs`,
  code: checking(code, "./shown.mjs"),
}));
/** Bundles for pages start no worker in Node. */
const inNode = programs.filter(({ code }) => !/"gradstep\/worker"|new MirroredStrategy/.test(code));
/** A page's thread may not wait for other replicas. */
const inPages = programs.filter(({ code }) => !code.includes("SharedMemoryGroup.join("));
/** Programs of the guides, which use every feature once. */
const guides = inNode.filter(({ name }) => name.includes(".md"));
const runs = Object.entries(TRAINING).map(([name, code], i) => ({ name, file: `training${i}.mjs`, code }));

interface Result {
  readonly failures: Readonly<Record<string, string>>;
  readonly trained: Readonly<Record<string, string>>;
}

/** A module that imports the programs and the runs, one after the other, and prints a {@link Result} in its last line. */
function importing(chosen: readonly { readonly name: string; readonly file: string }[]): string {
  const imported = (file: string) => `() => import(/* webpackMode: "eager" */ "./${file}")`;
  return [
    "const [failures, trained] = [{}, {}];",
    "const check = (name, program) => program().catch((error) => { failures[name] = String(error); });",
    ...chosen.map(({ name, file }) => `await check(${JSON.stringify(name)}, ${imported(file)});`),
    ...runs.map(({ name, file }) => `trained[${JSON.stringify(name)}] = (await (${imported(file)})()).default;`),
    'console.log("result: " + JSON.stringify({ failures, trained }));',
  ].join("\n");
}

const read = (output: string): Result => JSON.parse(/^result: (.*)$/m.exec(output)?.[1] ?? "null");
const resultOf = (file: string): Result => read(consumer.run(process.execPath, consumer.path(file)));

/** Results of the runs without a bundler. */
let trained: Result["trained"];
const asUnbundled = () => ({ failures: {}, trained });

/** Checks the runs that were bundled apart, into this folder. */
function expectAlone(folder: string, chosen = runs): void {
  for (const { name, file } of chosen) {
    const print = consumer.write(`${folder}/print.mjs`, `console.log((await import("./${file}")).default);`);
    expect(consumer.run(process.execPath, print).trim()).toBe(trained[name]);
  }
}

beforeAll(() => {
  for (const { file, code } of [...programs, ...runs]) consumer.write(file, code);
  consumer.copy(`${root}/test/examples/shown.mjs`, "shown.mjs");
  consumer.write("all.mjs", importing(inNode));
  const unbundled = resultOf("all.mjs");
  expect(unbundled.failures).toEqual({});
  trained = unbundled.trained;
});

test("there are programs, and runs that learn", () => {
  expect(Math.min(inNode.length, inPages.length)).toBeGreaterThan(200);
  expect(guides.length).toBeGreaterThan(20);
  for (const run of Object.values(trained)) expect(run).toMatch(/\.\d{12,}/);
});

test("esbuild, all in one, and those of the guides in separate bundles", async () => {
  consumer.folder("esbuild");
  const { warnings } = await esbuild({
    entryPoints: [{ file: "all.mjs" }, ...guides, ...runs].map(({ file }) => consumer.path(file)),
    outdir: consumer.path("esbuild"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "browser",
    minify: true,
    logLevel: "silent",
  });
  expect(warnings.filter(({ location }) => location?.file.includes("gradstep"))).toEqual([]);
  expect(resultOf("esbuild/all.mjs")).toEqual(asUnbundled());
  // This one finds the bundles beside it.
  consumer.write("esbuild/guides.mjs", importing(guides));
  expect(resultOf("esbuild/guides.mjs")).toEqual(asUnbundled());
});

test("Rollup", async () => {
  const logs: RollupLog[] = [];
  const options = { plugins: [nodeResolve({ browser: true })], onLog: (_: string, log: RollupLog) => logs.push(log) };
  const all = await rollup({ ...options, input: consumer.path("all.mjs") });
  await all.write({ file: consumer.path("rollup/all.mjs"), format: "esm", inlineDynamicImports: true });
  await all.close();
  // Loss scaling reads whichever optimizer is inside.
  expect(logs.filter(({ code, id }) => code !== "CIRCULAR_DEPENDENCY" && id?.includes("gradstep/dist"))).toEqual([]);
  expect(resultOf("rollup/all.mjs")).toEqual(asUnbundled());
});

test("Rollup, each run in a separate bundle", async () => {
  for (const { file } of runs) {
    const one = await rollup({
      input: consumer.path(file),
      plugins: [nodeResolve({ browser: true })],
      logLevel: "silent",
    });
    await one.write({ file: consumer.path(`rollup-alone/${file}`), format: "esm" });
    await one.close();
  }
  expectAlone("rollup-alone");
});

test("Rolldown, by Vite, each run in a separate bundle with short names", async () => {
  for (const { file } of runs) {
    await viteBuild({
      configFile: false,
      root: consumer.path("."),
      logLevel: "error",
      build: {
        target: "es2022",
        minify: true,
        outDir: "vite-alone",
        emptyOutDir: false,
        lib: { entry: consumer.path(file), formats: ["es"], fileName: () => file },
      },
    });
  }
  expectAlone("vite-alone");
});

/** @returns what webpack complains of */
function packed(entry: Record<string, string>, folder: string, minimize: boolean): Promise<string[]> {
  const compiler = webpack({
    mode: "production",
    context: consumer.path("."),
    entry,
    target: ["web", "es2022"],
    experiments: { outputModule: true },
    output: {
      path: consumer.path(folder),
      filename: "[name].mjs",
      chunkFilename: "[id].mjs",
      library: { type: "module" },
      module: true,
      chunkFormat: "module",
      chunkLoading: "import",
    },
    optimization: { minimize },
    performance: { hints: false },
  });
  return new Promise((done, failed) => {
    compiler.run((error, stats) => {
      compiler.close(() => {});
      if (error) failed(error);
      const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
      done([...errors, ...warnings].map(({ moduleName, message }) => `${moduleName}: ${message}`));
    });
  });
}

test("webpack", async () => {
  expect(await packed({ all: "./all.mjs" }, "webpack", false)).toEqual([]);
  expect(resultOf("webpack/all.mjs")).toEqual(asUnbundled());
});

test("webpack, each run in a separate bundle, one of them minified", async () => {
  const entries = (chosen: typeof runs) =>
    Object.fromEntries(chosen.map(({ file }) => [file.replace(".mjs", ""), `./${file}`]));
  expect(await packed(entries(runs), "webpack-alone", false)).toEqual([]);
  expectAlone("webpack-alone");
  const custom = runs.filter(({ name }) => name.includes("custom"));
  expect(await packed(entries(custom), "webpack-minified", true)).toEqual([]);
  expectAlone("webpack-minified", custom);
});

test("Vite, in Chromium, workers and replicas too", async () => {
  consumer.write("page.mjs", importing(inPages));
  consumer.write("index.html", '<script type="module" src="/page.mjs"></script>');
  await viteBuild({
    configFile: false,
    root: consumer.path("."),
    logLevel: "error",
    worker: { format: "es" },
    build: { target: "es2022", outDir: "vite" },
  });
  consumer.write(
    "vite.config.js",
    `export default { preview: { headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" } } };`,
  );
  const server = await served(["preview", consumer.path("."), "--outDir", "vite"]);
  const browser = await launched();
  try {
    const page = await browser.newPage();
    const told = page.waitForEvent("console", (message) => message.text().startsWith("result: "));
    await page.goto(server.address);
    expect(read((await told).text())).toEqual(asUnbundled());
  } finally {
    await browser.close();
    server.stop();
  }
});
