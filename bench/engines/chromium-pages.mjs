// Pages of a Chromium that is isolated, so that memory can be shared: a server of this repository's files, and bundles.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { build } from "esbuild";
import { inRoot } from "../../scripts/paths.mjs";
import { prepareChromium } from "../../scripts/toolchain/chromium.mjs";

const TYPES = { ".html": "text/html", ".wasm": "application/wasm" };
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** Serves this repository, and `files` by their paths: `{ "/": html }`. Resolves to the server. */
export function serve(files, headers = ISOLATED) {
  const server = createServer(({ url = "/" }, response) => {
    const path = new URL(url, "http://localhost").pathname;
    const file = inRoot(path.slice(1));
    const content = files[path] ?? (existsSync(file) ? readFileSync(file) : undefined);
    const type = path === "/" ? "text/html" : (TYPES[extname(path)] ?? "text/javascript");
    response.writeHead(content === undefined ? 404 : 200, { "content-type": type, ...headers });
    response.end(content);
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

/** Chromium for the benchmark. */
export async function launch() {
  await prepareChromium(() => {});
  const { chromium } = await import("playwright");
  return chromium.launch({ executablePath: process.env.CHROMIUM_PATH, args: ["--no-sandbox", "--disable-gpu"] });
}

/** In place of what the contestants import from Node. */
const NODE = `module.exports = {
  createRequire: () => (name) => globalThis.packages[name],
  readFileSync: () => "{}",
  freemem: () => Number.POSITIVE_INFINITY,
  setFlagsFromString() {},
  runInNewContext: () => () => {},
};`;
const withoutNode = {
  name: "without-node",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, () => ({ path: "node", namespace: "without-node" }));
    onLoad({ filter: /.*/, namespace: "without-node" }, () => ({ contents: NODE }));
  },
};

/** Runs the script of {@link serve}'s files. */
const PAGE = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';

const PACKAGES = ["core", "layers", "backend-wasm"].map((name) => `@tensorflow/tfjs-${name}`);

/** Of `contents`, which may import files of this folder. */
export async function bundled(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: inRoot("bench/engines") },
    bundle: true,
    format: "esm",
    platform: "browser",
    minify: true,
    write: false,
    logLevel: "error",
    plugins: [withoutNode],
  });
  return outputFiles[0].text;
}

/** TensorFlow.js in a page, as the contestants require it, with a number of threads. */
const tensorflow = (threads) => `${PACKAGES.map((name, i) => `import * as p${i} from "${name}";`).join("\n")}
globalThis.packages = { ${PACKAGES.map((name, i) => `"${name}": p${i}`).join(", ")} };
p2.setWasmPaths("/node_modules/@tensorflow/tfjs-backend-wasm/dist/");
p2.setThreadsCount(${threads});`;

/** Runs `measureInside` of inside.mjs in a new page. */
export async function inPage(browser, settings) {
  const threads = settings.mode === "allThreads" ? settings.threads : 1;
  const script = await bundled(
    `${tensorflow(threads)}\nimport { measureInside } from "./inside.mjs";\nglobalThis.measureInside = measureInside;`,
  );
  const server = await serve({ "/": PAGE, "/page.js": script });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page
      .waitForFunction(() => "measureInside" in globalThis)
      .catch((error) => {
        throw new Error(errors[0] ?? error.message);
      });
    const result = await page.evaluate((settings) => globalThis.measureInside(settings), settings);
    // Its number of threads, not the requested one.
    const tensorflowThreads = await page.evaluate(
      (name) => globalThis.packages[name].getThreadsCount(),
      PACKAGES.at(-1),
    );
    await page.close();
    return { ...result, tensorflowThreads };
  } finally {
    server.close();
  }
}

/** Milliseconds from the start of the navigation to the end of `program`, in a new page without a cache. */
export async function pageStart(browser, server) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => "ended" in globalThis);
  const ms = await page.evaluate(() => globalThis.ended);
  await context.close();
  return ms;
}

/** A server whose page runs `program`, perhaps after an import of TensorFlow.js, and notes when it has ended. */
export async function serveStart(program, usesTensorflow) {
  const before = usesTensorflow ? tensorflow(1) : "";
  const script = await bundled(`${before}\n${program}\nglobalThis.ended = performance.now();`);
  return serve({ "/": PAGE, "/page.js": script });
}
