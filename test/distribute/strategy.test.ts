/**
 * fit on replicas: the results of one replica, the same bits from run to run, and errors that reach the caller.
 *
 * Over 300 lines: one list of runs.
 */

import { callbacks, losses, optimizers, random, type Sequential, type Values } from "gradstep";
import { MirroredStrategy } from "gradstep/distribute";
import { afterAll, describe, expect, it, vi } from "vitest";
import { branched, COUNT, classifier, distance, FIT, numbers, type Recipe, sampleWeight, x, y } from "./models.js";

/** Started once: what is tested is what they train. */
const strategies = new Map<number, MirroredStrategy>();
const strategyOf = (replicas: number): MirroredStrategy => {
  const known = strategies.get(replicas) ?? new MirroredStrategy({ replicas, verify: true });
  strategies.set(replicas, known);
  return known;
};
afterAll(async () => {
  for (const strategy of strategies.values()) await strategy.close();
});

/** Results of a run. */
interface Left {
  readonly weights: Float32Array;
  readonly history: callbacks.History["history"];
  readonly iterations: number | undefined;
  readonly state: number[][] | undefined;
  readonly drawn: number;
}

type Train = (model: Sequential) => Promise<callbacks.History>;

async function run(recipe: Recipe, train: Train): Promise<Left> {
  const model = classifier(recipe);
  const { history } = await train(model);
  const { optimizer } = model;
  const state = optimizer?.getWeights().map(({ data }) => [...data]);
  return {
    weights: numbers(model),
    history,
    iterations: optimizer?.iterations,
    state,
    drawn: random.uniform([1]).item(),
  };
}

/** Trains alone, and twice on replicas. */
async function compared(replicas: number, recipe: Recipe, train: Train = (model) => model.fit(x, y, FIT), digits = 5) {
  const alone = await run(recipe, train);
  const distribute = strategyOf(replicas);
  const first = await run({ ...recipe, distribute }, train);
  const second = await run({ ...recipe, distribute }, train);
  expect(second).toEqual(first);
  expect(first.iterations).toBe(alone.iterations);
  expect(first.drawn).toBe(alone.drawn);
  expect(Object.keys(first.history)).toEqual(Object.keys(alone.history));
  for (const [name, values] of Object.entries(alone.history)) {
    values.forEach((value, epoch) => {
      expect(first.history[name]?.[epoch]).toBeCloseTo(value as number, digits);
    });
  }
  return { alone, replicated: first };
}

/** Whatever has no argument that must be given. */
const NAMES = Object.values(optimizers)
  .filter((made) => typeof made === "function" && made.prototype instanceof optimizers.Optimizer)
  .map((made) => (made as typeof optimizers.Optimizer).className)
  // They need inner optimizers: a loss scale is below, the others are trained on replicas in test/worker/multipliers.test.ts.
  .filter((name) => !/^(LossScaleOptimizer|MultiOptimizer|LBFGS|Lookahead|SAM|ScheduleFree|SWA)$/.test(name));

/** Float32 sums in another order, over some steps. */
const TOLERANCE = 2e-5;

