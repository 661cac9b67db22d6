/**
 * Programs of TensorFlow.js with optimizers of the built package, in Node: models that are saved with their optimizer, on both backends. In
 * vitest TensorFlow.js is loaded twice, and its layers do not know the classes that are registered with the other copy.
 */

import { expect, test } from "vitest";
import { nodeModule } from "../examples/program.js";

const START = `
import { createRequire } from "node:module";
import * as g from "gradstep";
import { tfjsOptimizer } from "gradstep/tfjs";
const require = createRequire(process.cwd() + "/package.json");
const tf = require("@tensorflow/tfjs-core");
const tfl = require("@tensorflow/tfjs-layers");
require("@tensorflow/tfjs-backend-" + BACKEND);
await tf.setBackend(BACKEND);
await tf.ready();
const x = tf.tensor2d(Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 24]));
const y = tf.tensor2d(Array.from({ length: 24 }, (_, i) => [Math.sin(2 * i)]));
function compiled(optimizer) {
  const model = tfl.sequential();
  model.add(tfl.layers.dense({ units: 4, inputShape: [3], activation: "tanh", kernelInitializer: "ones" }));
  model.add(tfl.layers.dense({ units: 1, kernelInitializer: "ones" }));
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}
const fit = async (model) =>
  (await model.fit(x, y, { batchSize: 8, epochs: 4, shuffle: false, verbose: 0 })).history.loss;
async function loaded(model) {
  let saved;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(handler, { includeOptimizer: true });
  return await tfl.loadLayersModel(tf.io.fromMemory(saved));
}
const weights = (model) => model.getWeights().map((weight) => [...weight.dataSync()]);
`;

async function printed(backend: string, program: string): Promise<unknown> {
  const { code, stdout, stderr } = await nodeModule(`const BACKEND = "${backend}";${START}${program}`);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout.trim().split("\n").at(-1) as string);
}

const OPTIMIZERS = [
  `new g.AdamW({ learningRate: new g.CosineDecay(0.05, 40), useEma: true, cautious: true, adaptiveClip: 0.5, weightDecay: 0.1 })`,
  `new g.LossScaleOptimizer(new g.Lion({ learningRate: 0.01 }), { dynamicGrowthSteps: 5 })`,
  `new g.Lookahead(new g.Adam({ learningRate: 0.05 }), { syncPeriod: 5 })`,
  `new g.MultiOptimizer(new g.OptimizerMap(new g.SGD({ learningRate: 0.05 }), { ".*kernel.*": new g.Adam(0.05) }))`,
  `new g.Prodigy({ d0: 0.01 })`,
  `new g.ScheduleFreeAdamW({ learningRate: 0.05 })`,
  `new g.Muon({ learningRate: 0.01 })`,
];

test.each(OPTIMIZERS)("a loaded model continues training with the same bits: %s", async (make) => {
  const result = await printed(
    "cpu",
    `const model = compiled(tfjsOptimizer(${make}));
     await fit(model);
     const again = await loaded(model);
     const steps = [again.optimizer.iterations];
     const losses = [await fit(model), await fit(again)];
     steps.push(again.optimizer.iterations);
     console.log(JSON.stringify({ steps, losses, weights: [weights(model), weights(again)] }));`,
  );
  const { steps, losses, weights } = result as { steps: number[]; losses: number[][]; weights: number[][] };
  expect(steps).toEqual([12, 24]);
  expect(losses[1]).toEqual(losses[0]);
  expect(weights[1]).toEqual(weights[0]);
});

test("a model that is saved before its first step, and one that is saved twice, train as the one that was not saved", async () => {
  const result = await printed(
    "cpu",
    `const model = compiled(tfjsOptimizer("adam"));
     const early = await loaded(model);
     const losses = [await fit(model), await fit(early)];
     const twice = await loaded(await loaded(model));
     losses.push(await fit(model), await fit(twice));
     console.log(JSON.stringify(losses));`,
  );
  const [first, early, second, twice] = result as number[][];
  expect(early).toEqual(first);
  expect(twice).toEqual(second);
});

test("the backend wasm learns what the backend cpu learns, and keeps no tensor", async () => {
  const program = `
    const optimizer = tfjsOptimizer(new g.AdamW({ learningRate: 0.05, globalClipnorm: 1 }));
    const w = tf.variable(tf.tensor2d([[1, -2], [3, 4]]));
    const step = () => optimizer.minimize(() => tf.sum(tf.square(tf.matMul(w, w))));
    step();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 1000; i++) step();
    console.log(JSON.stringify({ w: [...w.dataSync()], kept: tf.memory().numTensors - before, backend: tf.getBackend() }));`;
  const [cpu, wasm] = (await Promise.all([printed("cpu", program), printed("wasm", program)])) as {
    w: number[];
    kept: number;
    backend: string;
  }[];
  expect([cpu?.backend, wasm?.backend, cpu?.kept, wasm?.kept]).toEqual(["cpu", "wasm", 0, 0]);
  cpu?.w.forEach((value, i) => {
    expect(Math.abs(value - (wasm?.w[i] as number))).toBeLessThan(1e-4);
  });
});
