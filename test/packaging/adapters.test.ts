/** `gradstep/tfjs` and `gradstep/jax` of the installed package, with the real packages: in Node, Bun and bundles, and in types. */

import { mkdirSync, symlinkSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { tool, useConsumer } from "./consumer.js";

const consumer = useConsumer();

beforeAll(() => {
  for (const name of ["@tensorflow", "@jax-js", "seedrandom", "long"]) {
    const link = consumer.path(join("node_modules", name));
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(tool(name), link);
  }
});

/** A model of TensorFlow.js is trained, saved with its optimizer, and loaded; both models continue training. */
const TFJS = `
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import * as tfl from "@tensorflow/tfjs-layers";
import { AdamW, schedules } from "gradstep";
import { tfjsOptimizer } from "gradstep/tfjs";

const optimizer = new AdamW({ learningRate: new schedules.CosineDecay(0.1, 40), clipnorm: 1, name: "my_adam" });
const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [3] })] });
model.compile({ optimizer: tfjsOptimizer(optimizer), loss: "meanSquaredError" });
const fit = (model) => model.fit(tf.ones([8, 3]), tf.zeros([8, 2]), { batchSize: 4, epochs: 5, shuffle: false, verbose: 0 });
await fit(model);
let saved;
const info = { dateSaved: new Date(0), modelArtifactsType: "JSON" };
await model.save(tf.io.withSaveHandler(async (artifacts) => { saved = artifacts; return { modelArtifactsInfo: info }; }), { includeOptimizer: true });
const loaded = await tfl.loadLayersModel(tf.io.fromMemory(JSON.parse(JSON.stringify(saved.modelTopology)), saved.weightSpecs, saved.weightData, saved.trainingConfig));
const counts = [loaded.optimizer.iterations];
for (const one of [model, loaded]) await fit(one);
counts.push(loaded.optimizer.iterations);
const [a, b] = [model, loaded].map((one) => one.getWeights().map((w) => Array.from(w.dataSync())));
console.log(JSON.stringify({
  counts,
  isEqual: JSON.stringify(a) === JSON.stringify(b),
  config: JSON.stringify(loaded.optimizer.optimizer.getConfig()) === JSON.stringify(optimizer.getConfig()),
}));
`;

const SAME = { counts: [10, 20], isEqual: true, config: true };

const JAX = `
import { init, numpy as np } from "@jax-js/jax";
import { SGD } from "gradstep";
import { jaxOptimizer } from "gradstep/jax";
await init("wasm");
const solver = jaxOptimizer(new SGD({ learningRate: 0.5 }));
const [updates, state] = solver.update(np.array([2, 4]), solver.init(np.array([1, 1])), np.array([1, 1]));
console.log(JSON.stringify([[...updates.dataSync()], state.count]));
`;

/** Last line that a program printed: TensorFlow.js prints a greeting first. */
const last = (printed: string): unknown => JSON.parse(printed.trim().split("\n").at(-1) as string);

test.each([
  ["Node", process.execPath, []],
  ["Bun", tool(".bin/bun"), ["run"]],
] as const)("both adapters in %s", (_, program, args) => {
  expect(last(consumer.run(program, ...args, consumer.write("tfjs.mjs", TFJS)))).toEqual(SAME);
  expect(last(consumer.run(program, ...args, consumer.write("jax.mjs", JAX)))).toEqual([[-1, -2], 1]);
});

test("both in bundles", async () => {
  for (const [name, source, expected] of [
    ["tfjs", TFJS, SAME],
    ["jax", JAX, [[-1, -2], 1]],
  ] as const) {
    const outfile = consumer.path(`${name}.bundle.mjs`);
    const entryPoints = [consumer.write(`${name}.mjs`, source)];
    await build({
      entryPoints,
      outfile,
      bundle: true,
      minify: true,
      format: "esm",
      // No condition of a host: the modules that pages load. TensorFlow.js asks for Node's modules when it runs there.
      platform: "neutral",
      mainFields: ["module", "main"],
      external: [...builtinModules, "node-fetch"],
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      logLevel: "error",
    });
    expect(last(consumer.run(process.execPath, outfile))).toEqual(expected);
  }
});

test.each(["bundler", "nodenext"])("strict types with %s", (moduleResolution) => {
  const program = `
import { AdamW } from "gradstep";
import { jaxOptimizer, type JaxOptimizerState } from "gradstep/jax";
import { tfjsOptimizer, TfjsOptimizer } from "gradstep/tfjs";
export const made: TfjsOptimizer = tfjsOptimizer(new AdamW({ clipnorm: 1 }));
export const rate: number = made.learningRate;
export const init: (params: never) => JaxOptimizerState = jaxOptimizer("adam").init;
// @ts-expect-error: not an optimizer
tfjsOptimizer(3);
`;
  // Types of TensorFlow.js's own dependencies contradict those of TypeScript.
  expect(consumer.typeErrors({ program }, moduleResolution, true)).toBe("");
});
