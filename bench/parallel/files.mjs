// Models in files: 105 MB of weights, and a network of the size and the layers of MobileNetV2, compared with TensorFlow.js.

import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Input, layers, Model, Sequential } from "../../dist/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../dist/saving/index.js";
import { collectGarbage, summary } from "../measure/rounds.mjs";

const require = createRequire(import.meta.url);

const WIDTH = 2560;
const LAYERS = ["a", "b", "c", "d"];

/** Expansion, filters, repetitions and stride of MobileNetV2's blocks. */
const BLOCKS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** 3.5M weights in 155 layers. */
function mobileNet() {
  const input = Input({ shape: [224, 224, 3] });
  const normalized = (x) => new layers.BatchNormalization().apply(x);
  const relu6 = (x) => new layers.ReLU(6).apply(normalized(x));
  const same = { padding: "same", useBias: false };
  let x = relu6(new layers.Conv2D(32, 3, { ...same, strides: 2 }).apply(input));
  for (const [expansion, filters, count, stride] of BLOCKS) {
    for (let i = 0; i < count; i++) {
      const channels = x.shape.at(-1);
      const strides = i === 0 ? stride : 1;
      const wide = expansion === 1 ? x : relu6(new layers.Conv2D(expansion * channels, 1, same).apply(x));
      const deep = relu6(new layers.DepthwiseConv2D(3, { ...same, strides }).apply(wide));
      const narrow = normalized(new layers.Conv2D(filters, 1, same).apply(deep));
      x = strides === 1 && channels === filters ? new layers.Add().apply([x, narrow]) : narrow;
    }
  }
  x = new layers.GlobalAveragePooling2D().apply(relu6(new layers.Conv2D(1280, 1, same).apply(x)));
  return new Model({ inputs: input, outputs: new layers.Dense(1000, "softmax").apply(x) });
}

const wide = () =>
  new Sequential(
    LAYERS.map((name, i) => new layers.Dense(WIDTH, { name, ...(i === 0 ? { inputShape: [WIDTH] } : {}) })),
  );

/** TensorFlow.js, as it is where this process has no faster backend; undefined where the package is not there. */
function tensorflow() {
  try {
    const tf = require("@tensorflow/tfjs-core");
    require("@tensorflow/tfjs-backend-cpu");
    return { tf, tfl: require("@tensorflow/tfjs-layers") };
  } catch {
    return undefined;
  }
}

/** Artifacts that TensorFlow.js saves, in memory. */
async function artifactsOf({ tf }, model) {
  let saved;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  return saved;
}

/** The files of a model, read as TensorFlow.js's own reader for Node does. */
async function artifactsIn({ tf }, place) {
  const json = JSON.parse(readFileSync(place, "utf8"));
  return await tf.io.getModelArtifactsForJSON(json, async (manifest) => {
    const shards = manifest.flatMap(({ paths }) =>
      paths.map((path) => Uint8Array.from(readFileSync(join(dirname(place), path))).buffer),
    );
    return [manifest.flatMap(({ weights }) => weights), tf.io.concatenateArrayBuffers(shards)];
  });
}

/**
 * Writes a file atomically, by a rename. Overwriting the old file would free its memory first, and some virtual machines
 * take 10 us for each page of memory that is not at hand, with this function and with saveWeights alike.
 */
function rawWrite(place, bytes) {
  const file = openSync(`${place}.tmp`, "wx");
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${place}.tmp`, place);
}

/** `[label, work, against]`, in the order of the table. */
async function worksIn(folder) {
  const [model, again] = [wide(), wide()];
  // Those of two models in turn: weights that a model has already are compared to the end, others to the first number.
  const bytes = await saveWeights(again, { format: "safetensors" });
  const [raw, place] = [join(folder, "raw"), join(folder, "w.safetensors")];
  const mobile = mobileNet();
  const json = join(folder, "mobile", "model.json");
  await saveModel(mobile, json);
  const format = { format: "safetensors" };
  const works = [
    ["copy in memory", () => bytes.slice()],
    ["saveWeights, memory", () => saveWeights(model, format), "copy in memory"],
    ["loadWeights, memory", () => loadWeights(again, bytes, format), "copy in memory"],
    ["disk: write, sync, rename", () => rawWrite(raw, bytes)],
    ["saveWeights, disk", () => saveWeights(model, place), "disk: write, sync, rename"],
    ["disk: read", () => readFileSync(raw)],
    ["loadWeights, disk", () => loadWeights(again, place), "disk: read"],
    ["MobileNetV2: saveModel", () => saveModel(mobile, { format: "tfjs" })],
    ["MobileNetV2: loadModel", async () => (await loadModel(json)).dispose()],
  ];
  const other = tensorflow();
  if (other === undefined) return works;
  const load = async () => other.tfl.loadLayersModel(other.tf.io.fromMemory(await artifactsIn(other, json)));
  const loaded = await load();
  const [save, open] = ["MobileNetV2: saveModel", "MobileNetV2: loadModel"];
  return [
    ...works,
    ["TensorFlow.js: save", () => artifactsOf(other, loaded), save],
    ["TensorFlow.js: loadLayersModel", async () => (await load()).dispose(), open],
  ];
}

export const files = {
  id: "files",
  title: "Models in files",
  means: `${((4 * LAYERS.length * (WIDTH + 1) * WIDTH) / 1e6).toFixed(0)} MB of weights as safetensors, compared with a copy in memory and with the disk through its cache; and a network with MobileNetV2's layers in a folder with \`model.json\`, until it is ready to predict. All take turns.`,
  async measure({ seconds }) {
    const folder = mkdtempSync(join(tmpdir(), "bench-files-"));
    try {
      const works = (await worksIn(folder)).map(([label, work, against]) => ({ label, work, against, samples: [] }));
      const turn = async (isCounted) => {
        for (const { work, samples } of works) {
          collectGarbage();
          const start = performance.now();
          await work();
          if (isCounted) samples.push(performance.now() - start);
        }
      };
      await turn(false);
      const end = performance.now() + seconds * 1000;
      for (let i = 0; i < 3 || performance.now() < end; i++) await turn(true);
      return works.map(({ label, samples, against }) => ({
        label,
        measured: summary(samples),
        ...(against === undefined ? {} : { against }),
      }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
