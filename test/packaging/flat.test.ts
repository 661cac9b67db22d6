/** The flat files, which Node, Deno, Bun and pages without a bundler load instead of some 300 modules. */

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documented } from "../hosts/documented.js";
import { launched } from "./chromium.js";
import { tool, useConsumer } from "./consumer.js";
import { REPORT, WORKERS } from "./worker-programs.js";

const consumer = useConsumer();

const ENTRIES = {
  index: "index",
  slim: "slim",
  worker: "worker/index",
  distribute: "distribute/index",
  mpi: "mpi/index",
  saving: "saving/index",
  methods: "methods/index",
  threads: "threads/index",
};
const installed = (path: string) => consumer.path(`node_modules/gradstep/dist/${path}`);

/** The files that a file loads statically, itself included, and what it imports by name. */
function loaded(file: string, files = new Set<string>(), names = new Set<string>()) {
  if (files.has(file)) return { files, names };
  files.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/(?:\bfrom|(?:^|[;}])import) ?"([^"]+)"/g)) {
    if (path.startsWith(".")) loaded(join(dirname(file), path), files, names);
    else names.add(path);
  }
  return { files, names };
}

describe.each(["node", "deno", "bun", "web"])("%s", (host) => {
  test.each(Object.entries(ENTRIES))("%s: at most six files, with the names of the modules", async (name, module) => {
    const { files, names } = loaded(installed(`flat/${host}/${name}.js`));
    expect(files.size).toBeGreaterThan(1);
    expect(files.size).toBeLessThanOrEqual(6);
    expect([...names].filter((name) => host === "web" || !/^(node|bun):/.test(name))).toEqual([]);
    const load = (path: string) => import(pathToFileURL(installed(path)).href);
    const [flat, modules] = [await load(`flat/${host}/${name}.js`), await load(`${module}.js`)];
    expect(Object.keys(flat)).toEqual(Object.keys(modules));
    for (const [key, value] of Object.entries<object>(modules)) {
      expect(typeof flat[key]).toBe(typeof value);
      if (typeof value === "object") expect(Object.keys(flat[key])).toEqual(Object.keys(value));
      if (typeof value === "function") expect(flat[key].name).toBe(value.name);
    }
  });
});

test("Node takes them, and all entries share one copy of the library", () => {
  const program = `
import * as gradstep from "gradstep";
import * as slim from "gradstep/slim";
import * as mpi from "gradstep/mpi";
import { offload } from "gradstep/worker";
import { MirroredStrategy, ReplicaGroup } from "gradstep/distribute";
const names = Object.keys(gradstep).filter((name) => gradstep[name] !== slim[name] && typeof gradstep[name] === "function");
const found = ["", "/slim", "/worker", "/distribute", "/mpi"].map((entry) => import.meta.resolve("gradstep" + entry));
console.log(JSON.stringify([names, found.every((url) => url.includes("/dist/flat/node/")), mpi.MpiGroup.prototype instanceof ReplicaGroup]));
`;
  const printed = consumer.run(process.execPath, consumer.write("shared-copy.mjs", program));
  expect(JSON.parse(printed)).toEqual([[], true, true]);
  expect(REPORT.exec(consumer.run(process.execPath, consumer.write("trains.mjs", WORKERS)))?.[1]).toBe(
    "same weights, replicas learn, no warnings",
  );
});

