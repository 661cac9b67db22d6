/** Globals that an environment may lack: jsdom, edge runtimes, bare engines. An import uses none, and the first use has a fallback or a typed error. */

import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { useConsumer } from "./consumer.js";

const consumer = useConsumer();
const run = promisify(execFile);

const GLOBALS = [
  ..."setImmediate MessageChannel MessagePort TextDecoder TextEncoder performance structuredClone queueMicrotask".split(
    " ",
  ),
  ..."FinalizationRegistry WeakRef navigator process crypto BroadcastChannel Worker SharedArrayBuffer Atomics".split(
    " ",
  ),
  ..."AbortSignal AbortController Intl DOMException Event EventTarget URL Blob fetch Response Request atob Buffer".split(
    " ",
  ),
  ..."setTimeout clearTimeout setInterval".split(" "),
];

/** A step, a `fit` that is long enough to pause, and one that is ended by the caller's error. */
const program = (removed: readonly string[], when: "before" | "after") => `
const print = console.log;
const remove = () => { for (const name of ${JSON.stringify(removed)}) delete globalThis[name]; };
if (${when === "before"}) remove();
const { SGD, Variable, Sequential, layers, setRandomSeed, random } = await import(${JSON.stringify(entry())});
if (${when === "after"}) remove();
try {
  const w = new Variable([1], { name: "w" });
  new SGD({ learningRate: 0.5 }).applyGradients([[[1], w]], { name: "step" });
  // Unseeded: a seed is drawn from what the environment has.
  const drawn = new Sequential([new layers.Dense(2, { inputShape: [1] })]).getWeights()[0].data;
  const model = new Sequential([new layers.Dense(1, { inputShape: [1], kernelInitializer: "zeros", useBias: false })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.25 }), loss: "mse" });
  const onTrainBatchEnd = () => { for (const start = Date.now(); Date.now() - start < 12; ); };
  const { history } = await model.fit([[1], [1]], [[1], [1]], { batchSize: 1, verbose: 0, callbacks: [{ onTrainBatchEnd }] });
  const mine = new RangeError("mine");
  const onEpochEnd = () => { throw mine; };
  const kept = await model.fit([[0]], [[0]], { verbose: 0, callbacks: [{ onEpochEnd }] }).catch((error) => error === mine);
  print(JSON.stringify([w.array()[0], drawn.every(Number.isFinite), history.loss, model.getWeights()[0].data[0], kept]));
} catch (error) {
  print(JSON.stringify([error.name, error.code]));
}`;

const entry = () => pathToFileURL(consumer.path("node_modules/gradstep/dist/index.js")).href;
let count = 0;
const output = async (args: readonly string[], code: string) => {
  const { stdout } = await run(process.execPath, [...args, consumer.write(`globals-${count++}.mjs`, code)]);
  return JSON.parse(stdout) as unknown;
};

// The kernel goes from 0 to .5 to .75; the mean of the losses 1 and .25.
const TRAINED = [0.5, true, [0.625], 0.75, true];

describe.each(["before", "after"] as const)("removed %s the import", (when) => {
  it.each(GLOBALS)("%s", async (name) => {
    expect(await output([], program([name], when))).toEqual(TRAINED);
  });

  it("setImmediate and MessageChannel", async () => {
    expect(await output([], program(["setImmediate", "MessageChannel"], when))).toEqual(TRAINED);
  });

  it("all of them", async () => {
    expect(await output([], program(GLOBALS, when))).toEqual(TRAINED);
  });
});

it("WebAssembly: a typed error at first use", async () => {
  const refused = ["ModuleError", "ERR_MODULE_UNSUPPORTED"];
  expect(await output([], program(["WebAssembly"], "before"))).toEqual(refused);
  expect(await output(["--jitless"], program([], "before"))).toEqual(refused);
});
