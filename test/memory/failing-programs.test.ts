/**
 * Every allocation of whole programs can fail: wrapper optimizers, small states, row gradients, second-order
 * gradients, files and custom steps, and every public function.
 */

import { expect, it } from "vitest";
import {
  Adam,
  ForwardAccumulator,
  GradientTape,
  LBFGS,
  Lion,
  Lookahead,
  layers,
  MultiOptimizer,
  type Optimizer,
  OptimizerMap,
  ops,
  SAM,
  ScheduleFree,
  Sequential,
  SGD,
  SWA,
  setRandomSeed,
  Tensor,
  Variable,
} from "../../ts/index.js";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../ts/saving/index.js";
import { failEach, type Trial } from "../support/failing-allocations.js";
import { PUBLIC_FUNCTIONS } from "../support/public-functions.js";
import { Random } from "../support/random.js";

const numbers = (seed: number, length: number) => new Random(seed).values(length, 0.9);

const values = (result: unknown): unknown => {
  if (result instanceof Tensor || result instanceof Variable) return [...result.array()];
  if (Array.isArray(result)) return result.map(values);
  if (ArrayBuffer.isView(result)) return [...(result as Float32Array)];
  return result !== null && typeof result === "object" ? Object.values(result).map(values) : result;
};

// ---- optimizers ----------------------------------------------------------------------------------------------------

const name = "o";
const inner = () => new SGD({ momentum: 0.9, name: "i" });
const OPTIMIZERS: Record<string, () => Optimizer> = {
  Lookahead: () => new Lookahead(inner(), { slowStepSize: 0.5, syncPeriod: 2, name }),
  SWA: () => new SWA(inner(), { name }),
  ScheduleFree: () => new ScheduleFree(inner(), { name }),
  MultiOptimizer: () => new MultiOptimizer(new OptimizerMap(inner(), { v0: new Adam({ name: "a" }) }), { name }),
  SAM: () => new SAM(inner(), { name }),
  "Adam in bfloat16": () => new Adam({ stateDtype: "bfloat16", name }),
  "Adam in uint8": () => new Adam({ stateDtype: "uint8", name }),
  "Lion in uint8": () => new Lion({ stateDtype: "uint8", gradientAccumulationSteps: 2, name }),
  "adaptive clips and centralization": () =>
    new Adam({ adaptiveClip: 0.1, gradientCentralization: true, cautious: true, name }),
};

const state = (make: () => Optimizer) => () => ({
  variables: [24, 600].map((size, i) => new Variable(numbers(i, size), { shape: [size / 4, 4], name: `v${i}` })),
  optimizer: make(),
});
type State = ReturnType<ReturnType<typeof state>>;

const loss = ([a, b]: readonly Variable[]) =>
  ops.add(ops.sum(ops.square(a as Variable)), ops.sum(ops.square(ops.square(b as Variable))));

const trialOf = (make: () => Optimizer): Trial<State> => ({
  make: state(make),
  run: ({ optimizer, variables }) => void optimizer.minimize(() => loss(variables), variables),
  look: ({ optimizer, variables }) => [
    optimizer.built,
    optimizer.iterations,
    optimizer.variables.map(values),
    variables.map(values),
  ],
  dispose: ({ optimizer, variables }) => {
    optimizer.dispose();
    for (const variable of variables) variable.dispose();
  },
});

it.each(Object.entries({ ...OPTIMIZERS, LBFGS: () => new LBFGS({ name, maxIter: 3 }) as Optimizer }))(
  "%s: two steps of minimize",
  async (label, make) => {
    const one = trialOf(make);
    expect(await failEach(`${label}, first step`, one)).toBeGreaterThan(1);
    await failEach(`${label}, second step`, {
      ...one,
      make: () => {
        const made = one.make();
        one.run(made);
        return made;
      },
    });
  },
);

// ---- gradients -----------------------------------------------------------------------------------------------------

