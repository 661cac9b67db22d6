// The same steps in each engine: Node 20, 24 and 26 (npm's `node`) and Chromium. A part is measured in a separate process, or in
// a page, and kept in .cache until the package changes: a run that was stopped continues where it was.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { hashFiles } from "../../scripts/build/hash.mjs";
import { installHost } from "../../scripts/hosts/install.mjs";
import { inRoot, localCache } from "../../scripts/paths.mjs";
import { capture } from "../../scripts/process.mjs";
import { summary } from "../measure/rounds.mjs";
import { inPage, launch, pageStart, serveStart } from "./chromium-pages.mjs";
import { WITH_MEMORY } from "./inside.mjs";

const node = (version) => ({ id: `node${version}`, label: `Node ${version}`, host: `node-${version}` });
export const ENGINES = [node(20), node(24), node(26), { id: "chromium", label: "Chromium" }];

/** As many as `"auto"` uses. */
const THREADS = Math.min(4, availableParallelism());
const STARTS = 15;

/** Programs whose start is measured; those of TensorFlow.js begin with a comment. */
const ADAM = "new Adam().applyGradients([[[1, 2], new Variable([3, 4])]]);";
const STARTED = {
  node: {
    empty: "",
    gradstep: `import { Adam, Variable } from "gradstep";\n${ADAM}`,
    tensorflow: `import { createRequire } from "node:module";
const require = createRequire(${JSON.stringify(inRoot("bench/"))});
const tf = require("@tensorflow/tfjs-core");
require("@tensorflow/tfjs-backend-wasm");`,
  },
  page: {
    empty: "",
    gradstep: `import { Adam, Variable } from "../../dist/index.js";\n${ADAM}`,
    tensorflow: "const tf = p0;",
  },
};
const TENSORFLOW_STEP = `
tf.enableProdMode();
await tf.setBackend("wasm");
const w = tf.variable(tf.tensor1d([3, 4]));
tf.train.adam(0.001).applyGradients([{ name: w.name, tensor: tf.tensor1d([1, 2]) }]);
w.dataSync();`;
const programOf = (host, id) => `${STARTED[host][id]}${id === "tensorflow" ? TENSORFLOW_STEP : ""}`;

/** Runs a program in an engine's Node; returns what it printed last, as JSON. */
function inNode(engine, program, argument) {
  const flags = ["--expose-gc", "--input-type=module", "-e", program];
  const { ok, stdout, stderr } = capture(engine.program, [...flags, "--", JSON.stringify(argument ?? null)]);
  if (!ok)
    throw new Error(
      stderr
        .trim()
        .split("\n")
        .find((line) => /Error/.test(line)) ?? stderr,
    );
  return JSON.parse(stdout.trim().split("\n").at(-1) || "null");
}

const INSIDE = `import * as inside from ${JSON.stringify(inRoot("bench/engines/inside.mjs"))};
const settings = JSON.parse(process.argv.at(-1));`;
const MEASURE = `${INSIDE}\nconsole.log(JSON.stringify(await inside.measureInside(settings)));`;
const PEAK = `import { peakMemory } from ${JSON.stringify(inRoot("scripts/peak-memory.mjs"))};\n${INSIDE}`;
const MEMORY = `${PEAK}
const wasm = await inside.useMemory(settings);
console.log(JSON.stringify({ wasm, most: peakMemory() }));`;

const measureInside = (engine, settings) =>
  engine.browser ? inPage(engine.browser, settings) : inNode(engine, MEASURE, settings);

