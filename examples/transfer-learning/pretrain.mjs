// The maker of public/pretrained: TensorFlow.js trains a small convolutional network on the digits 0 to 4, and writes
// model.json and its weights.
//
//   npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
//   node pretrain.mjs

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";

const CLASSES = 5;
const EPOCHS = 10;
const SHARD = "group1-shard1of1.bin";

const here = (path) => new URL(path, import.meta.url);
const initializer = (name, seed) => ({ className: name, config: { seed } });

const rows = gunzipSync(readFileSync(here("../data/digits.csv.gz")))
  .toString()
  .trim()
  .split("\n")
  .map((line) => line.split(",").map(Number))
  .filter((row) => row.at(-1) < CLASSES);
const x = tf.tensor4d(
  rows.flatMap((row) => row.slice(0, -1).map((pixel) => pixel / 16)),
  [rows.length, 8, 8, 1],
);
const y = tf.oneHot(
  rows.map((row) => row.at(-1)),
  CLASSES,
);

const model = sequential({
  name: "digits_0_to_4",
  layers: [
    layers.conv2d({
      inputShape: [8, 8, 1],
      filters: 12,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
      kernelInitializer: initializer("HeNormal", 1),
    }),
    layers.conv2d({
      filters: 24,
      kernelSize: 3,
      strides: 2,
      activation: "relu",
      kernelInitializer: initializer("HeNormal", 2),
    }),
    layers.flatten(),
    layers.dense({ units: 48, activation: "relu", kernelInitializer: initializer("HeNormal", 3) }),
    layers.dense({ units: CLASSES, activation: "softmax", kernelInitializer: initializer("GlorotUniform", 4) }),
  ],
});
model.compile({ optimizer: tf.train.adam(0.002), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
// In the file's order, which mixes the digits: the same weights in each run.
const { history } = await model.fit(x, y, { epochs: EPOCHS, batchSize: 32, shuffle: false, verbose: 0 });
console.log(`accuracy on ${rows.length} images: ${history.acc.at(-1)}`);

mkdirSync(here("public/pretrained"), { recursive: true });
await model.save({
  async save({ modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy }) {
    const weightsManifest = [{ paths: [SHARD], weights: weightSpecs }];
    const json = { modelTopology, format, generatedBy, convertedBy, weightsManifest };
    writeFileSync(here("public/pretrained/model.json"), `${JSON.stringify(json, null, 2)}\n`);
    writeFileSync(here(`public/pretrained/${SHARD}`), new Uint8Array(weightData));
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  },
});