describe("fit on replicas is fit on one", () => {
  it.each([1, 2, 3, 4])("with %i replicas, twice the same bits", async (replicas) => {
    const { alone, replicated } = await compared(replicas, { dropout: true, regularized: true });
    expect(distance(replicated.weights, alone.weights)).toBeLessThan(replicas === 1 ? 1e-30 : TOLERANCE);
  });

  it("with 4 replicas the same bits, however many workers do their work", async () => {
    const train = async (workers: number) => {
      const distribute = new MirroredStrategy({ replicas: 4, workers, verify: true });
      const left = await run({ dropout: true, normalized: true, distribute }, (model) => model.fit(x, y, FIT));
      await distribute.close();
      return left;
    };
    const four = await train(4);
    for (const workers of [1, 2, 3]) expect(await train(workers)).toEqual(four);
  });

  it("normalizes batches by each replica's own part, as Keras does by default", async () => {
    const { alone, replicated } = await compared(2, { normalized: true }, (model) => model.fit(x, y, FIT), 0);
    expect(distance(replicated.weights, alone.weights)).toBeLessThan(0.5);
  });

  const recipes: [string, Recipe][] = [
    ["a model that its first data build", { built: false, dropout: true }],
    ["clipped sums", { optimizer: new optimizers.Adam({ globalClipnorm: 0.05 }) }],
    [
      "a schedule",
      {
        optimizer: new optimizers.SGD({
          learningRate: new optimizers.schedules.CosineDecay({ initialLearningRate: 0.1, decaySteps: 20 }),
        }),
      },
    ],
    [
      "a plateau of the loss",
      {
        optimizer: new optimizers.SGD({
          learningRate: new optimizers.schedules.ReduceOnPlateau(0.1, { rtol: 0.9, patience: 1, factor: 0.5 }),
        }),
      },
    ],
    [
      "moving averages of the weights",
      { optimizer: new optimizers.SGD({ learningRate: 0.1, useEma: true, emaOverwriteFrequency: 4 }) },
    ],
    ["clipped updates", { optimizer: new optimizers.AdamW({ clipThreshold: 0.5 }) }],
    ["NorMuon", { optimizer: new optimizers.Muon({ polarExpress: true, normuonBeta2: 0.95 }) }],
    ["accumulated gradients", { optimizer: new optimizers.SGD({ learningRate: 0.1, gradientAccumulationSteps: 2 }) }],
    ["a loss scale", { optimizer: new optimizers.LossScaleOptimizer(new optimizers.SGD({ learningRate: 0.1 })) }],
    [
      "summed losses",
      {
        loss: new losses.SparseCategoricalCrossentropy({ reduction: "sum" }),
        optimizer: new optimizers.SGD({ learningRate: 0.001 }),
      },
    ],
    ["a class that is left out", { loss: new losses.SparseCategoricalCrossentropy({ ignoreClass: 1 }) }],
  ];
  it.each(recipes)("with %s", async (_, { optimizer, ...recipe }) => {
    // Each run needs a separate optimizer.
    const config = optimizer === undefined ? undefined : optimizers.serialize(optimizer as optimizers.Optimizer);
    const made = (): Recipe => ({ ...recipe, ...(config === undefined ? {} : { optimizer: config }) });
    const data = recipe.built === false ? rows(0, COUNT) : x;
    const { alone, replicated } = await compared(2, made(), (model) => model.fit(data, y, FIT));
    expect(distance(replicated.weights, alone.weights)).toBeLessThan(TOLERANCE);
  });

  it.each(NAMES)("with %s", async (className) => {
    const train: Train = (model) => model.fit(x, y, { ...FIT, epochs: 2 });
    // SOAP moves the weights by its rate too where gradients have nothing but rounding, unless epsilon is above that.
    const optimizer = className === "SOAP" ? optimizers.serialize(new optimizers.SOAP({ epsilon: 1e-3 })) : className;
    const { alone, replicated } = await compared(2, { optimizer }, train);
    expect(distance(replicated.weights, alone.weights)).toBeLessThan(5e-4);
  });

  const runs: [string, Train][] = [
    ["sample weights", (model) => model.fit(x, y, { ...FIT, sampleWeight })],
    ["class weights", (model) => model.fit(x, y, { ...FIT, classWeight: { 0: 2, 2: 0.5 } })],
    ["validation", (model) => model.fit(x, y, { ...FIT, validationSplit: 0.2, validationFreq: 2 })],
    ["batches of one sample", (model) => model.fit(x, y, { batchSize: 1, epochs: 1, verbose: 0 })],
    ["one batch", (model) => model.fit(x, y, { batchSize: COUNT, epochs: 3, verbose: 0, shuffle: false })],
    ["a list of batches", (model) => model.fit(batches(), undefined, { epochs: 2, verbose: 0 })],
    ["a generator function", (model) => model.fit(() => batches().values(), undefined, { epochs: 2, verbose: 0 })],
    [
      "an asynchronous generator",
      (model) => model.fit(slowly(), undefined, { epochs: 2, stepsPerEpoch: 2, verbose: 0 }),
    ],
    [
      "two fits",
      async (model) => {
        await model.fit(x, y, FIT);
        return model.fit(x, y, { ...FIT, initialEpoch: 2 });
      },
    ],
  ];
  it.each(runs)("with %s", async (_, train) => {
    const { alone, replicated } = await compared(2, { dropout: true }, train);
    expect(distance(replicated.weights, alone.weights)).toBeLessThan(TOLERANCE);
  });

  it("with several inputs and outputs", async () => {
    const train = async (distribute: MirroredStrategy | null) => {
      const model = branched({ distribute });
      const size = Float32Array.from(y, (label) => label / 2);
      const { history } = await model.fit({ left: x, right: x.slice().reverse() }, { kind: y, size }, FIT);
      return { weights: numbers(model), history };
    };
    const [alone, first, second] = [await train(null), await train(strategyOf(3)), await train(strategyOf(3))];
    expect(second).toEqual(first);
    expect(distance(first.weights, alone.weights)).toBeLessThan(TOLERANCE);
    for (const [name, values] of Object.entries(alone.history)) {
      expect(first.history[name]?.at(-1)).toBeCloseTo(values.at(-1) as number, 5);
    }
  });
});

