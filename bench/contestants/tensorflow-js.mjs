// TensorFlow.js, its cpu and its wasm backend. Steps of Adam and SGD; of the other optimizers it has none. Training:
// `fit` of its layers package, and a loop over core operations.

import { createRequire } from "node:module";
import { Adam } from "../../dist/index.js";
import { tfjsOptimizer } from "../../dist/tfjs/index.js";
import { BATCHES, LEARNING_RATE } from "../cases.mjs";
import { batchesOf, gradientOf, samples, startOf, startWeights, uniform } from "../data.mjs";
import { fitting, loop, timed } from "../measure/rounds.mjs";

// Its ESM build imports files without extensions, which Node refuses.
const require = createRequire(import.meta.url);

const MAKERS = {
  Adam: (tf) => tf.train.adam(LEARNING_RATE),
  SGD: (tf) => tf.train.sgd(LEARNING_RATE),
};

async function makeSteps(tf, backend, problem) {
  const maker = MAKERS[problem.optimizer];
  if (maker === undefined) return undefined;
  await tf.setBackend(backend);
  const optimizer = maker(tf);
  const variables = [];
  const gradients = [];
  for (let i = 0; i < problem.count; i++) {
    const variable = tf.tidy(() => tf.variable(tf.tensor(startOf(problem, i), problem.shape)));
    variables.push(variable);
    gradients.push({ name: variable.name, tensor: tf.tensor(gradientOf(problem, i), problem.shape) });
  }
  const step = () => optimizer.applyGradients(gradients);
  return {
    async run(steps) {
      await tf.setBackend(backend);
      return timed(step, steps);
    },
    async weights(n) {
      await tf.setBackend(backend);
      return variables[0].dataSync().slice(0, n);
    },
    async dispose() {
      await tf.setBackend(backend);
      optimizer.dispose();
      for (const { tensor } of gradients) tensor.dispose();
      for (const variable of variables) variable.dispose();
    },
  };
}

/** A product of matrices. */
const makeProduct = (tf) => (one) => {
  const [m, k, n] = one.size;
  const next = uniform(7);
  const [a, b] = [
    [m, k],
    [k, n],
  ].map((shape) => tf.tensor(Float32Array.from({ length: shape[0] * shape[1] }, next), shape));
  return { run: (steps) => timed(() => tf.matMul(a, b).dispose(), steps), dispose: () => tf.dispose([a, b]) };
};

const LAYERS = {
  dense: (layers, { units, activation }, first) => layers.dense({ units, activation, ...first }),
  conv: (layers, { filters, size }, first) =>
    layers.conv2d({ filters, kernelSize: size, activation: "relu", ...first }),
  pool: (layers, { size }) => layers.maxPooling2d({ poolSize: size }),
  flatten: (layers) => layers.flatten(),
  embedding: (layers, { rows, width }, first) => layers.embedding({ inputDim: rows, outputDim: width, ...first }),
};

/** One layer of core operations, `weights.shift()` its weights. The last one's softmax is in its loss. */
const CORE = {
  dense(tf, { activation }, x, weights) {
    const z = tf.add(tf.matMul(x, weights.shift()), weights.shift());
    return activation === "relu" ? tf.relu(z) : z;
  },
  conv: (tf, _, x, weights) => tf.relu(tf.add(tf.conv2d(x, weights.shift(), 1, "valid"), weights.shift())),
  pool: (tf, { size }, x) => tf.maxPool(x, size, size, "valid"),
  flatten: (tf, _, x) => tf.reshape(x, [x.shape[0], -1]),
  embedding: (tf, _, x, weights) => tf.gather(weights.shift(), x),
};

function tensors(tf, one, x, y, isColumn) {
  const count = y.length / (one.labels === "index" ? 1 : one.classes);
  const samples = tf.tensor(x, [count, ...one.input], one.indices ? "int32" : "float32");
  if (one.labels !== "index") return [samples, tf.tensor(y, [count, one.classes])];
  // Its `fit` takes a column of labels as floats.
  return [samples, isColumn ? tf.tensor(Float32Array.from(y), [count, 1]) : tf.tensor(y, [count], "int32")];
}