const cube = (x: Variable) => ops.sum(ops.power(x, 3));
const GRADIENTS: Record<string, (x: Variable) => unknown> = {
  "a gradient of a gradient": (x) => {
    const outer = new GradientTape();
    const first = outer.run(() => {
      const tape = new GradientTape();
      return tape.gradient(
        tape.run(() => cube(x)),
        x,
      );
    });
    return values(outer.gradient(first as Tensor, x));
  },
  jacobian: (x) => {
    const tape = new GradientTape();
    return values(
      tape.jacobian(
        tape.run(() => ops.square(x)),
        x,
      ),
    );
  },
  "a product with a direction": (x) => {
    const accumulator = new ForwardAccumulator(x, [1, 0, 0, 2]);
    return values(accumulator.jvp(accumulator.run(() => cube(x))));
  },
  "a persistent tape": (x) => {
    const tape = new GradientTape({ persistent: true });
    const y = tape.run(() => cube(x));
    const both = [values(tape.gradient(y, x)), values(tape.gradient(y, x))];
    tape.dispose();
    return both;
  },
};

it.each(Object.entries(GRADIENTS))("%s", async (label, run) => {
  await failEach(label, {
    make: () => new Variable([1, 2, 3, 4], { name: "x" }),
    run,
    look: (x) => values(x),
    dispose: (x) => x.dispose(),
  });
});

// ---- models --------------------------------------------------------------------------------------------------------

const X = [
  [1, 2],
  [3, 0],
  [1, 1],
  [0, 2],
];
const Y = [0, 1, 1, 0];

function model(optimizer: Optimizer | string = "adam", sparseGradient = false): Sequential {
  setRandomSeed(5);
  const made = new Sequential(
    [
      new layers.Embedding(4, 3, { inputShape: [2], name: "e", ...(sparseGradient ? { sparseGradient } : {}) }),
      new layers.Flatten({ name: "f" }),
      new layers.Dense(2, { activation: "softmax", name: "d" }),
    ],
    { name: "m" },
  );
  made.compile({ optimizer: optimizer as never, loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  return made;
}

const weights = (of: Sequential) => of.getWeights().map(({ data }) => [...(data as Float32Array)]);
const looked = (of: Sequential) => [weights(of), of.optimizer?.iterations, of.optimizer?.built, of.built];

const QUIET = { verbose: 0, epochs: 1, batchSize: 4, shuffle: false } as const;
const MODELS: Record<string, [() => Sequential, (of: Sequential) => unknown]> = {
  "a step with row gradients": [() => model("adam", true), (of) => of.trainOnBatch(X, Y)],
  "a step of SAM": [() => model(new SAM(new SGD({ name: "i" }), { name })), (of) => of.trainOnBatch(X, Y)],
  "fit with weights of classes": [
    model,
    async (of) => (await of.fit(X, Y, { ...QUIET, classWeight: { 0: 1, 1: 3 } })).history,
  ],
  "fit with weights of samples": [
    model,
    async (of) => (await of.fit(X, Y, { ...QUIET, sampleWeight: [1, 2, 3, 4] })).history,
  ],
  "evaluate of batches": [model, (of) => of.evaluate(X, Y, { verbose: 0, batchSize: 1 })],
  "predict of batches": [model, async (of) => values(await of.predict(X, { batchSize: 1 }))],
  "getConfig and clone": [model, (of) => JSON.stringify(of.toJSON()).length],
};

it.each(Object.entries(MODELS))("%s", async (label, [make, run]) => {
  await failEach(label, { make: () => make(), run, look: looked });
});

const FORMATS = ["safetensors", "npz", "weights.h5"] as const;
it.each(FORMATS)("weights in %s, read back with the optimizer", async (format) => {
  const trained = model();
  await trained.trainOnBatch(X, Y);
  const bytes = await saveWeights(trained, { format });
  await failEach("saveWeights", {
    make: () => trained,
    run: async (of) => (await saveWeights(of, { format })).length,
    look: looked,
  });
  await failEach("loadWeights", {
    make: () => model(),
    run: (of) => loadWeights(of, bytes, { format }).then(() => 0),
    look: looked,
  });
});

it("a .keras file, read back", async () => {
  const trained = model();
  await trained.trainOnBatch(X, Y);
  const bytes = await saveModel(trained, { format: "keras" });
  await failEach("loadModel", {
    make: () => setRandomSeed(2),
    run: async () => looked((await loadModel(bytes, { format: "keras" })) as Sequential),
    look: () => 0,
  });
});

// ---- functions -----------------------------------------------------------------------------------------------------

it.each(PUBLIC_FUNCTIONS)("%s", async (path, call, given) => {
  await failEach(path, {
    make: () => setRandomSeed(3),
    run: () => values(call(...(given?.[0] ?? []))),
    look: () => 0,
  });
});
