/** Pages of bundlers and development servers as they come, without configuration for gradstep, in Chromium. */

import { expect, test } from "vitest";
import { WORKERS } from "../packaging/worker-programs.js";
import { HTML, ISOLATED, useBrowser } from "./browser.js";
import { outcome, type Project, project, works } from "./project.js";

const { closing, printed, served } = useBrowser();

/** A project with a page, `page.js`. */
function page(host: string): Project {
  const made = project(host);
  made.write("page.js", WORKERS);
  made.write("index.html", HTML);
  return made;
}

/** Serves a folder of the project, in which the page and its program are. */
async function expectWorks(folder: string): Promise<void> {
  expect(outcome(await printed(await served(folder)))).toEqual(works());
}

const VITES = ["vite-5", "vite-6", "vite-7", "vite-8"];

test.each(VITES)("%s, development server", async (host) => {
  const { folder, home } = page(host);
  const { createServer } = await import(/* @vite-ignore */ `${home}/node_modules/vite/dist/node/index.js`);
  const server = await createServer({ root: folder, logLevel: "error", server: { port: 0, headers: ISOLATED } });
  closing.push(() => server.close());
  await server.listen();
  expect(outcome(await printed(server.resolvedUrls.local[0]))).toEqual(works());
});

test.each(VITES)("%s, build", async (host) => {
  const { path, run, tool } = page(host);
  run(process.execPath, [tool("vite/bin/vite.js"), "build", "--logLevel", "warn"]);
  await expectWorks(path("dist"));
});

test.each(["webpack", "rspack"])("%s, without a warning", async (host) => {
  const { folder, load, path, write } = page(host);
  const loaded = await load(host === "webpack" ? "webpack" : "@rspack/core");
  const bundler = loaded.default?.rspack ?? loaded.rspack ?? loaded.default;
  const output = { path: path("out"), filename: "page.js" };
  const options = { context: folder, mode: "production", entry: "./page.js", output, performance: { hints: false } };
  const compiler = bundler(options);
  const stats = await new Promise<{ toString(options: object): string }>((resolve, reject) =>
    compiler.run((error: unknown, made: { toString(options: object): string }) =>
      error ? reject(error) : resolve(made),
    ),
  );
  expect(stats.toString({ all: false, errors: true, warnings: true })).toBe("");
  await new Promise((closed) => compiler.close(closed));
  write("out/index.html", HTML);
  await expectWorks(path("out"));
});

test("rollup", async () => {
  const { path, run, tool, write } = page("rollup");
  const config = write(
    "rollup.config.mjs",
    `import { nodeResolve } from "@rollup/plugin-node-resolve";
export default { input: "page.js", output: { dir: "out" }, plugins: [nodeResolve({ browser: true })] };`,
  );
  run(process.execPath, [tool("rollup/dist/bin/rollup"), "--config", config, "--silent"]);
  write("out/index.html", HTML);
  await expectWorks(path("out"));
});

test("esbuild", async () => {
  const { folder, load, path, write } = page("esbuild");
  const { build } = (await load("esbuild")).default;
  await build({ absWorkingDir: folder, entryPoints: ["page.js"], bundle: true, outdir: "out", format: "esm" });
  write("out/index.html", HTML);
  await expectWorks(path("out"));
});

test("parcel", async () => {
  const { path, run, tool } = page("parcel");
  run(process.execPath, [tool("parcel/lib/bin.js"), "build", "index.html", "--no-cache", "--log-level", "warn"]);
  await expectWorks(path("dist"));
});
