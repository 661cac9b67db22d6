/** Servers and edge runtimes: those that compile no bytes name `gradstep/slim`, which works there. */

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAIN } from "../packaging/worker-programs.js";
import { documented } from "./documented.js";
import { nodeOf, outcome, type Project, project, works } from "./project.js";

const STEP = `
function step() {
  try {
    const w = new Variable([1, 2, 3, 4], { name: "w" });
    new Adam({ learningRate: 0.5 }).applyGradients([[[1, 6, 7, 2], w]]);
    return String(w.array());
  } catch (error) {
    return error.code + " " + error.message;
  }
}`;
const PLAIN = `import { Adam, Variable } from "gradstep";${STEP}`;

/** The result of `STEP` in this Node, to the last digit. */
let stepped = "";
beforeAll(async () => {
  const { run, write } = project("edge-runtime");
  stepped = run(process.execPath, [write("step.mjs", `${PLAIN}\nconsole.log(step());`)]).trim();
});

const REFUSED =
  /^ERR_MODULE_INVALID .*gradstep\/slim: import the module from gradstep\/gradstep\.wasm and call initSync\(\{ module \}\)/;

/** Bundles a program as the runtime's own tools do, and leaves the module's file to the runtime. */
async function bundled({ folder, path }: Project, entry: string, condition: string, format: "esm" | "iife") {
  const outfile = path("bundle.js");
  const wasm = {
    name: "wasm",
    setup(build: { onResolve(filter: { filter: RegExp }, then: () => object): void }) {
      build.onResolve({ filter: /\.wasm$/ }, () => ({ path: "./gradstep.wasm", external: true }));
    },
  };
  const options = { absWorkingDir: folder, bundle: true, format, outfile, logLevel: "error" } as const;
  await build({ ...options, entryPoints: [entry], conditions: [condition, "browser"], plugins: [wasm] });
  return readFileSync(outfile, "utf8");
}

describe("miniflare", () => {
  /** Answers of a Worker that is written like this. */
  async function answered(program: string): Promise<string> {
    const made = project("miniflare");
    const source = `${program}\nexport default { fetch: () => new Response(step()) };`;
    made.write("entry.js", source);
    const contents = await bundled(made, "entry.js", "workerd", "esm");
    const module = readFileSync(made.path("node_modules/gradstep/dist/gradstep.wasm"));
    const { Miniflare } = await made.load("miniflare");
    const server = new Miniflare({
      modules: [
        { type: "ESModule", path: "main.mjs", contents },
        { type: "CompiledWasm", path: "gradstep.wasm", contents: module },
      ],
      compatibilityDate: "2026-07-01",
    });
    try {
      return await (await server.dispatchFetch("http://localhost/")).text();
    } finally {
      await server.dispose();
    }
  }

  test("gradstep says what to write", async () => expect(await answered(PLAIN)).toMatch(REFUSED));
  test("gradstep/slim, by the lines of the docs", async () => {
    expect(await answered(`${documented("Cloudflare Workers")}${STEP}`)).toBe(stepped);
  });
});

describe("edge-runtime", () => {
  /** Answers of an edge function; `wasm` is whether it may compile bytes, and the module that it is given. */
  async function answered(program: string, wasm: boolean): Promise<string> {
    const made = project("edge-runtime");
    made.write(
      "entry.js",
      `${program}\naddEventListener("fetch", (event) => event.respondWith(new Response(step())));`,
    );
    const initialCode = await bundled(made, "entry.js", "edge-light", "iife");
    const { EdgeRuntime } = await made.load("edge-runtime");
    const module = new WebAssembly.Module(readFileSync(made.path("node_modules/gradstep/dist/gradstep.wasm")));
    const extend = (context: object) => Object.assign(context, { module });
    const runtime = new EdgeRuntime({ initialCode, extend, codeGeneration: { strings: false, wasm } });
    return (await runtime.dispatchFetch("http://localhost/")).text();
  }

  test("gradstep, if it may compile", async () => expect(await answered(PLAIN, true)).toBe(stepped));
  test("gradstep says what to write if not", async () => expect(await answered(PLAIN, false)).toMatch(REFUSED));
  test("gradstep/slim with a module of another realm", async () => {
    const slim = `import { Adam, initSync, Variable } from "gradstep/slim";\ninitSync({ module: globalThis.module });`;
    expect(await answered(`${slim}${STEP}`, false)).toBe(stepped);
  });
});

describe("next", () => {
  let server: ChildProcess;
  let address = "";
  beforeAll(async () => {
    const { home, path, run, tool, write } = project("next");
    write("app/layout.jsx", "export default ({ children }) => <html><body>{children}</body></html>;");
    write("app/train.js", `${MAIN}\nexport { main };`);
    write(
      "app/page.jsx",
      `import { main } from "./train.js";
export const dynamic = "force-dynamic";
export default async function Page() {
  return <pre>{await main()}</pre>;
}`,
    );
    const edge = `export const runtime = "edge";\nexport const GET = () => new Response(step());`;
    write("app/plain/route.js", `${PLAIN}\n${edge}`);
    write("app/slim/route.js", `${documented("Next.js, edge")}${STEP}\n${edge}`);
    // The packages are in the folder of the host.
    write("next.config.mjs", `export default { turbopack: { root: ${JSON.stringify(home)} } };`);
    // The oldest Node that Next.js takes is newer than ours.
    const node = nodeOf("node-22");
    const cli = tool("next/dist/bin/next");
    const env = { NEXT_TELEMETRY_DISABLED: "1" };
    run(node, [cli, "build"], env);
    server = spawn(node, [cli, "start", "-p", "0"], { cwd: path("."), env: { ...process.env, ...env } });
    address = await new Promise<string>((ready, reject) => {
      let output = "";
      server.stdout?.on("data", (data) => {
        output += data;
        const port = /localhost:(\d+)/.exec(output)?.[1];
        if (port !== undefined && output.includes("Ready")) ready(`http://127.0.0.1:${port}`);
      });
      server.once("exit", () => reject(new Error(output)));
    });
  }, 600_000);
  afterAll(() => server?.kill());

  const text = async (path: string) => (await fetch(address + path)).text();

  test("a server component, with workers", async () => {
    expect(outcome(/<pre>([\s\S]*?)<\/pre>/.exec(await text("/"))?.[1] ?? "")).toEqual(works());
  });
  test("an edge route with gradstep, where it may compile", async () => expect(await text("/plain")).toBe(stepped));
  test("an edge route with gradstep/slim, by the lines of the docs", async () => {
    expect(await text("/slim")).toBe(stepped);
  });
});
