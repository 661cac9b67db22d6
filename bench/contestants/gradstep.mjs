// gradstep. Steps of optimizers: with gradients in WebAssembly memory, and with gradients that come from JavaScript
// each time. Training: through `fit` and through a tape.

import { readFileSync } from "node:fs";
import * as gradstep from "../../dist/index.js";
import { BATCHES, LEARNING_RATE, product } from "../cases.mjs";
import { batchesOf, gradientOf, samples, startOf, startWeights } from "../data.mjs";
import { fitting, loop, timed } from "../measure/rounds.mjs";

const { GradientTape, layers, losses, ops, optimizers, Sequential, tensor, zip } = gradstep;

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** Some decay weights by default; without decay all contestants do the same work. */
const OPTIONS = {
  Muon: { weightDecay: null },
  NAdamW: { weightDecay: null },
  SOAP: { weightDecay: null },
  StableAdamW: { weightDecay: null },
  AdamBfloat16: { stateDtype: "bfloat16" },
  AdamUint8: { stateDtype: "uint8" },
  MuonPolarExpress: { weightDecay: null, polarExpress: true },
};

/** Classes of names that include options. */
const CLASSES = { AdamBfloat16: "Adam", AdamUint8: "Adam", MuonPolarExpress: "Muon" };

/** The inner optimizers of wrapper optimizers. */
const INNER = { Lookahead: "Adam", ScheduleFree: "SGD", SWA: "Adam" };

/** An optimizer over the problem's variables, and pairs for `applyGradients`. */
export function makeSteps(problem, asTensors) {
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: nothing here is bundled
  const Class = gradstep[CLASSES[problem.optimizer] ?? problem.optimizer];
  if (Class === undefined) return undefined;
  const pairs = Array.from({ length: problem.count }, (_, i) => {
    const gradient = gradientOf(problem, i);
    const variable = new gradstep.Variable(startOf(problem, i), { shape: problem.shape });
    return [asTensors ? gradstep.tensor(gradient, problem.shape) : gradient, variable];
  });
  const inner = INNER[problem.optimizer];
  const optimizer =
    inner === undefined
      ? new Class({ learningRate: LEARNING_RATE, ...OPTIONS[problem.optimizer] })
      : new Class(new optimizers[inner]({ learningRate: LEARNING_RATE }));
  return {
    run: (steps) => timed(() => optimizer.applyGradients(pairs), steps),
    weights: (n) => pairs[0][1].array().slice(0, n),
    dispose() {
      optimizer.dispose();
      for (const [gradient, variable] of pairs) {
        if (asTensors) gradient.dispose();
        variable.dispose();
      }
    },
  };
}

const LAYERS = {
  dense: ({ units, activation }, first) => new layers.Dense(units, { activation, ...first }),
  conv: ({ filters, size }, first) => new layers.Conv2D(filters, size, { activation: "relu", ...first }),
  pool: ({ size }) => new layers.MaxPooling2D({ poolSize: size }),
  flatten: () => new layers.Flatten(),
  embedding: ({ rows, width }, first) => new layers.Embedding(rows, width, first),
};

/** The model with its start weights, and the data of all batches. */
function makeModel(one) {
  const first = { inputShape: one.input, ...(one.rule === "rows" && { sparseGradient: true }) };
  const model = new Sequential(one.layers.map((layer, i) => LAYERS[layer.kind](layer, i === 0 ? first : {})));
  model.setWeights(startWeights(one).map(({ values, shape }) => ({ data: values, shape, dtype: "float32" })));
  const { x, y } = samples(one);
  return { model, x, y };
}

const lossOf = ({ labels }) =>
  labels === "index" ? new losses.SparseCategoricalCrossentropy() : new losses.CategoricalCrossentropy();

function tensors(one, x, y) {
  const count = x.length / product(one.input);
  return [tensor(x, [count, ...one.input]), one.labels === "index" ? tensor(y) : tensor(y, [count, one.classes])];
}

