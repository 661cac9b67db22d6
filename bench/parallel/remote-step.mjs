// The cost of a worker: one optimizer step in it, and one with groups of variables, against a plain step on this thread; and the time
// until a call is rejected because its worker has ended.

import { Worker } from "node:worker_threads";
import { Adam, layers, MultiOptimizer, OptimizerMap, Sequential, tensor, Variable } from "../../dist/index.js";
import { offload, RemoteOptimizer } from "../../dist/worker/index.js";
import { CASES, LEARNING_RATE } from "../cases.mjs";
import { gradientOf, startOf } from "../data.mjs";
import { measureCase, summary, timed } from "../measure/rounds.mjs";

const problemOf = (wanted) =>
  CASES.find(({ optimizer, size, gradients }) => optimizer === "Adam" && size === wanted && gradients === "normal");
const problem = problemOf("1M");

const variable = () => new Variable(startOf(problem, 0), { shape: problem.shape, name: "w" });
const adam = () => new Adam({ learningRate: LEARNING_RATE });

/** A local step: gradients from JavaScript, and the weights copied back to it, as after a remote step. */
function makeLocal() {
  const [w, optimizer, gradient] = [variable(), adam(), gradientOf(problem, 0)];
  const weights = new Float32Array(problem.length);
  return {
    async run(steps) {
      const start = performance.now();
      for (let i = 0; i < steps; i++) {
        optimizer.applyGradients([[gradient, w]]);
        weights.set(w.value);
      }
      return performance.now() - start;
    },
    weights: (n) => weights.slice(0, n),
    dispose() {
      optimizer.dispose();
      w.dispose();
    },
  };
}

/** A remote step. `inPlace`: the gradients are written to the optimizer's arrays, and not copied. */
async function makeRemote({ sharedMemory, inPlace = false }) {
  const [w, mine] = [variable(), gradientOf(problem, 0)];
  const remote = await RemoteOptimizer.create(adam(), [w], { sharedMemory });
  const gradient = inPlace ? remote.gradients[0] : mine;
  gradient.set(mine);
  let weights;
  return {
    async run(steps) {
      const start = performance.now();
      for (let i = 0; i < steps; i++) [weights] = await remote.applyGradients([[gradient, w]]);
      return performance.now() - start;
    },
    weights: (n) => weights.slice(0, n),
    async dispose() {
      await remote.dispose();
      w.dispose();
    },
  };
}

const LOCAL = "here";
const contestants = [
  { id: LOCAL, make: makeLocal },
  { id: "in a worker, by transfer", make: () => makeRemote({ sharedMemory: false }) },
  { id: "in a worker, shared memory", make: () => makeRemote({ sharedMemory: true }) },
  { id: "… gradients already there", make: () => makeRemote({ sharedMemory: true, inPlace: true }) },
];

export const remoteStep = {
  id: "remoteStep",
  title: "A step of a remote optimizer",
  means: `Adam, 1M parameters. Gradients come from the caller's \`Float32Array\`, and the new weights are readable in one after the step.`,
  async measure({ seconds }) {
    const { measured, notes } = await measureCase(problem, contestants, seconds);
    return contestants.map(({ id }) => ({
      label: id,
      measured: measured.get(id),
      note: measured.get(id)?.other ? "other weights" : notes.get(id),
      ...(id === LOCAL ? {} : { against: LOCAL }),
    }));
  },
};

/** Plain Adam, and the same with all variables in one group: by a pattern's factor, by a separate optimizer. */
const GROUPS = [
  ["Adam", adam],
  [
    "learningRateMultipliers of one pattern",
    () => new Adam({ learningRate: 2 * LEARNING_RATE, learningRateMultipliers: { ".*": 0.5 } }),
  ],
  ["MultiOptimizer of one pattern", () => new MultiOptimizer(new OptimizerMap(adam(), { ".*": adam() }))],
];

function makeGrouped(one, make) {
  const pairs = Array.from({ length: one.count }, (_, i) => [
    tensor(gradientOf(one, i), one.shape),
    new Variable(startOf(one, i), { shape: one.shape, name: `w${i}` }),
  ]);
  const optimizer = make();
  return {
    run: async (steps) => timed(() => optimizer.applyGradients(pairs), steps),
    weights: (n) => pairs[0][1].array().slice(0, n),
    dispose() {
      optimizer.dispose();
      for (const each of pairs.flat()) each.dispose();
    },
  };
}

export const groupStep = {
  id: "groupStep",
  title: "A step with one group",
  means:
    "Adam on one thread, with gradients in WebAssembly memory: all variables in one group, compared with plain Adam. They take turns.",
  async measure({ seconds }) {
    const sizes = ["1M", "1000x64"].map(problemOf);
    const rows = [];
    for (const one of sizes) {
      const label = (id) => `${one.sizeLabel}: ${id}`;
      const takers = GROUPS.map(([id, make]) => ({ id, make: () => makeGrouped(one, make) }));
      const { measured, notes } = await measureCase(one, takers, seconds / sizes.length);
      for (const { id } of takers) {
        rows.push({
          label: label(id),
          measured: measured.get(id),
          note: measured.get(id)?.other ? "other weights" : notes.get(id),
          ...(id === GROUPS[0][0] ? {} : { against: label(GROUPS[0][0]) }),
        });
      }
    }
    return rows;
  },
};

const KILLS = 50;

/** A model that trains endlessly in a worker, and the worker. */
async function training() {
  const model = new Sequential([new layers.Dense(64, { inputShape: [32] }), new layers.Dense(1)]);
  model.compile({ optimizer: "adam", loss: "mse" });
  let worker;
  const createWorker = (url) => {
    worker = new Worker(url);
    return worker;
  };
  const remote = await offload(model, { createWorker });
  let heard;
  const begun = new Promise((resolve) => {
    heard = resolve;
  });
  const data = [new Float32Array(32 * 256), new Float32Array(256)];
  const running = remote.fit(...data, { epochs: 1e9, callbacks: [{ onEpochEnd: heard }] });
  running.catch(() => {});
  await begun;
  model.dispose();
  return { remote, worker, running };
}

export const workerLoss = {
  id: "workerLoss",
  title: "A worker is lost",
  means: `Time from \`terminate()\` until the running \`fit\` rejects, ${KILLS} times. It must be less than a second.`,
  async measure() {
    const samples = [];
    for (let i = 0; i < KILLS; i++) {
      const { remote, worker, running } = await training();
      const start = performance.now();
      worker.terminate();
      const error = await running.catch((error) => error);
      samples.push(performance.now() - start);
      if (error.code !== "ERR_WORKER_LOST") throw error;
      await remote.dispose();
    }
    return [{ label: "killed while it trains, Node", measured: summary(samples) }];
  },
};
