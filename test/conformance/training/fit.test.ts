import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  callbacks,
  type FitOptions,
  layers,
  memoryUse,
  optimizers,
  Sequential,
  setRandomSeed,
  tensor,
  type Variable,
} from "../../../ts/index.js";

const COUNT = 20;
const x = Array.from({ length: COUNT }, (_, i) => [i / COUNT, (i % 5) / 5, 1 - i / COUNT]);
const y = x.map(([a = 0, b = 0]) => [2 * a - b]);

/** A line through the data, with the same weights every time. */
function line(options: { optimizer?: optimizers.Optimizer | string; metrics?: string[] } = {}) {
  const model = new Sequential([new layers.Dense(1, { inputShape: [3], kernelInitializer: "zeros" })]);
  model.compile({
    optimizer: options.optimizer ?? new optimizers.SGD({ learningRate: 0.1 }),
    loss: "mse",
    metrics: options.metrics ?? [],
  });
  return model;
}

const numbers = (weights: readonly Variable[]) => weights.flatMap((weight) => [...weight.array()]);

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

  it("validates when it is told to", async () => {
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
    await expect(run).rejects.toThrow("enough");
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
    expect(new Set(inUse.slice(1)).size).toBe(1);
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

  it("is quiet without a terminal, unless it is told to speak", async () => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
    await trained({});
    expect(lines).toEqual([]);
  });
});

describe("refusals of fit change nothing", () => {
  const refused = async (options: FitOptions, message: RegExp, given: { x?: unknown; y?: unknown } = {}) => {
    const model = line();
    const before = numbers(model.weights);
    const run = model.fit((given.x ?? x) as never, ("y" in given ? given.y : y) as never, options);
    await expect(run).rejects.toThrow(message);
    expect(numbers(model.weights)).toEqual(before);
    expect(model.optimizer?.iterations).toBe(0);
  };

  it("before compile", async () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
    await expect(model.fit(x, y)).rejects.toThrow(/call compile\(\{ optimizer, loss \}\) before fit/);
  });

  it("without a loss", async () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
    model.compile({ optimizer: "sgd" });
    await expect(model.fit(x, y)).rejects.toThrow(/no loss to train for/);
  });

  it("unknown names, with those that are known", () => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
    expect(() => model.compile({ optimizer: "adamm", loss: "mse" })).toThrow(/No optimizer is called "adamm".*adam/i);
    expect(() => model.compile({ losss: "mse" } as never)).toThrow(/does not know "losss"/);
  });

  it("an unknown loss or metric", async () => {
    for (const options of [{ loss: "mze" }, { loss: "mse", metrics: ["accurracy"] }]) {
      const model = new Sequential([new layers.Dense(1, { inputShape: [3] })]);
      const run = async () => {
        model.compile(options);
        await model.fit(x, y);
      };
      await expect(run()).rejects.toThrow(/(mze|accurracy).*(mse|accuracy)/s);
    }
  });

  it("data that do not fit", async () => {
    await refused({}, /"x" must have the shape samples x 3, got 2 x 2/, {
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [1, 2],
    });
    await refused({}, /same number of samples, got 20, 19/, { y: y.slice(1) });
    await refused({}, /there are no samples/, { x: new Float32Array(0), y: new Float32Array(0) });
    await refused({}, /no labels/, { x, y: undefined });
    await refused({}, /no whole number of samples/, { x: new Float32Array(7), y: new Float32Array(2) });
  });

  it("options that nobody knows, or that make no sense", async () => {
    await refused({ epoch: 3 } as never, /fit does not know "epoch"/);
    await refused({ batchSize: 0 }, /"batchSize" must be a whole number, 1 or above/);
    await refused({ validationSplit: 1 }, /"validationSplit" must be from 0 to below 1/);
    await refused({ validationSplit: 0.999 }, /leaves none on one side/);
    await refused({ verbose: 3 as never }, /"verbose" must be 0, 1, 2 or "auto"/);
    await refused({ classWeight: { 0: 1 }, sampleWeight: new Float32Array(COUNT) }, /cannot be used together/);
    await refused({ callbacks: [3 as never] }, /callbacks/);
  });

  it("a second fit while one runs", async () => {
    const model = line();
    const run = model.fit(x, y, { epochs: 2000, batchSize: 1 });
    await expect(model.fit(x, y)).rejects.toThrow(/fit cannot start while fit runs/);
    expect(() => model.compile({ loss: "mse" })).toThrow(/compile cannot start while fit runs/);
    model.stopTraining = true;
    await run;
  });

  it("a generator that is used up", async () => {
    function* once() {
      yield [x, y] as const;
    }
    await expect(line().fit(once(), undefined, { epochs: 2 })).rejects.toThrow(/used up.*function/);
  });
});