function makeFit(tf, one, optimizer = tf.train.adam(one.rate)) {
  const { sequential, layers } = require("@tensorflow/tfjs-layers");
  const model = sequential();
  for (const [i, layer] of one.layers.entries()) {
    model.add(LAYERS[layer.kind](layers, layer, i === 0 ? { inputShape: one.input } : {}));
  }
  tf.tidy(() => model.setWeights(startWeights(one).map(({ values, shape }) => tf.tensor(values, shape))));
  const loss = one.labels === "index" ? "sparseCategoricalCrossentropy" : "categoricalCrossentropy";
  model.compile({ optimizer, loss });
  const { x, y } = samples(one);
  const all = tensors(tf, one, x, y, true);
  const cut = (from, count) => tensors(tf, one, batchesOf(x, from, count), batchesOf(y, from, count), true);
  const train = async ({ from, batches, epochs, shuffle }) => {
    const data = batches === BATCHES ? all : cut(from, batches);
    await model.fit(...data, { batchSize: one.batch, epochs, shuffle, verbose: 0 });
    if (data !== all) tf.dispose(data);
  };
  return {
    fewestSteps: BATCHES,
    run: fitting(train),
    loss: () => tf.tidy(() => model.evaluate(...cut(0, 1), { batchSize: one.batch }).dataSync()[0]),
    dispose: () => tf.dispose([...all, ...model.getWeights()]),
  };
}

/** The same models with our optimizer. */
const makeFitOfOurs = (tf, one) => makeFit(tf, one, tfjsOptimizer(new Adam({ learningRate: one.rate })));

function makeLoop(tf, one) {
  const weights = startWeights(one).map(({ values, shape }) => tf.tidy(() => tf.variable(tf.tensor(values, shape))));
  const optimizer = tf.train.adam(one.rate);
  const { x, y } = samples(one);
  const batches = Array.from({ length: BATCHES }, (_, i) => tensors(tf, one, batchesOf(x, i), batchesOf(y, i)));
  const lossOf = ([x, y]) => {
    const left = [...weights];
    const logits = one.layers.reduce((value, layer) => CORE[layer.kind](tf, layer, value, left), x);
    const labels = one.labels === "index" ? tf.oneHot(y, one.classes) : y;
    return tf.losses.softmaxCrossEntropy(labels, logits);
  };
  return {
    run: loop((i) => {
      optimizer.minimize(() => lossOf(batches[i]), false, weights);
    }),
    loss: () => tf.tidy(() => lossOf(batches[0]).dataSync()[0]),
    dispose() {
      optimizer.dispose();
      tf.dispose([...weights, ...batches.flat()]);
    },
  };
}

/** The backend is the process's: each call sets it first. */
function on(tf, backend, make) {
  return async (one) => {
    await tf.setBackend(backend);
    const state = make(tf, one);
    const setting =
      (call) =>
      async (...args) => {
        await tf.setBackend(backend);
        return call(...args);
      };
    const { run, loss, dispose, ...rest } = state;
    return { ...rest, run: setting(run), loss: setting(loss), dispose: setting(dispose) };
  };
}

/** `make(tf, backend)` returns the contestant's `make`. Training needs the layers package, which brings gradients too. */
const open = (backend, make, needsLayers) => async () => {
  const tf = require("@tensorflow/tfjs-core");
  require(`@tensorflow/tfjs-backend-${backend}`);
  if (needsLayers) require("@tensorflow/tfjs-layers");
  tf.enableProdMode();
  await tf.setBackend(backend);
  await tf.ready();
  return { version: `TensorFlow.js ${tf.version_core} ${backend}`, make: make(tf, backend), close() {} };
};

const steps = (backend) => open(backend, (tf) => (problem) => makeSteps(tf, backend, problem), false);
const training = (backend, make) => open(backend, (tf) => on(tf, backend, make), true);

const [CPU, WASM] = ["TensorFlow.js cpu", "TensorFlow.js wasm"];

export const tensorflowCpu = { id: "tfjsCpu", label: CPU, litters: true, open: steps("cpu") };
export const tensorflowWasm = { id: "tfjsWasm", label: WASM, litters: true, open: steps("wasm") };

export const tensorflowProducts = { ...tensorflowWasm, open: open("wasm", makeProduct, false) };

const contestant = (id, label, way, open) => ({ id, label, way, litters: true, open });

export const tensorflowFits = [
  contestant("tfjsCpuFit", CPU, "fit", training("cpu", makeFit)),
  contestant("tfjsWasmFit", WASM, "fit", training("wasm", makeFit)),
  contestant("tfjsWasmFitOurs", `${WASM}, Adam of gradstep`, "fit", training("wasm", makeFitOfOurs)),
];
export const tensorflowLoops = [
  contestant("tfjsCpuLoop", CPU, "loop", training("cpu", makeLoop)),
  contestant("tfjsWasmLoop", WASM, "loop", training("wasm", makeLoop)),
];
