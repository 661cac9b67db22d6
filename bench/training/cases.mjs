// Whole training steps: four models, each as a list of layers that every contestant builds in its library's words.
//
// All end in classes, with the mean crossentropy of a batch as loss, and train with Adam.

/** Batches of data; an epoch of `fit` goes through all of them. */
export const BATCHES = 64;

const dense = (inputs, units, activation) => ({ kind: "dense", inputs, units, activation });
const conv = (channels, filters) => ({ kind: "conv", size: 3, channels, filters });
const POOL = { kind: "pool", size: 2 };
const FLATTEN = { kind: "flatten" };

/**
 * `input` is the shape of a sample. `labels`: "oneHot" (categorical crossentropy) or "index" (sparse). `indices`:
 * the input is whole numbers below it.
 */
export const TRAINING = [
  {
    model: "documented",
    label: "documented model: dense 64 on 10, batch 32",
    batch: 32,
    input: [10],
    classes: 64,
    labels: "oneHot",
    rate: 0.01,
    layers: [dense(10, 64, "softmax")],
  },
  {
    model: "mlp",
    label: "MLP 784-128-10, batch 128",
    batch: 128,
    input: [784],
    classes: 10,
    labels: "index",
    rate: 0.001,
    layers: [dense(784, 128, "relu"), dense(128, 10, "softmax")],
  },
  {
    model: "cnn",
    label: "CNN on 28 × 28, batch 64",
    batch: 64,
    input: [28, 28, 1],
    classes: 10,
    labels: "index",
    rate: 0.001,
    layers: [conv(1, 8), POOL, conv(8, 16), POOL, FLATTEN, dense(5 * 5 * 16, 10, "softmax")],
  },
  {
    model: "embedding",
    label: "embedding 1,000 × 16 of 16 tokens, batch 64",
    batch: 64,
    input: [16],
    indices: 1000,
    classes: 10,
    labels: "index",
    rate: 0.001,
    layers: [{ kind: "embedding", rows: 1000, width: 16 }, FLATTEN, dense(16 * 16, 10, "softmax")],
  },
].map((one) => ({ ...one, elements: parameterShapes(one).reduce((sum, shape) => sum + product(shape), 0) }));

/** Product of the lengths of axes. */
export function product(shape) {
  return shape.reduce((a, b) => a * b, 1);
}

/** Shapes of all weights, in Keras's order. */
export function parameterShapes({ layers }) {
  return layers.flatMap((layer) => {
    if (layer.kind === "dense") return [[layer.inputs, layer.units], [layer.units]];
    if (layer.kind === "conv") return [[layer.size, layer.size, layer.channels, layer.filters], [layer.filters]];
    return layer.kind === "embedding" ? [[layer.rows, layer.width]] : [];
  });
}
