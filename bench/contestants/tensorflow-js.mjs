// TensorFlow.js, its cpu and its wasm backend. It has Adam and SGD; of the rest it has none.

import { createRequire } from "node:module";
import { LEARNING_RATE } from "../cases.mjs";
import { gradientOf, startOf } from "../gradients.mjs";
import { timed } from "./timed.mjs";

// Its ESM build imports files without extensions, which Node refuses.
const require = createRequire(import.meta.url);

const MAKERS = {
  Adam: (tf) => tf.train.adam(LEARNING_RATE),
  SGD: (tf) => tf.train.sgd(LEARNING_RATE),
};

async function make(tf, backend, problem) {
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

async function open(backend) {
  const tf = require("@tensorflow/tfjs-core");
  require(`@tensorflow/tfjs-backend-${backend}`);
  tf.enableProdMode();
  await tf.setBackend(backend);
  await tf.ready();
  return {
    version: `TensorFlow.js ${tf.version_core} ${backend}`,
    make: (problem) => make(tf, backend, problem),
    close() {},
  };
}

export const tensorflowCpu = { id: "tfjsCpu", label: "TensorFlow.js cpu", litters: true, open: () => open("cpu") };
export const tensorflowWasm = { id: "tfjsWasm", label: "TensorFlow.js wasm", litters: true, open: () => open("wasm") };