describe("callbacks", () => {
  it("are called in Keras's order, promises are waited for", async () => {
    const seen: string[] = [];
    class Log extends callbacks.Callback {
      override onTrainBegin = () => void seen.push("train begin");
      override onEpochBegin = (epoch: number) => void seen.push(`epoch ${epoch} begin`);
      override onTrainBatchBegin = (batch: number) => void seen.push(`batch ${batch} begin`);
      override async onTrainBatchEnd(batch: number) {
        await Promise.resolve();
        seen.push(`batch ${batch} end`);
      }
      override onTestBegin = () => void seen.push("test begin");
      override onTestEnd = () => void seen.push("test end");
      override async onEpochEnd(epoch: number, logs: callbacks.Logs) {
        await Promise.resolve();
        seen.push(`epoch ${epoch} end: ${Object.keys(logs)}`);
      }
      override onTrainEnd = () => void seen.push("train end");
    }
    await line().fit(x, y, { batchSize: 8, validationSplit: 0.2, callbacks: [new Log()] });
    expect(seen).toEqual([
      "train begin",
      "epoch 0 begin",
      "batch 0 begin",
      "batch 0 end",
      "batch 1 begin",
      "batch 1 end",
      "test begin",
      "test end",
      "epoch 0 end: loss,val_loss",
      "train end",
    ]);
  });

  it("EarlyStopping stops, and goes back to the best weights", async () => {
    const model = line({ optimizer: new optimizers.SGD({ learningRate: 5 }) }); // diverges
    const stopping = new callbacks.EarlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true });
    const history = await model.fit(x, y, { epochs: 10, callbacks: [stopping] });
    expect(history.epoch).toEqual([0, 1, 2]);
    expect([stopping.stoppedEpoch, stopping.bestEpoch]).toEqual([2, 0]);
    expect(numbers(model.weights).every((weight) => Math.abs(weight) < 20)).toBe(true);
  });

  it("ReduceLROnPlateau and LearningRateScheduler set the rate", async () => {
    const model = line({ optimizer: new optimizers.SGD({ learningRate: 1 }) });
    const plateau = new callbacks.ReduceLROnPlateau({
      monitor: "loss",
      patience: 1,
      factor: 0.5,
      minDelta: 1000,
      minLr: 0.2,
    });
    const { history } = await model.fit(x, y, { epochs: 6, callbacks: [plateau] });
    expect(history.learning_rate).toEqual([1, 1, 0.5, 0.25, Math.fround(0.2), Math.fround(0.2)]);
    const scheduler = new callbacks.LearningRateScheduler((epoch, rate) => (epoch < 1 ? 0.5 : rate / 2));
    expect((await model.fit(x, y, { epochs: 3, callbacks: [scheduler] })).history.learning_rate).toEqual([
      0.5, 0.25, 0.125,
    ]);
  });

  it("TerminateOnNaN ends training at bad data", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const model = line();
    const bad = x.map((row, i) => (i === 9 ? [Number.NaN, 0, 0] : row));
    const history = await model.fit(bad, y, {
      batchSize: 4,
      shuffle: false,
      epochs: 5,
      callbacks: [new callbacks.TerminateOnNaN()],
    });
    expect(history.epoch).toEqual([0]);
    expect(model.optimizer?.iterations).toBe(3);
    vi.restoreAllMocks();
  });

  it("ModelCheckpoint keeps weights, CSVLogger writes lines, LambdaCallback calls", async () => {
    const lines: string[] = [];
    const epochs: number[] = [];
    const model = line();
    const best = new callbacks.ModelCheckpoint(null, { monitor: "loss", saveBestOnly: true });
    const each = new callbacks.ModelCheckpoint(({ epoch }) => void epochs.push(epoch));
    const counted = new callbacks.LambdaCallback({ onEpochEnd: (epoch) => void epochs.push(-epoch) });
    await model.fit(x, y, {
      epochs: 2,
      callbacks: [best, each, counted, new callbacks.CSVLogger((line) => lines.push(line))],
    });
    expect(best.last?.epoch).toBe(1);
    expect([...(best.last?.weights[0]?.data ?? [])]).toEqual([...(model.weights[0]?.array() ?? [])]);
    expect(epochs).toEqual([0, -0, 1, -1]);
    expect(lines[0]).toBe("epoch,loss,val_loss");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^1,[\d.]+,NA$/);
  });

  it("ProgressBar draws Keras's line", async () => {
    const drawn: string[] = [];
    let time = 0;
    const bar = new callbacks.ProgressBar(
      { write: (text) => void drawn.push(text), isTTY: true },
      () => (time += 0.06),
    );
    bar.setParams({ verbose: 1, epochs: 2, steps: 3 });
    bar.onTrainBegin();
    bar.onEpochBegin(0);
    for (let batch = 0; batch < 3; batch++) bar.onTrainBatchEnd(batch, { loss: 0.5 / (batch + 1) });
    bar.onEpochEnd(0, { accuracy: 1, loss: 0.0001 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes that colours are made of
    const plain = drawn.map((text) => text.replace(/\u001b\[\d+m/g, ""));
    expect(plain[0]).toBe("Epoch 1/2\n");
    expect(plain[1]).toMatch(/^\r1\/3 ━{20} 0s \d+ms\/step - loss: 0\.5000$/);
    expect(plain.at(-1)).toMatch(/^\r3\/3 ━{20} 0s \d+ms\/step - accuracy: 1\.0000 - loss: 1\.0000e-04 *\n$/);
  });
});
