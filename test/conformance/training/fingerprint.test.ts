/**
 * One hash of a training run with all that draws random numbers or computes transcendental functions: initial weights,
 * shuffling, dropout, batch statistics, softmax, Adam with a schedule and averaged weights. The same file is checked
 * in Node, Deno, Chromium and Firefox, so an equal hash means equal bits in all of them.
 *
 * After an intended change of bits: paste the hash that the failure shows.
 */

import { expect, it } from "vitest";
import * as gradstep from "../../../ts/index.js";
import { SECOND_ORDER_HASH, secondOrderRun } from "../../deno/second-order-run.js";
import golden from "../../golden/training/digits.json";
import { bytesOf, hashOf } from "../../support/bytes.js";

const { Adam, CosineDecay, Input, layers, Sequential, setRandomSeed } = gradstep;

const COMMITTED = "3e6175b456caead59c1ee80d232b8a06ce3a5363ccbfc851b9d238f1f9e2eeaa";

it("a run of training has the committed hash", async () => {
  const pixels = Float32Array.from(bytesOf(golden.pixels.data), (pixel) => pixel / 16);
  const labels = Int32Array.from(bytesOf(golden.labels.data));
  setRandomSeed(42);
  const model = new Sequential([
    Input({ shape: [8, 8, 1] }),
    new layers.Conv2D(8, 3, { padding: "same", activation: "relu" }),
    new layers.BatchNormalization(),
    new layers.MaxPooling2D(),
    new layers.Conv2D(8, 3, { activation: "tanh", kernelRegularizer: "l2" }),
    new layers.Flatten(),
    new layers.Dropout(0.3),
    new layers.Dense(16, { activation: "gelu" }),
    new layers.LayerNormalization(),
    new layers.Dense(10, { activation: "softmax" }),
  ]);
  const learningRate = new CosineDecay({
    initialLearningRate: 0.01,
    decaySteps: 60,
    warmupTarget: 0.02,
    warmupSteps: 10,
  });
  const optimizer = new Adam({ learningRate, useEma: true, emaMomentum: 0.9, globalClipnorm: 1, weightDecay: 0.001 });
  model.compile({ optimizer, loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
  const { history } = await model.fit(pixels, labels, { batchSize: 32, epochs: 5, validationSplit: 0.2 });
  const predictions: gradstep.Tensor<"float32"> = await model.predict(pixels);
  const numbers = Object.values(history).map((list) => Float32Array.from(list as number[]));
  const hash = await hashOf([...model.weights.map((weight) => weight.array()), predictions.array(), ...numbers]);
  expect(history.loss?.[4]).toBeLessThan((history.loss?.[0] as number) / 2);
  expect(hash).toBe(COMMITTED);
});

it("a run with gradients of gradients has the committed hash, which Bun and Deno have for the package", async () => {
  expect(await hashOf(secondOrderRun(gradstep))).toBe(SECOND_ORDER_HASH);
});
