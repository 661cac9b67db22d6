/** Workers in pages whose bundler lost the worker's file, moved it, or whose policy is strict. */

import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build } from "esbuild";
import type { Browser } from "playwright";
import { rollup } from "rollup";
import { createServer as createViteServer, build as viteBuild } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import webpack from "webpack";
import { launched } from "./chromium.js";
import { useConsumer } from "./consumer.js";
import { REPORT, WORKERS } from "./worker-programs.js";

const consumer = useConsumer();
const closing: (() => unknown)[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launched();
});

afterAll(async () => {
  await browser?.close();
  for (const close of closing) await close();
});

/** By these headers a page may share memory. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** Makes a folder for a page. @returns its path */
function site(name: string): string {
  mkdirSync(consumer.path(name), { recursive: true });
  return consumer.path(name);
}

/** Serves a folder of the project; what is missing is `missing`, as by servers of single-page applications. */
async function served(folder: string, headers: Record<string, string> = {}, missing?: string): Promise<string> {
  const server: Server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://localhost").pathname;
    const file = consumer.path(`${folder}${name === "/" ? "/index.html" : name}`);
    const isThere = existsSync(file);
    const type = /\.m?js$/.test(file) && isThere ? "text/javascript" : "text/html";
    response.writeHead(isThere || missing !== undefined ? 200 : 404, { "content-type": type, ...ISOLATED, ...headers });
    response.end(isThere ? readFileSync(file) : (missing ?? ""));
  });
  closing.push(() => server.close());
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Opens a page. @returns what its program reported */
async function reported(address: string): Promise<string | undefined> {
  const page = await browser.newPage();
  const done = page.waitForEvent("console", (message) => REPORT.test(message.text()));
  await page.goto(address);
  const report = REPORT.exec((await done).text())?.[1];
  await page.close();
  return report;
}

const html = (script: string, type = "module") =>
  `<!doctype html><link rel="icon" href="data:,"><body></body><script type="${type}" src="${script}"></script>`;

const RAN = "same weights, replicas learn, no warnings";

/** A page by esbuild, which leaves the worker's file behind. */
async function built(name: string, format: "esm" | "iife"): Promise<string> {
  const entry = consumer.write(`${name}.mjs`, WORKERS);
  const outfile = `${site(name)}/page.js`;
  await build({ entryPoints: [entry], outfile, format, bundle: true, minify: true, logLevel: "silent" });
  consumer.write(`${name}/index.html`, html("/page.js", format === "esm" ? "module" : "text/javascript"));
  return name;
}

test.each(["esm", "iife"] as const)("esbuild, %s", async (format) => {
  const folder = await built(`esbuild-${format}`, format);
  expect(await reported(await served(folder))).toBe(RAN);
  expect(await reported(await served(folder, {}, html("/page.js")))).toBe(RAN);
});

test("Rollup", async () => {
  const bundle = await rollup({
    input: consumer.write("rollup.mjs", WORKERS),
    plugins: [nodeResolve({ browser: true, exportConditions: ["browser"] })],
  });
  await bundle.write({ dir: site("rollup"), entryFileNames: "page.js" });
  consumer.write("rollup/index.html", html("/page.js"));
  expect(await reported(await served("rollup"))).toBe(RAN);
});

test("webpack: without a warning, and with one file of the worker", async () => {
  const compiler = webpack({
    mode: "production",
    entry: consumer.write("webpack.mjs", WORKERS),
    optimization: { minimize: false },
    performance: { hints: false },
    output: { path: site("webpack"), filename: "page.js" },
  });
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) =>
    compiler?.run((error, stats) => (error ? reject(error) : resolve(stats))),
  );
  expect(stats?.toString({ all: false, errors: true, warnings: true })).toBe("");
  consumer.write("webpack/index.html", html("/page.js", "text/javascript"));
  expect(await reported(await served("webpack"))).toBe(RAN);
  // The page, the embedded script and the threads, which are not loaded, and the worker.
  const files = readdirSync(consumer.path("webpack")).filter((file) => file.endsWith(".js"));
  expect(files).toHaveLength(4);
});

test("Vite's development server", async () => {
  const root = consumer.path(".");
  consumer.write("page.js", WORKERS);
  consumer.write("index.html", html("/page.js"));
  const server = await createViteServer({ root, logLevel: "error", server: { port: 0, headers: ISOLATED } });
  closing.push(() => server.close());
  await server.listen();
  const [address = ""] = server.resolvedUrls?.local ?? [];
  expect(await reported(address)).toBe(RAN);
});

test("Vite builds a worker of the user's that calls expose", async () => {
  const worker = `
import { layers, Sequential } from "gradstep";
import { expose } from "gradstep/worker";
const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "ones" })]);
model.compile({ optimizer: "sgd", loss: "mse" });
expose({ model });`;
  const page = `
import { connect } from "gradstep/worker";
const start = () => new Worker(new URL("./mine.js", import.meta.url), { type: "module" });
connect(start).then(async (remote) => console.log("gradstep: " + (await remote.predict([[3]])).array()[0]));`;
  mkdirSync(consumer.path("exposing"));
  consumer.write("exposing/mine.js", worker);
  consumer.write("exposing/page.js", page);
  consumer.write("exposing/index.html", html("/page.js"));
  await viteBuild({ root: consumer.path("exposing"), logLevel: "error" });
  expect(await reported(await served("exposing/dist"))).toBe("3");
});

test("under Trusted Types, from the file and from the embedded script", async () => {
  const policies = ["require-trusted-types-for 'script'", "require-trusted-types-for 'script'; trusted-types gradstep"];
  for (const policy of policies) {
    expect(await reported(await served("webpack", { "content-security-policy": policy }))).toBe(RAN);
    expect(await reported(await served("esbuild-esm", { "content-security-policy": policy }))).toBe(RAN);
  }
});

test("a strict policy that allows Blobs", async () => {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:";
  expect(await reported(await served("esbuild-esm", { "content-security-policy": policy }))).toBe(RAN);
});

test("a policy that allows no Blobs: on the page's thread, with one warning", async () => {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
  const headers = { "cross-origin-embedder-policy": "unsafe-none" };
  const report = await reported(await served("esbuild-esm", { "content-security-policy": policy, ...headers }));
  expect(report).toMatch(/^same weights, 1 warnings: gradstep: no worker can be started here/);
});
