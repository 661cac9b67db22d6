/** `gradstep/threads` of the installed package: in each runtime, and in a bundle in pages that may and may not share memory. */

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launched } from "./chromium.js";
import { tool, useConsumer } from "./consumer.js";

const consumer = useConsumer();

/** Prints the number of threads, the sum of a product, and a weight after a step. It ends without ending the helpers. */
const PROGRAM = `
import { Adam, ops, tensor, Variable } from "gradstep";
import { setThreads } from "gradstep/threads";
const threads = await setThreads(THREADS);
const numbers = Float32Array.from({ length: 90_000 }, (_, i) => ((i * 7919) % 1000) / 1000 - 0.5);
const w = new Variable(numbers);
new Adam().apply([numbers], [w]);
const product = ops.matmul(tensor(numbers, [300, 300]), tensor(numbers, [300, 300]));
let hash = 0;
for (const words of [new Uint32Array(Float32Array.from(w.value).buffer), new Uint32Array(Float32Array.from(product.value).buffer)])
  for (const word of words) hash = Math.imul(hash ^ word, 16777619);
`;
const PRINTING = `${PROGRAM}console.log(threads, hash);`;

const RUNTIMES = [
  ["Node", process.execPath, []],
  ["Deno, with no permission", tool(".bin/deno"), ["run", "--no-prompt", "--no-lock"]],
  ["Bun", tool(".bin/bun"), ["run"]],
] as const;

function printed(threads: string, program: string, args: readonly string[]): readonly string[] {
  const file = consumer.write(`threads-${threads}.mjs`, PRINTING.replace("THREADS", threads));
  return consumer
    .run(program, ...args, file)
    .trim()
    .split(" ");
}

test.each(RUNTIMES)("the bits of one thread, and programs that end, in %s", (_, program, args) => {
  const [, hash] = printed("1", process.execPath, []);
  expect(printed("3", program, args)).toEqual(["3", hash]);
});

test("a helper that is ended between two steps is replaced, and the bits stay", () => {
  const source = PROGRAM.replace(
    "import",
    `const helpers = [];
process.on("worker", (worker) => helpers.push(worker));
import`,
  )
    .replace(
      "const numbers",
      `await helpers[0].terminate();
while (helpers.length < 3) await new Promise(setImmediate);
console.log(await setThreads(3), helpers.length);
const numbers`,
    )
    .replace("THREADS", "3");
  const [, hash] = printed("1", process.execPath, []);
  const file = consumer.write("replaced.mjs", `${source}console.log(hash);`);
  expect(consumer.run(process.execPath, file)).toBe(`3 3\n${hash}\n`);
});

test("after the first tensor it is too late, except for one thread", () => {
  const source = `
import { tensor } from "gradstep";
import { setThreads } from "gradstep/threads";
tensor([1]);
console.log(await setThreads(1));
await setThreads(2).catch(({ name, code, message }) => console.log(name, code, message));`;
  expect(consumer.run(process.execPath, consumer.write("late.mjs", source))).toBe(
    "1\nModuleError ERR_MODULE_CONFLICT setThreads: gradstep runs on one thread already, and its memory cannot become shared. Call await setThreads(n) first, before the first tensor, variable or model.\n",
  );
});

describe("a bundle in a page", () => {
  let browser: Browser;
  let server: Server;
  const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

  beforeAll(async () => {
    for (const threads of ["2", '"auto"']) {
      const name = threads === "2" ? "two" : "auto";
      const source = `${PROGRAM}globalThis.shown = [threads, hash];`.replace("THREADS", threads);
      await build({
        entryPoints: [
          consumer.write(
            `${name}.mjs`,
            `try { ${source.replaceAll(/import (.*?) from "(.*?)";/g, 'const $1 = await import("$2");')} } catch (error) { globalThis.shown = [error.code, error.message]; }`,
          ),
        ],
        outfile: consumer.path(`pages/${name}.js`),
        bundle: true,
        format: "esm",
        target: "es2022",
      });
    }
    server = createServer(({ url = "/" }, response) => {
      const { pathname, searchParams } = new URL(url, "http://localhost");
      response.setHeader("Content-Type", pathname.endsWith(".js") ? "text/javascript" : "text/html");
      if (searchParams.has("isolated"))
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      const script = `<script type="module" src="${pathname}.js"></script>`;
      response.end(pathname.endsWith(".js") ? readFileSync(consumer.path(`pages${pathname}`)) : script);
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    browser = await launched();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function shown(path: string): Promise<unknown> {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}${path}`);
    const handle = await page.waitForFunction("globalThis.shown");
    const value = await handle.jsonValue();
    await page.close();
    return value;
  }

  test("that is isolated: two threads, and the bits of one", async () => {
    const [, hash] = printed("1", process.execPath, []);
    expect(await shown("/two?isolated")).toEqual([2, Number(hash)]);
  });

  test("that is not: one thread by default, and an error for two", async () => {
    const [, hash] = printed("1", process.execPath, []);
    expect(await shown("/auto")).toEqual([1, Number(hash)]);
    expect(await shown("/two")).toEqual([
      "ERR_SHARED_MEMORY",
      'setThreads needs memory that workers share, which this page may not use. Serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp", over https or from localhost; crossOriginIsolated is true then. Or pass "auto", which is one thread there.',
    ]);
  });
});
