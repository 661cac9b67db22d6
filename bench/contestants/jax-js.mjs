// jax-js on its wasm backend. Its optimizers are in the package `@jax-js/optax`, which npm did not have. So Adam and
// SGD are written with its `jit`, which fuses a rule into one kernel: an upper bound for that package. Training: loss,
// gradients and Adam in one function, compiled by `jit`.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { BATCHES, LEARNING_RATE } from "../cases.mjs";
import { batchesOf, gradientOf, samples, startOf, startWeights } from "../data.mjs";
import { loop } from "../measure/rounds.mjs";

const B1 = 0.9;
const B2 = 0.999;
const EPSILON = 1e-7;

/** `{ slots, scalars(t), rule }`: the rule maps (w, g, slots..., scalars) to the new [w, slots...], and consumes all. */
function rules({ numpy: np }) {
  return {
    Adam: {
      slots: 2,
      scalars: (t) => [(LEARNING_RATE * Math.sqrt(1 - B2 ** t)) / (1 - B1 ** t)],
      rule(w, g, m, v, alpha) {
        const newM = m.mul(B1).add(g.ref.mul(1 - B1));
        const newV = v.mul(B2).add(np.square(g).mul(1 - B2));
        const step = newM.ref.mul(alpha).div(np.sqrt(newV.ref).add(EPSILON));
        return [w.sub(step), newM, newV];
      },
    },
    SGD: { slots: 0, scalars: () => [], rule: (w, g) => [w.sub(g.mul(LEARNING_RATE))] },
  };
}

function makeSteps(jax, problem) {
  const found = rules(jax)[problem.optimizer];
  if (found === undefined) return undefined;
  const { numpy: np } = jax;
  const rule = jax.jit(found.rule);
  const gradients = Array.from({ length: problem.count }, (_, i) => np.array(gradientOf(problem, i)));
  const states = gradients.map((_, i) => [
    np.array(startOf(problem, i)),
    ...Array.from({ length: found.slots }, () => np.zeros([problem.length])),
  ]);
  let t = 0;
  const step = () => {
    const scalars = found.scalars(++t).map((x) => np.array(x));
    states.forEach(([w, ...slots], i) => {
      states[i] = rule(w, gradients[i].ref, ...slots, ...scalars.map((x) => x.ref));
    });
    for (const scalar of scalars) scalar.dispose();
  };
  return {
    async run(steps) {
      const start = performance.now();
      for (let i = 0; i < steps; i++) {
        step();
        await jax.blockUntilReady(states);
      }
      return performance.now() - start;
    },
    weights: (n) => states[0][0].ref.dataSync().slice(0, n),
    dispose() {
      for (const array of [...states.flat(), ...gradients]) array.dispose();
      rule.dispose?.();
    },
  };
}

/** One layer; `weights.shift()` returns its weights. An array is consumed by its use, `ref` keeps it. */
const LAYERS = {
  dense({ numpy: np, nn }, { activation }, x, weights) {
    const z = np.matmul(x, weights.shift()).add(weights.shift());
    if (activation === "tanh") return np.tanh(z);
    return activation === "relu" ? nn.relu(z) : z;
  },
  // Images with channels first, as required by jax-js.
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

/** Losses with gradients of gradients, as contestants/gradstep.mjs has them: `network` leaves the weights, and consumes x. */
const SECOND_ORDER = {
  pinn({ numpy: np, grad }, network, x) {
    const slope = (at) => np.sum(grad((x) => np.sum(network(x)))(at));
    const source = np.sin(x.ref.mul(Math.PI)).mul(Math.PI ** 2);
    return np.mean(np.square(grad(slope)(x).add(source)));
  },
  wganGp({ numpy: np, grad }, network, x) {
    const made = x.ref.mul(0.5).sub(0.3);
    const slope = grad((at) => np.sum(network(at)))(x.ref.add(made.ref).mul(0.5));
    const norms = np.sqrt(np.sum(np.square(slope), 1).add(1e-12));
    const distance = np.mean(network(made)).sub(np.mean(network(x)));
    return distance.add(np.mean(np.square(norms.sub(1))).mul(10));
  },
};

function lossFunction(jax, one) {
  const { numpy: np, nn } = jax;
  const forward = (weights, x) =>
    one.layers.reduce((value, layer) => LAYERS[layer.kind](jax, layer, value, weights), x);
  return (weights, x, y) => {
    const ownLoss = SECOND_ORDER[one.loss];
    if (ownLoss) {
      y.dispose();
      const kept = (x) =>
        forward(
          weights.map((w) => w.ref),
          x,
        );
      const loss = ownLoss(jax, kept, x);
      for (const w of weights) w.dispose();
      return loss;
    }
    const logits = forward([...weights], x);
    return np.mean(np.sum(nn.logSoftmax(logits).mul(y), -1)).mul(-1);
  };
}

function adamStep({ numpy: np }, weights, gradients, ms, vs, alpha) {
  const newMs = ms.map((m, i) => m.mul(B1).add(gradients[i].ref.mul(1 - B1)));
  const newVs = vs.map((v, i) => v.mul(B2).add(np.square(gradients[i]).mul(1 - B2)));
  const step = (i) => newMs[i].ref.mul(alpha.ref).div(np.sqrt(newVs[i].ref).add(EPSILON));
  const newWeights = weights.map((w, i) => w.sub(step(i)));
  alpha.dispose();
  return [newWeights, newMs, newVs];
}

function makeLoop(jax, one) {
  const { numpy: np } = jax;
  const lossOf = lossFunction(jax, one);
  const train = jax.jit((weights, ms, vs, x, y, alpha) => {
    const gradients = jax.grad(lossOf)(
      weights.map((w) => w.ref),
      x,
      y,
    );
    return adamStep(jax, weights, gradients, ms, vs, alpha);
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

/** Its wasm backend; `make(jax, problem)` is the contestant's. */
async function open(make) {
  const jax = await import("@jax-js/jax");
  const devices = await jax.init("wasm");
  if (!devices.includes("wasm")) return { missing: "its wasm backend did not start" };
  jax.defaultDevice("wasm");
  const entry = createRequire(import.meta.url).resolve("@jax-js/jax");
  const { version } = JSON.parse(readFileSync(new URL("../package.json", `file://${entry}`), "utf8"));
  return { version: `jax-js ${version} wasm`, make: (problem) => make(jax, problem), close() {} };
}

export const jaxJs = { id: "jaxJs", label: "jax-js wasm", litters: true, open: () => open(makeSteps) };
export const jaxLoop = {
  id: "jaxLoop",
  label: "jax-js wasm",
  way: "loop",
  litters: true,
  compiles: true,
  open: () => open(makeLoop),
};