/** Trains by `fit`. */
function makeFit(one) {
  const { model, x, y } = makeModel(one);
  model.compile({ optimizer: new optimizers.Adam({ learningRate: one.rate }), loss: lossOf(one) });
  const all = tensors(one, x, y);
  const train = async ({ from, batches, epochs, shuffle }) => {
    const isAll = batches === BATCHES;
    const data = isAll ? all : tensors(one, batchesOf(x, from, batches), batchesOf(y, from, batches));
    await model.fit(...data, { batchSize: one.batch, epochs, shuffle, verbose: 0 });
    if (!isAll) for (const given of data) given.dispose();
  };
  return {
    fewestSteps: BATCHES,
    run: fitting(train),
    loss: () => model.evaluate(...tensors(one, batchesOf(x, 0), batchesOf(y, 0)), { batchSize: one.batch, verbose: 0 }),
    dispose() {
      for (const given of all) given.dispose();
      model.optimizer.dispose();
      model.dispose();
    },
  };
}

/** The gradient of `f(x)` by `x`, sample by sample. */
function derivative(f, x) {
  const tape = new GradientTape();
  tape.watch(x);
  return tape.gradient(
    tape.run(() => f(x)),
    x,
  );
}

const meanSquare = (x) => ops.mean(ops.square(x));

/** Losses with gradients of gradients, of the model and a batch: contestants/jax-js.mjs has the same. */
const SECOND_ORDER = {
  // u'' = -pi^2 sin(pi x)
  pinn(model, x) {
    const second = derivative((at) => derivative((x) => model.apply(x), at), x);
    return meanSquare(ops.add(second, ops.multiply(ops.sin(ops.multiply(x, Math.PI)), Math.PI ** 2)));
  },
  wganGp(model, x) {
    const made = ops.subtract(ops.multiply(x, 0.5), 0.3);
    const slope = derivative((at) => model.apply(at), ops.multiply(ops.add(x, made), 0.5));
    const norms = ops.sqrt(ops.add(ops.sum(ops.square(slope), { axis: 1 }), 1e-12));
    const distance = ops.subtract(ops.mean(model.apply(made)), ops.mean(model.apply(x)));
    return ops.add(distance, ops.multiply(meanSquare(ops.subtract(norms, 1)), 10));
  },
};

/** The optimizer of a custom loop. */
function ruleOf({ rule, rate: learningRate }) {
  if (rule === "LBFGS") return new optimizers.LBFGS({ learningRate });
  const adam = new optimizers.Adam({ learningRate });
  return rule === "SAM" ? new optimizers.SAM(adam) : adam;
}

/** Trains by a tape, as the README's loop does. */
export function makeTape(one) {
  const { model, x, y } = makeModel(one);
  const optimizer = ruleOf(one);
  const lossFn = lossOf(one);
  const ownLoss = SECOND_ORDER[one.loss];
  const compute = ownLoss ? (x) => ownLoss(model, x) : (x, y) => lossFn.apply(y, model.apply(x, { training: true }));
  const batches = Array.from({ length: BATCHES }, (_, i) => tensors(one, batchesOf(x, i), batchesOf(y, i)));
  const step = (i) => {
    const [x, y] = batches[one.rule === "LBFGS" ? 0 : i];
    if (one.rule === "SAM" || one.rule === "LBFGS")
      return void optimizer.minimize(() => compute(x, y), model.trainableWeights);
    const tape = new GradientTape();
    const loss = tape.run(() => compute(x, y));
    optimizer.applyGradients(zip(tape.gradient(loss, model.trainableWeights), model.trainableWeights));
  };
  return {
    run: loop(step),
    loss: () => compute(...batches[0]).item(),
    dispose() {
      for (const given of batches.flat()) given.dispose();
      optimizer.dispose();
      model.dispose();
    },
  };
}

const open = (make) => () => ({ version: `gradstep ${version}`, make, close() {} });

export const gradstepTensors = { id: "gradstep", label: "gradstep", open: open((one) => makeSteps(one, true)) };
export const gradstepArrays = {
  id: "gradstepArrays",
  label: "gradstep, Float32Array gradients",
  open: open((one) => makeSteps(one, false)),
};

export const gradstepFit = { id: "gradstepFit", label: "gradstep", way: "fit", open: open(makeFit) };
export const gradstepTape = { id: "gradstepTape", label: "gradstep", way: "loop", open: open(makeTape) };