test("lines are short: Node prints the whole line that an uncaught error comes from", () => {
  const folders = ["flat/node", "flat/deno", "flat/bun", "flat/web", "worker"];
  for (const folder of folders) {
    for (const name of readdirSync(installed(folder)).filter((name) => name.endsWith(".js"))) {
      const lines = readFileSync(installed(`${folder}/${name}`), "utf8").split("\n");
      // Strings and templates are not broken.
      expect(Math.max(...lines.map(({ length }) => length)), `${folder}/${name}`).toBeLessThan(1_500);
    }
  }
  const program = 'import { ops } from "gradstep"; ops.matmul([[1, 2]], [[1, 2, 3]]);';
  const { status, stderr } = spawnSync(process.execPath, [consumer.write("uncaught.mjs", program)], {
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("ValueError: matmul: cannot multiply 1 x 2 by 1 x 3");
  expect(stderr.length).toBeLessThan(3_000);
});

test.each([
  { host: "deno", options: ["run", "-A", "--node-modules-dir=manual"] },
  { host: "bun", options: [] },
])("$host takes its own", ({ host, options }) => {
  const program = 'console.log(import.meta.resolve("gradstep"), import.meta.resolve("gradstep/saving"));';
  const printed = consumer.run(tool(`.bin/${host}`), ...options, consumer.write(`${host}-resolves.mjs`, program));
  for (const url of printed.trim().split(" ")) expect(url).toContain(`/dist/flat/${host}/`);
});

describe("in pages", () => {
  let browser: Browser;
  const server = createServer((request, response) => {
    const file = consumer.path(`site${new URL(request.url ?? "/", "http://localhost").pathname}`);
    const type = file.endsWith(".html") ? "text/html" : "text/javascript";
    response.writeHead(existsSync(file) ? 200 : 404, {
      "content-type": type,
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(existsSync(file) ? readFileSync(file) : "");
  });

  beforeAll(async () => {
    mkdirSync(consumer.path("site"));
    cpSync(consumer.path("node_modules/gradstep"), consumer.path("site/gradstep"), { recursive: true });
    await new Promise<void>((ready) => server.listen(0, ready));
    browser = await launched();
  });
  afterAll(async () => {
    await browser?.close();
    server.close();
  });

  /** Opens a page. @returns its report, and the scripts that it requested before that */
  async function opened(name: string, html: string) {
    consumer.write(`site/${name}.html`, `<!doctype html><link rel="icon" href="data:,">${html}`);
    const page = await browser.newPage();
    const scripts: string[] = [];
    page.on("request", (request) => request.resourceType() === "script" && scripts.push(request.url()));
    const done = page.waitForEvent("console", (message) => REPORT.test(message.text()));
    await page.goto(`http://127.0.0.1:${port()}/${name}.html`);
    const report = REPORT.exec((await done).text())?.[1];
    await page.close();
    return { report, scripts };
  }
  const port = () => (server.address() as AddressInfo).port;

  test.each(["127.0.0.1", "localhost"])("by an import map, from %s", async (host) => {
    // The map of the docs, from a server that is here.
    const { version } = JSON.parse(readFileSync(consumer.path("node_modules/gradstep/package.json"), "utf8"));
    const cdn = `https://cdn.jsdelivr.net/npm/gradstep@${version}/`;
    const map = documented("Pages without a bundler").replaceAll(cdn, `http://${host}:${port()}/gradstep/`);
    expect(map).not.toContain("https:");
    const { report, scripts } = await opened(`map-${host}`, `${map}<script type="module">${WORKERS}</script>`);
    expect(report).toBe("same weights, replicas learn, no warnings");
    expect(scripts.length).toBeGreaterThan(5);
    expect(
      scripts.filter((url) => !/\/flat\/web\/|\/generated\/bytes\.js$|\/gradstep-worker\.js$|^blob:/.test(url)),
    ).toEqual([]);
  });

  test("without an import map, by the file of package.json's unpkg and jsdelivr", async () => {
    const { unpkg, jsdelivr } = JSON.parse(readFileSync(consumer.path("node_modules/gradstep/package.json"), "utf8"));
    expect(jsdelivr).toBe(unpkg);
    const program = `
import { Adam, Variable } from "/gradstep/${unpkg.replace("./", "")}";
const w = new Variable([1]);
new Adam({ learningRate: 0.5 }).applyGradients([[[1], w]]);
console.log("gradstep: " + Math.round(w.array()[0] * 1000));`;
    const { report, scripts } = await opened("direct", `<script type="module">${program}</script>`);
    expect(report).toBe("500");
    expect(scripts).toHaveLength(4);
  });
});