/** `{ empty, gradstep, tensorflow }`: summaries of milliseconds. They take turns. */
async function startUp(engine, { only }) {
  const samples = { empty: [], gradstep: [], tensorflow: [] };
  const ids = Object.keys(samples);
  const host = engine.browser ? "page" : "node";
  const servers = {};
  for (const id of engine.browser ? ids : []) servers[id] = await serveStart(programOf(host, id), id === "tensorflow");
  try {
    for (let round = 0; round < (only === undefined ? STARTS : 3); round++) {
      for (const id of ids) {
        const start = performance.now();
        if (engine.browser) samples[id].push(await pageStart(engine.browser, servers[id]));
        else {
          inNode(engine, programOf(host, id));
          samples[id].push(performance.now() - start);
        }
      }
    }
  } finally {
    for (const server of Object.values(servers)) server.close();
  }
  return Object.fromEntries(ids.map((id) => [id, summary(samples[id])]));
}

/** Most bytes that a process had at once, of each case: a process for each. `empty` has the benchmark's own program and data. */
async function memory(engine, { only }) {
  if (engine.browser) return { rows: [] };
  const most = (settings) => {
    try {
      return inNode(engine, MEMORY, settings);
    } catch (error) {
      return { note: error.message };
    }
  };
  const { most: empty } = inNode(engine, `${PEAK}\nconsole.log(JSON.stringify({ most: peakMemory() }));`);
  const rows = WITH_MEMORY.filter((label) => only?.includes(label) ?? true).map((label) => ({
    label,
    measured: {
      gradstep: most({ label, id: "gradstep", threads: 1 }),
      allThreads: most({ label, id: "gradstep", threads: THREADS }),
      tensorflow: most({ label, id: "tensorflow", threads: 1 }),
    },
  }));
  return { empty, rows };
}

const ofMode = (mode, label) => ({
  id: mode,
  label,
  measure: (engine, settings) => measureInside(engine, { ...settings, mode, threads: THREADS }),
});
export const PARTS = [
  ofMode("oneThread", "one thread"),
  ofMode("allThreads", "all threads"),
  ofMode("relaxed", "relaxed SIMD"),
  { id: "startUp", label: "start-up", measure: startUp },
  { id: "memory", label: "memory", measure: memory },
];

const KEPT = join(localCache, "bench-engines.json");

/** Parts that were measured of this package, by the ids of engine and part. */
export function keptParts() {
  const key = hashFiles(["dist", "node_modules/@tensorflow/tfjs-core/package.json"].map((path) => inRoot(path)));
  try {
    const kept = JSON.parse(readFileSync(KEPT, "utf8"));
    if (kept.key === key) return kept;
  } catch {}
  return { key, parts: {} };
}

function keep(kept) {
  mkdirSync(localCache, { recursive: true });
  writeFileSync(KEPT, JSON.stringify(kept));
}

/**
 * Measures the parts that are wanted and not kept yet. `settings.only` are labels of cases, for a trial: those parts are not kept.
 * Resolves to what {@link keptParts} returns, with them.
 */
export async function measureEngines({ engines, parts, isNew, only }, print) {
  const kept = keptParts();
  if (isNew) for (const engine of engines) for (const part of parts) delete kept.parts[`${engine.id} ${part.id}`];
  for (const engine of engines) {
    const missing = parts.filter(({ id }) => kept.parts[`${engine.id} ${id}`] === undefined);
    if (missing.length === 0) continue;
    const opened = await open(engine);
    try {
      for (const part of missing) {
        const start = performance.now();
        const measured = await part.measure(opened, { only });
        kept.parts[`${engine.id} ${part.id}`] = { version: opened.version, ...measured };
        if (only === undefined) keep(kept);
        print({ engine, part, measured, seconds: (performance.now() - start) / 1000 });
      }
    } finally {
      await opened.browser?.close();
    }
  }
  return kept;
}

async function open(engine) {
  if (engine.host === undefined) {
    const browser = await launch();
    return { ...engine, browser, version: `Chromium ${browser.version()}` };
  }
  const folder = join(installHost(engine.host), "node_modules", `node-${process.platform}-${process.arch}`);
  const opened = { ...engine, program: join(folder, "bin/node") };
  return { ...opened, version: `Node ${inNode(opened, "console.log(JSON.stringify(process.versions.node));")}` };
}