describe("callbacks", () => {
  it("run on this thread, and take effect on all replicas", async () => {
    const train: Train = (model) =>
      model.fit(x, y, {
        ...FIT,
        epochs: 30,
        callbacks: [
          new callbacks.LearningRateScheduler((_, rate) => rate * 0.9),
          new callbacks.EarlyStopping({ monitor: "loss", patience: 1, minDelta: 0.02, restoreBestWeights: true }),
          new Resetting(),
        ],
      });
    const { alone, replicated } = await compared(2, {}, train);
    expect(alone.history.loss?.length).toBeLessThan(30);
    expect(replicated.history.loss?.length).toBe(alone.history.loss?.length);
    expect(distance(replicated.weights, alone.weights)).toBeLessThan(TOLERANCE);
  });

  it("stop training at once, from inside and from outside", async () => {
    const model = classifier({ distribute: strategyOf(2) });
    const stopping = new Stopping();
    const { history } = await model.fit(x, y, { ...FIT, epochs: 1e6, callbacks: [stopping] });
    expect(history.loss).toHaveLength(1);
    expect(model.optimizer?.iterations).toBe(3);
    const running = model.fit(x, y, { ...FIT, epochs: 1e6 });
    setTimeout(() => {
      model.stopTraining = true;
    }, 50);
    await running;
  });

  it("stop it while its workers start", async () => {
    const strategy = new MirroredStrategy({ replicas: 2 });
    const model = classifier({ distribute: strategy });
    const running = model.fit(x, y, { ...FIT, epochs: 1e6 });
    model.stopTraining = true;
    expect((await running).epoch.length).toBeLessThan(1e6);
    await strategy.close();
  });

  it("the progress line is drawn once an epoch, on this thread, and only if requested", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const { process } = globalThis as { process?: { stdout?: { write(text: string): boolean } } };
    const write = process?.stdout && vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    const printed = () => [...(write?.mock.calls ?? []), ...log.mock.calls].map(([text]) => String(text).trim());
    try {
      const model = classifier({ distribute: strategyOf(2) });
      await model.fit(x, y, { ...FIT, epochs: 2, verbose: 0 });
      expect(printed()).toEqual([]);
      await model.fit(x, y, { ...FIT, epochs: 2, verbose: 2 });
      const line = expect.stringMatching(/^5\/5 - \d+s - \d+[mu]?s\/step - accuracy: \d\.\d{4} - loss: \d\.\d{4}$/);
      expect(printed()).toEqual(["Epoch 1/2", line, "Epoch 2/2", line]);
    } finally {
      log.mockRestore();
      write?.mockRestore();
    }
  });

  it("end it by throwing, and by a signal; what was trained stays", async () => {
    const model = classifier({ distribute: strategyOf(2) });
    const before = numbers(model);
    const mine = new Error("enough");
    const throwing = {
      onEpochEnd: () => {
        throw mine;
      },
    };
    await expect(model.fit(x, y, { ...FIT, callbacks: [throwing] })).rejects.toBe(mine);
    expect(model.history?.epoch).toEqual([]);
    expect(distance(numbers(model), before)).toBeGreaterThan(0);
    expect(model.optimizer?.iterations).toBe(5);
    const abort = new AbortController();
    const aborting = { onEpochEnd: () => abort.abort(new Error("stopped by hand")) };
    const signal = { ...FIT, epochs: 1e6, callbacks: [aborting], signal: abort.signal };
    await expect(model.fit(x, y, signal)).rejects.toThrow(
      expect.objectContaining({ name: "Error", message: "stopped by hand" }),
    );
    const late = { onEpochBegin: (epoch: number) => (epoch === 2 ? throwing.onEpochEnd() : undefined) };
    await expect(model.fit(x, y, { ...FIT, epochs: 3, callbacks: [late] })).rejects.toBe(mine);
    expect(model.history?.history.loss).toHaveLength(2);
    await model.fit(x, y, FIT);
  });
});

/** Stops behind the third batch. */
class Stopping extends callbacks.Callback {
  override onTrainBatchEnd(batch: number): void {
    if (batch === 2) this.model.stopTraining = true;
  }
}

/** Sets a weight, now and then. */
class Resetting extends callbacks.Callback {
  override onTrainBatchEnd(batch: number): void {
    if (batch !== 2) return;
    const weights = this.model.getWeights();
    weights.at(-1)?.data.fill(0.125);
    this.model.setWeights(weights);
  }
}

/** Samples, nested. */
function rows(start: number, end: number): number[][] {
  return Array.from({ length: end - start }, (_, i) => [...x.subarray((start + i) * 6, (start + i + 1) * 6)]);
}

function batches(): [Values, Values][] {
  const list: [Values, Values][] = [];
  for (let at = 0; at < COUNT; at += 40) {
    list.push([rows(at, Math.min(COUNT, at + 40)), y.slice(at, at + 40)]);
  }
  return list;
}

async function* slowly(): AsyncGenerator<[Values, Values]> {
  for (;;) {
    for (const batch of batches()) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield batch;
    }
  }
}
