// jax-js on its wasm backend: loss, gradients and Adam in one function, compiled by its `jit`.

import { openJax } from "../../contestants/jax-js.mjs";
import { BATCHES } from "../cases.mjs";
import { batchesOf, samples, startWeights } from "../data.mjs";
import { loop } from "./run.mjs";

const B1 = 0.9;
const B2 = 0.999;
const EPSILON = 1e-7;

/** One layer; `weights.shift()` gives its weights. An array is consumed by its use, `ref` keeps it. */
const LAYERS = {
  dense({ numpy: np, nn }, { activation }, x, weights) {
    const z = np.matmul(x, weights.shift()).add(weights.shift());
    return activation === "relu" ? nn.relu(z) : z;
  },
  // Images of channels first, as it wants them.
  conv({ numpy: np, lax, nn }, _, x, weights) {
    const kernel = np.transpose(weights.shift(), [3, 2, 0, 1]);
    return nn.relu(lax.conv(x, kernel, [1, 1], "VALID").add(np.reshape(weights.shift(), [-1, 1, 1])));
  },
  pool({ numpy: np, lax }, { size }, x) {
    const [n, c, h, w] = x.shape;
    const even = lax.reduceWindow(x, np.max, [size, size], [size, size]);
    return np.reshape(even, [n, c, Math.floor(h / size), Math.floor(w / size)]);
  },
  flatten({ numpy: np }, _, x) {
    const last = x.shape.length === 4 ? np.transpose(x, [0, 2, 3, 1]) : x;
    return np.reshape(last, [last.shape[0], -1]);
  },
  embedding: ({ numpy: np }, _, x, weights) => np.take(weights.shift(), x, 0),
};

function lossFunction(jax, one) {
  const { numpy: np, nn } = jax;
  return (weights, x, y) => {
    const left = [...weights];
    const logits = one.layers.reduce((value, layer) => LAYERS[layer.kind](jax, layer, value, left), x);
    return np.mean(np.sum(nn.logSoftmax(logits).mul(y), -1)).mul(-1);
  };
}

function adam({ numpy: np }, weights, gradients, ms, vs, alpha) {
  const newMs = ms.map((m, i) => m.mul(B1).add(gradients[i].ref.mul(1 - B1)));
  const newVs = vs.map((v, i) => v.mul(B2).add(np.square(gradients[i]).mul(1 - B2)));
  const step = (i) => newMs[i].ref.mul(alpha.ref).div(np.sqrt(newVs[i].ref).add(EPSILON));
  const newWeights = weights.map((w, i) => w.sub(step(i)));
  alpha.dispose();
  return [newWeights, newMs, newVs];
}

function make(jax, one) {
  const { numpy: np } = jax;
  const lossOf = lossFunction(jax, one);
  const train = jax.jit((weights, ms, vs, x, y, alpha) => {
    const gradients = jax.grad(lossOf)(
      weights.map((w) => w.ref),
      x,
      y,
    );
    return adam(jax, weights, gradients, ms, vs, alpha);
  });
  const start = startWeights(one);
  let weights = start.map(({ values, shape }) => np.array(values).reshape(shape));
  let [ms, vs] = [start, start].map((list) => list.map(({ shape }) => np.zeros(shape)));
  const { x, classes } = samples(one);
  const batches = Array.from({ length: BATCHES }, (_, i) => inputs(jax, one, batchesOf(x, i), batchesOf(classes, i)));
  let t = 0;
  return {
    run: loop((i) => {
      const [x, y] = batches[i];
      const alpha = np.array((one.rate * Math.sqrt(1 - B2 ** ++t)) / (1 - B1 ** t));
      [weights, ms, vs] = train(weights, ms, vs, x.ref, y.ref, alpha);
      return jax.blockUntilReady(weights);
    }),
    loss() {
      const [x, y] = batches[0];
      return lossOf(
        weights.map((w) => w.ref),
        x.ref,
        y.ref,
      ).dataSync()[0];
    },
    dispose() {
      for (const array of [...weights, ...ms, ...vs, ...batches.flat()]) array.dispose();
      train.dispose();
    },
  };
}

/** Samples, images with channels first, and one-hot labels. */
function inputs({ numpy: np, nn }, one, x, classes) {
  const isImage = one.input.length === 3;
  const [h, w, c] = one.input;
  const shape = isImage ? [one.batch, c, h, w] : [one.batch, ...one.input];
  const dtype = one.indices ? np.int32 : np.float32;
  return [np.array(x, { dtype }).reshape(shape), nn.oneHot(np.array(classes, { dtype: np.int32 }), one.classes)];
}

const open = () => openJax(make);

export const jaxLoop = { id: "jaxLoop", label: "jax-js wasm", way: "loop", litters: true, compiles: true, open };
