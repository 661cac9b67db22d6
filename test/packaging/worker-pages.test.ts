/** `gradstep/worker` in pages: built by Vite, from another origin, without any bundler, under a policy. */

import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launched } from "./chromium.js";
import { tool, useConsumer } from "./consumer.js";

const consumer = useConsumer();
const servers: Server[] = [];
let browser: Browser;

const PAGE = `
import { layers, Sequential, setRandomSeed, Variable } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { offload, RemoteOptimizer } from "gradstep/worker";
setRandomSeed(1);
const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
model.compile({ optimizer: "sgd", loss: "mse" });
const createWorker = globalThis.asked ? (url) => new Worker(url, { type: "module", name: "mine" }) : undefined;
const remote = await offload(model, { createWorker });
const { epoch } = await remote.fit([[1, 2], [3, 4]], [1, 2], { epochs: 2 });
const optimizer = await RemoteOptimizer.create("sgd", [new Variable([1], { name: "w" })], { createWorker });
const [[weight]] = await optimizer.apply([[100]]);
await optimizer.dispose();
if (Math.abs(weight) > 1e-6) throw new Error("another weight: " + weight);
let told = "";
try {
  const strategy = new MirroredStrategy({ replicas: 2 });
  model.compile({ optimizer: "sgd", loss: "mse", distribute: strategy });
  await model.fit([[1, 2], [3, 4]], [1, 2]);
  await strategy.close();
  told = "on replicas, ";
} catch (error) {
  if (error.code !== "ERR_SHARED_MEMORY" || !error.message.includes("Cross-Origin-Embedder-Policy")) throw error;
}
console.log(told + (optimizer.sharedMemory ? "sharing, " : "") + "trained " + epoch);`;

/** By these headers a page may share memory. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

beforeAll(async () => {
  consumer.write("page.js", PAGE);
  consumer.write("index.html", '<script type="module" src="/page.js"></script>');
  const build = ["build", "--logLevel", "error", "--base", "./", "--outDir", "built"];
  consumer.run(process.execPath, tool("vite/bin/vite.js"), ...build);
  browser = await launched();
});

afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.close();
});

/** Serves a folder of the project. @returns its address */
async function served(folder: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://localhost").pathname;
    const file = consumer.path(`${folder}${name === "/" ? "/index.html" : name}`);
    const type = file.endsWith(".html") ? "text/html" : "text/javascript";
    response.writeHead(existsSync(file) ? 200 : 204, { "content-type": type, ...headers });
    response.end(existsSync(file) ? readFileSync(file) : "");
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Opens a page and waits until it has trained. @returns the scripts of its workers, and what the console said */
async function trained(address: string, told = "trained 0,1"): Promise<{ workers: string[]; warnings: string[] }> {
  const page = await browser.newPage();
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  page.on("pageerror", ({ message }) => warnings.push(message));
  // Told by the console: a policy may forbid to ask the page.
  const done = page.waitForEvent("console", (message) => message.text() === told);
  await page.goto(address);
  await done;
  const workers = page.workers().map((worker) => worker.url());
  await page.close();
  return { workers, warnings };
}

/** One that was ended may be among them still. */
function expectAll(workers: readonly string[], script: RegExp): void {
  expect(workers).not.toEqual([]);
  for (const worker of workers) expect(worker).toMatch(script);
}

/** A page in a separate folder, with this in front of its script. */
function page(folder: string, head: string, script: string): void {
  mkdirSync(consumer.path(folder), { recursive: true });
  consumer.write(`${folder}/index.html`, `${head}<script type="module" src="${script}"></script>`);
}

test("built by Vite", async () => {
  const address = await served("built");
  const { workers, warnings } = await trained(address);
  expect(warnings).toEqual([]);
  expectAll(workers, /\/assets\/gradstep-worker-.*\.js$/);
});

test("built by Vite, where memory may be shared", async () => {
  const { workers, warnings } = await trained(await served("built", ISOLATED), "on replicas, sharing, trained 0,1");
  expect(warnings).toEqual([]);
  expectAll(workers, /\/assets\/gradstep-worker-.*\.js$/);
});

test("with its scripts from another origin, by a worker from a Blob", async () => {
  const origin = await served("built", { "access-control-allow-origin": "*" });
  const [, script] = /src="\.(\/assets\/[^"]+)"/.exec(readFileSync(consumer.path("built/index.html"), "utf8")) ?? [];
  page("elsewhere", "", origin + script);
  const { workers, warnings } = await trained(await served("elsewhere"));
  expect(warnings).toEqual([]);
  expectAll(workers, /^blob:/);
});

test("without a bundler, by an import map and a strict policy", async () => {
  const dist = "/node_modules/gradstep/dist";
  const imports = {
    gradstep: `${dist}/index.js`,
    "gradstep/distribute": `${dist}/distribute/index.js`,
    "gradstep/worker": `${dist}/worker/index.js`,
    "#worker-host": `${dist}/worker/hosts/host-web.js`,
    "#worker-scope": `${dist}/worker/hosts/scope-web.js`,
    "#thread-host": `${dist}/threads/hosts/helpers-web.js`,
    comlink: "/node_modules/comlink/dist/esm/comlink.mjs",
  };
  const map = `<script type="importmap" nonce="n">${JSON.stringify({ imports })}</script>`;
  page("plain", `${map}<script nonce="n">globalThis.asked = location.search !== "";</script>`, "/page.js");
  cpSync(consumer.path("node_modules"), consumer.path("plain/node_modules"), { recursive: true });
  consumer.write("plain/page.js", PAGE);
  const policy = "default-src 'none'; script-src 'self' 'nonce-n' 'wasm-unsafe-eval'; worker-src 'self'";
  const address = await served("plain", { "content-security-policy": policy });
  for (const search of ["", "?asked"]) {
    const { workers, warnings } = await trained(`${address}/${search}`);
    expect(warnings).toEqual([]);
    expectAll(workers, new RegExp(`^${address}${dist}/worker/gradstep-worker\\.js$`));
  }
});

test("under a policy without workers, on the page's thread, with a warning for each", async () => {
  const policy = "worker-src 'none'";
  const { workers, warnings } = await trained(await served("plain", { "content-security-policy": policy }));
  expect(workers).toEqual([]);
  expect(warnings.filter((text) => /no worker can be started here/.test(text))).toHaveLength(2);
});
