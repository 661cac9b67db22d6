/**
 * How the data of `fit` are read: forms, class weights, steps of an epoch, checks before the first step.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type DataInput,
  type GivenBatch,
  Input,
  layers,
  losses,
  Model,
  ops,
  random,
  Sequential,
  SGD,
  setRandomSeed,
  type Tensor,
  tensor,
} from "../../ts/index.js";
import { thrown } from "../support/refusal.js";

function linear(rate = 0, inputShape: number[] | undefined = [1]) {
  const model = new Sequential([
    new layers.Dense(1, { ...(inputShape ? { inputShape } : {}), kernelInitializer: "zeros", useBias: false }),
  ]);
  model.compile({ optimizer: new SGD({ learningRate: rate }), loss: "mse" });
  return model;
}

const QUIET = { verbose: 0, shuffle: false } as const;
const close = (got: readonly unknown[] | undefined, wanted: readonly number[], tolerance = 1e-4) => {
  expect(got?.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs((got?.[i] as number) - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value)));
  });
};

afterEach(() => vi.restoreAllMocks());

describe("validationData by the rank of the input", () => {
  it.each([
    ["two samples", [[1], [2]], [[3], [6]], 22.5],
    ["three samples", [[1], [2], [3]], [[3], [6], [9]], 42],
    ["three flat samples", [1, 2, 3], [3, 6, 9], 42],
    ["typed arrays", new Float32Array([1, 2]), new Float32Array([3, 6]), 22.5],
  ])("%s are a pair", async (_, x, y, expected) => {
    for (const shape of [[1], undefined]) {
      const { history } = await linear(0, shape).fit([[1]], [[1]], { ...QUIET, validationData: [x, y] as never });
      expect(history.val_loss).toEqual([expected]);
    }
  });

  it.each([
    [
      "two batches",
      [
        [[[1]], [[3]]],
        [[[2]], [[6]]],
      ],
    ],
    ["batches of typed arrays", [1, 2].map((x) => [Float32Array.of(x), Float32Array.of(3 * x)])],
    ["batches of tensors", [1, 2].map((x) => [tensor([[x]]), tensor([[3 * x]])])],
  ])("%s are batches", async (_, validationData) => {
    const { history } = await linear().fit([[1]], [[1]], { ...QUIET, validationData: validationData as never });
    expect(history.val_loss).toEqual([22.5]);
  });

  it("is weighted: three lists of three", async () => {
    const validationData = [
      [[1], [2], [3]],
      [[3], [6], [9]],
      [1, 0, 0],
    ] as never;
    const { history } = await linear().fit([[1]], [[1]], { ...QUIET, validationData });
    expect(history.val_loss).toEqual([3]);
  });

  it("of two inputs", async () => {
    const inputs = [Input({ shape: [1] }), Input({ shape: [1] })];
    const outputs = new layers.Add().apply(inputs);
    const model = new Model({ inputs, outputs });
    model.compile({ optimizer: "sgd", loss: "mse" });
    const x = [
      [[1], [2]],
      [[1], [2]],
    ];
    // Errors 1 and 2.
    const validationData = [x, [[3], [6]]] as never;
    const { history } = await model.fit(x, [[2], [4]], { ...QUIET, validationData });
    expect(history.val_loss).toEqual([2.5]);
    const named = await model.fit(x, [[2], [4]], {
      ...QUIET,
      validationData: [
        [x, [[3], [6]]],
        [x, [[2], [4]]],
      ] as never,
    });
    expect(named.history.val_loss).toEqual([1.25]);
    for (const odd of [[x[0]], [...x, x[0]]]) {
      await expect(model.fit(odd as never, [[2], [4]], QUIET)).rejects.toMatchObject({
        code: "ERR_SHAPE",
        message: expect.stringContaining(`list of 2 arrays`),
      });
    }
  });

  it("weights of two outputs, by the number of samples", async () => {
    const input = Input({ shape: [1] });
    const model = new Model({
      inputs: input,
      outputs: [1, 2].map((i) => new layers.Dense(1, { name: `o${i}`, kernelInitializer: "zeros" }).apply(input)),
    });
    model.compile({ optimizer: "sgd", loss: "mse" });
    const x = [[1], [1]];
    const y = [
      [[1], [2]],
      [[1], [2]],
    ];
    const sums = async (sampleWeight: unknown) =>
      (await model.evaluate(x, y, { verbose: 0, sampleWeight: sampleWeight as never, returnDict: true })).loss;
    expect(await sums([[1], [0]])).toBe(1); // a column, for both: .5 each
    expect(
      await sums([
        [1, 0],
        [0, 1],
      ]),
    ).toBe(2.5); // one for each: .5 and 2
  });
});

describe("predict of an iterable", () => {
  const batches = {
    nested: [[[1], [2]], [[3]]],
    flat: [[1, 2], [3]],
    "typed arrays": [Float32Array.of(1, 2), Float32Array.of(3)],
    tensors: [tensor([[1], [2]]), tensor([[3]])],
    tuples: [[[[1], [2]]], [[[3]], [[9]]]],
    "tuples of typed arrays": [[Float32Array.of(1, 2)], [Float32Array.of(3), Float32Array.of(9)]],
  };
  it.each(Object.entries(batches))("%s", async (_, list) => {
    const model = linear();
    model.setWeights([[[2]]]);
    const given = function* (): Generator<GivenBatch | DataInput> {
      yield* list as Iterable<DataInput>;
    };
    const output = await model.predict(given, { verbose: 0 });
    expect([...output.array()]).toEqual([2, 4, 6]);
    expect(output.shape).toEqual([3, 1]);
  });
});

describe("classWeight", () => {
  const uniform = (steps: number, classes: number) => {
    const model = new Sequential([
      new layers.Dense(classes, { inputShape: [steps, 1], kernelInitializer: "zeros", activation: "softmax" }),
    ]);
    model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "sparse_categorical_crossentropy" });
    return model;
  };

  it.each([
    [{ 4: 7 }, 4.0236],
    [{ 0: 7 }, 8.8519],
    [new Map([[4, 7]]), 4.0236],
  ])("weighs each step by its label: %j", async (classWeight, expected) => {
    const x = [[[1], [1], [1], [1]]];
    for (const y of [[[4, 0, 0, 0]], [[[4], [0], [0], [0]]]]) {
      close((await uniform(4, 5).fit(x, y, { ...QUIET, classWeight })).history.loss, [expected]);
      close([await uniform(4, 5).trainOnBatch(x, y, { classWeight })], [expected]);
    }
  });

  it("weighs one-hot steps by their class, and binary ones", async () => {
    const model = uniform(2, 2);
    model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "categorical_crossentropy" });
    const x = [[[1], [1]]];
    // ln 2 times (3 + 1) / 2
    close(
      (
        await model.fit(
          x,
          [
            [
              [0, 1],
              [1, 0],
            ],
          ],
          { ...QUIET, classWeight: { 1: 3 } },
        )
      ).history.loss,
      [1.38629],
    );
    const binary = new Sequential([
      new layers.Dense(1, { inputShape: [2, 1], kernelInitializer: "zeros", activation: "sigmoid" }),
    ]);
    binary.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "binary_crossentropy" });
    for (const y of [[[0, 1]], [[[0], [1]]]]) {
      close((await binary.fit(x, y, { ...QUIET, classWeight: { 1: 3 } })).history.loss, [1.38629]);
    }
  });

  it("does not weigh validation", async () => {
    const { history } = await linear().fit([[1], [1], [1], [1]], [0, 1, 0, 1], {
      ...QUIET,
      validationSplit: 0.5,
      classWeight: { 0: 1, 1: 10 },
    });
    expect(history).toEqual({ loss: [5], val_loss: [0.5] });
  });

  it.each([
    [{ a: 1 }],
    [{ 1.5: 1 }],
    [new Map([["x", 1]])],
    [{ "01": 1 }],
    [{ "1e0": 1 }],
    [{ "0x1": 1 }],
    [{ " 1": 1 }],
    [Object.create({ 1: 2 })],
    [new Date()],
    [[1, 2]],
    [
      new Map<unknown, number>([
        [1, 1],
        ["1", 2],
      ]),
    ],
    [{ 0: -1 }],
    [{ 0: Number.NaN }],
    [5],
  ])("refuses %o", async (classWeight) => {
    const refused = linear().fit([[1]], [0], { ...QUIET, classWeight: classWeight as never });
    await expect(refused).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_OPTION/) });
  });

  it("warns of a class that no label has", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await linear().fit([[1], [1]], [0, 1], { ...QUIET, epochs: 2, classWeight: { 0: 1, 1: 2, 3: 4 } });
    expect(warn.mock.calls).toEqual([['fit: "classWeight" has a weight for class 3, but no label is of it.']]);
  });
});

describe("stepsPerEpoch", () => {
  const x = [[1], [2], [3], [4]];

  // Numbers of real Keras 3.15.1.
  it("goes on where the last epoch ended", async () => {
    const { history } = await linear(0.1).fit(x, x, { ...QUIET, batchSize: 1, stepsPerEpoch: 2, epochs: 3 });
    close(history.loss, [1.7800001, 0.246272, 0.1411515], 1e-6);
    const list = x.map((row) => [[row], [row]] as const);
    const ofList = await linear(0.1).fit(list, undefined, { ...QUIET, stepsPerEpoch: 2, epochs: 3 });
    expect(ofList.history).toEqual(history);
  });

  const taken = async (steps: number, epochs: number, given: object = {}) => {
    const seen: number[][] = [];
    const model = linear();
    let epoch: number[] = [];
    await model.fit(x, x, {
      ...QUIET,
      batchSize: 1,
      stepsPerEpoch: steps,
      epochs,
      ...given,
      callbacks: [
        {
          onEpochBegin: () => {
            epoch = [];
            seen.push(epoch);
          },
          onTrainBatchEnd: (_, logs) => void epoch.push(logs.loss as number),
        },
      ],
    });
    // Running means of the squares: back to the samples.
    return seen.map((means) => means.map((mean, i) => Math.round(Math.sqrt(mean * (i + 1) - (means[i - 1] ?? 0) * i))));
  };

  it("ends an epoch early where the steps do not divide, and begins anew", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    expect(await taken(3, 3)).toEqual([[1, 2, 3], [4], [1, 2, 3]]);
    expect(await taken(6, 2)).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    expect(warn.mock.calls.flat()).toEqual([
      "fit: the data ended after 1 batches, of 3 that were expected.",
      "fit: the data ended after 4 batches, of 6 that were expected.",
    ]);
  });

  it.each([
    [3, 3, [1.2634667, 0.2621441, 0.1001911]],
    [6, 2, [1.013136, 0.0803403]],
  ])("%i steps of 4 batches, %i epochs: Keras's losses", async (stepsPerEpoch, epochs, expected) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const { history } = await linear(0.1).fit(x, x, { ...QUIET, batchSize: 1, stepsPerEpoch, epochs });
    close(history.loss, expected, 1e-6);
  });

  it("validationSteps begins anew, and Keras's batch size is that of all samples in so many steps", async () => {
    const { history } = await linear().fit(x, x, {
      ...QUIET,
      batchSize: 1,
      epochs: 2,
      validationData: [x, x],
      validationSteps: 2,
    });
    expect(history.val_loss).toEqual([2.5, 2.5]);
    const without = await linear(0.01).fit(x, x, { ...QUIET, stepsPerEpoch: 2, epochs: 2 });
    close(without.history.loss, [6.8906246, 3.4980683], 1e-6);
  });

  it("draws a new order each time that the data begin anew", async () => {
    setRandomSeed(3);
    const orders = (await taken(2, 4, { shuffle: true })).flat();
    expect(orders.slice(0, 4).sort()).toEqual([1, 2, 3, 4]);
    expect(orders.slice(4).sort()).toEqual([1, 2, 3, 4]);
  });

  it("makes the batch size, where none is given", async () => {
    const sizes = (options: object) => {
      const ends: number[] = [];
      return linear()
        .fit(new Float32Array(65), new Float32Array(65), {
          ...QUIET,
          ...options,
          callbacks: [{ onTrainBatchEnd: (batch) => void ends.push(batch) }],
        })
        .then(() => ends.length);
    };
    expect(await sizes({})).toBe(3); // 32, 32, 1
    expect(await sizes({ stepsPerEpoch: 5 })).toBe(5); // 13 each
  });
});

describe("arrays are checked before the first step", () => {
  const labels = [0, 1, 2, 3, 0, 1, 2, 9];
  const x = labels.map((i) => [i % 4]);
  const good = labels.map((i) => i % 4);
  const classifier = () => {
    const model = new Sequential([
      new layers.Embedding(4, 3, { inputShape: [1] }),
      new layers.Flatten(),
      new layers.Dense(4, { activation: "softmax" }),
    ]);
    model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
    return model;
  };
  /** With a `call` of its own, it does not tell its output's shape. */
  class Own extends Model {
    table = new layers.Embedding(4, 4);
    flat = new layers.Flatten();
    override call(given: Tensor) {
      return ops.softmax(this.flat.apply(this.table.apply(given)));
    }
  }
  const own = () => {
    const model = new Own();
    model.compile({ optimizer: "adam", loss: new losses.SparseCategoricalCrossentropy() });
    return model;
  };

  const badX = labels.map((i) => [i]);
  it.each<[string, () => Model, readonly unknown[]]>([
    ["labels", classifier, [x, labels]],
    ["labels that are not whole", classifier, [x, labels.map((label) => (label === 9 ? 0.5 : label))]],
    ["labels of a model with its own call", own, [x, labels]],
    ["labels behind validationSplit", classifier, [x, labels, { validationSplit: 0.25 }]],
    ["labels of validationData", classifier, [x, good, { validationData: [x, labels] }]],
    ["labels of validationData, for a model with its own call", own, [x, good, { validationData: [x, labels] }]],
    ["labels in a list of batches", classifier, [labels.map((label, i) => [[x[i]], [label]]), undefined]],
    ["indices", classifier, [badX, good]],
    ["indices of validationData", classifier, [x, good, { validationData: [badX, good] }]],
  ])("%s", async (_, make, [data, y, options]) => {
    const model = make();
    await model.fit(x, good, { ...QUIET, batchSize: 2 });
    const before = [model.getWeights(), model.optimizer?.getWeights(), model.history];
    setRandomSeed(5);
    const calls: string[] = [];
    const refused = model.fit(data as never, y as never, {
      verbose: 0,
      batchSize: 2,
      callbacks: [{ onTrainBatchEnd: () => void calls.push("step") }],
      ...(options as object),
    });
    await expect(refused).rejects.toMatchObject({ code: expect.stringMatching(/ERR_INDEX_RANGE|ERR_VALUES_DTYPE/) });
    expect(calls).toEqual([]);
    expect([model.getWeights(), model.optimizer?.getWeights()]).toEqual(before.slice(0, 2));
    const next = [...random.uniform([2]).array()];
    setRandomSeed(5);
    expect(next).toEqual([...random.uniform([2]).array()]);
  });

  it("says which sample", async () => {
    await expect(classifier().fit(x, labels, QUIET)).rejects.toMatchObject({
      code: "ERR_INDEX_RANGE",
      message: 'fit: "y": label 9 at sample 7 is none of the 4 classes; they are counted from 0 to 3.',
    });
  });

  it("ignores what the loss ignores, and ranges of custom losses", async () => {
    const model = classifier();
    model.compile({ optimizer: "sgd", loss: new losses.SparseCategoricalCrossentropy({ ignoreClass: 9 }) });
    await model.fit(x, labels, QUIET);
    class Even extends losses.Loss {
      override labelRange() {
        return { noun: "label", bound: 2, nouns: "kinds" };
      }
      override call(_: losses.Labels, yPred: losses.Predictions) {
        return ops.mean(yPred, { axis: -1 });
      }
    }
    model.compile({ optimizer: "sgd", loss: new Even() });
    await expect(model.fit(x, labels, QUIET)).rejects.toThrow(
      thrown(
        "ValueError",
        "ERR_INDEX_RANGE",
        'fit: "y": label 2 at sample 2 is none of the 2 kinds; they are counted from 0 to 1.',
      ),
    );
  });
});

it("epochs: 0 trains nothing, and calls the callbacks of the run", async () => {
  const calls: string[] = [];
  const { history, epoch } = await linear(0.1).fit([[1]], [[1]], {
    ...QUIET,
    epochs: 0,
    callbacks: [{ onTrainBegin: () => void calls.push("begin"), onTrainEnd: () => void calls.push("end") }],
  });
  expect([history, epoch, calls]).toEqual([{}, [], ["begin", "end"]]);
});
