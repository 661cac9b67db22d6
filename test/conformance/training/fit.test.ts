import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type FitOptions,
  layers,
  memoryUse,
  optimizers,
  Sequential,
  setRandomSeed,
  tensor,
} from "../../../ts/index.js";
import { COUNT, line, numbers, x, y } from "../../support/regression-line.js";

async function trained(options: FitOptions, given: { x?: unknown; y?: unknown } = {}) {
  const model = line();
  const history = await model.fit((given.x ?? x) as never, ("x" in given ? given.y : y) as never, options);
  const { loss, val_loss } = history.history;
  return { weights: numbers(model.weights), loss, val_loss };
}

describe("fit", () => {
  beforeEach(() => setRandomSeed(7));
  afterEach(() => vi.restoreAllMocks());

  it("takes nested numbers, typed arrays and tensors for the same data", async () => {
    const options = { epochs: 3, batchSize: 8, shuffle: false };
    const expected = await trained(options);
    const flat = Float32Array.from(x.flat());
    expect(await trained(options, { x: flat, y: Float32Array.from(y.flat()) })).toEqual(expected);
    expect(await trained(options, { x: tensor(flat, [COUNT, 3]), y: tensor(y) })).toEqual(expected);
  });

  it("takes batches from lists, functions, generators and asynchronous iterables", async () => {
    const expected = await trained({ epochs: 2, batchSize: 8, shuffle: false });
    const batches = [0, 8, 16].map((at) => [x.slice(at, at + 8), y.slice(at, at + 8)] as const);
    async function* streamed() {
      for (const batch of batches) yield await Promise.resolve(batch);
    }
    function* twice() {
      yield* batches;
      yield* batches;
    }
    const options = { epochs: 2 };
    expect(await trained(options, { x: batches, y: undefined })).toEqual(expected);
    expect(await trained(options, { x: () => batches, y: undefined })).toEqual(expected);
    expect(await trained(options, { x: streamed, y: undefined })).toEqual(expected);
    expect(await trained({ ...options, stepsPerEpoch: 3 }, { x: twice(), y: undefined })).toEqual(expected);
  });

  it("shuffles from the seed, a new order in each epoch", async () => {
    setRandomSeed(3);
    const first = await trained({ epochs: 2, batchSize: 4 });
    setRandomSeed(3);
    expect(await trained({ epochs: 2, batchSize: 4 })).toEqual(first);
    setRandomSeed(4);
    expect((await trained({ epochs: 2, batchSize: 4 })).weights).not.toEqual(first.weights);
  });

  it("weighs the loss of a short batch by its size", async () => {
    const model = line({ optimizer: new optimizers.SGD({ learningRate: 0 }) });
    const { history } = await model.fit(x, y, { batchSize: 16 });
    expect(history.loss?.[0]).toBeCloseTo((await model.evaluate(x, y)) as number, 6);
  });

  it("makes one batch of fewer samples than a batch has", async () => {
    const model = line();
    await model.fit(x, y, { batchSize: 1000, epochs: 2 });
    expect(model.optimizer?.iterations).toBe(2);
  });

  it("keeps the last part for validation, before shuffling", async () => {
    const split = await trained({ epochs: 2, batchSize: 8, shuffle: false, validationSplit: 0.25 });
    const whole = await trained(
      { epochs: 2, batchSize: 8, shuffle: false, validationData: [x.slice(15), y.slice(15)] },
      { x: x.slice(0, 15), y: y.slice(0, 15) },
    );
    expect(split).toEqual(whole);
    expect(split.val_loss).toHaveLength(2);
  });

  it("validates in the epochs of validationFreq", async () => {
    const { val_loss, loss } = await trained({ epochs: 4, validationSplit: 0.2, validationFreq: 2 });
    expect([loss?.length, val_loss?.length]).toEqual([4, 2]);
    expect((await trained({ epochs: 3, validationSplit: 0.2, validationFreq: [3] })).val_loss).toHaveLength(1);
  });

  it("weighs samples, and classes as their samples", async () => {
    const classes = Int32Array.from(x, (_, i) => i % 2);
    const build = () => {
      const model = new Sequential([
        new layers.Dense(2, { inputShape: [3], kernelInitializer: "zeros", activation: "softmax" }),
      ]);
      model.compile({ optimizer: new optimizers.SGD({ learningRate: 0.1 }), loss: "sparse_categorical_crossentropy" });
      return model;
    };
    const options = { epochs: 2, shuffle: false, batchSize: 8 };
    const [byClass, bySample, plain] = [build(), build(), build()];
    await byClass.fit(x, classes, { ...options, classWeight: { 0: 1, 1: 3 } });
    await bySample.fit(x, classes, { ...options, sampleWeight: Float32Array.from(classes, (label) => 1 + 2 * label) });
    await plain.fit(x, classes, options);
    expect(numbers(byClass.weights)).toEqual(numbers(bySample.weights));
    expect(numbers(byClass.weights)).not.toEqual(numbers(plain.weights));
  });

  it("counts epochs from initialEpoch", async () => {
    const model = line();
    const history = await model.fit(x, y, { initialEpoch: 3, epochs: 5 });
    expect(history.epoch).toEqual([3, 4]);
  });

  it("stops after the batch in which stopTraining is set", async () => {
    const model = line();
    const seen: string[] = [];
    const history = await model.fit(x, y, {
      batchSize: 4,
      epochs: 3,
      callbacks: [
        {
          onTrainBatchEnd(batch) {
            seen.push(`batch ${batch}`);
            if (batch === 1) model.stopTraining = true;
          },
          onEpochEnd: (epoch) => void seen.push(`epoch ${epoch}`),
          onTrainEnd: () => void seen.push("end"),
        },
      ],
    });
    expect(seen).toEqual(["batch 0", "batch 1", "epoch 0", "end"]);
    expect(history.epoch).toEqual([0]);
  });

  it("stops by a signal, with its reason", async () => {
    const model = line();
    const controller = new AbortController();
    const run = model.fit(x, y, {
      batchSize: 4,
      epochs: 100,
      signal: controller.signal,
      callbacks: [
        {
          onTrainBatchEnd(batch) {
            if (batch === 2) controller.abort(new RangeError("enough"));
          },
        },
      ],
    });
    await expect(run).rejects.toThrow(expect.objectContaining({ name: "RangeError", message: "enough" }));
    expect(model.optimizer?.iterations).toBe(3);
    await model.fit(x, y);
    expect(model.optimizer?.iterations).toBe(4);
  });

  it("writes the averaged weights at its end", async () => {
    const optimizer = new optimizers.SGD({ learningRate: 0.1, useEma: true, emaMomentum: 0.5 });
    const model = line({ optimizer });
    await model.fit(x, y, { epochs: 2, shuffle: false });
    const averages = optimizer.variables.filter(({ path }) => path.endsWith("_average"));
    expect(numbers(model.weights)).toEqual(averages.flatMap((average) => [...average.array()]));
  });

  it("allocates nothing from the second epoch on", async () => {
    const model = line({ metrics: ["mae"] });
    const inUse: number[] = [];
    await model.fit(x, y, {
      epochs: 6,
      batchSize: 8,
      validationSplit: 0.2,
      callbacks: [{ onEpochEnd: () => void inUse.push(memoryUse().inUse) }],
    });
    // Less is fine: the garbage collector may free what earlier tests dropped.
    const [, first = 0, ...later] = inUse;
    expect(later).toHaveLength(4);
    expect(Math.max(...later)).toBeLessThanOrEqual(first);
  });

  it("lets the event loop run", async () => {
    const model = line();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    try {
      await model.fit(x, y, {
        epochs: 100_000,
        batchSize: 20,
        callbacks: [
          {
            onEpochEnd() {
              if (turns > 3) model.stopTraining = true;
            },
          },
        ],
      });
    } finally {
      clearInterval(timer);
    }
    expect(turns).toBeGreaterThan(3);
  });

  it("prints nothing without a terminal, unless verbose is set", async () => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
    await trained({});
    expect(lines).toEqual([]);
  });
});
