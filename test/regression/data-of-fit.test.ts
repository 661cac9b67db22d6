/**
 * Data of `fit`: forms, class weights, steps per epoch, checks before the first step.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import { type DataInput, type GivenBatch, Input, layers, Model, Sequential, SGD, tensor } from "../../ts/index.js";
import { close, linear, QUIET } from "../support/linear-fit.js";

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
    ["batches of typed arrays", [1, 2].map((x) => [Float32Array.of(x, x), Float32Array.of(3 * x, 3 * x)])],
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
    expect(
      await sums([
        [1, 0],
        [1, 1],
      ]),
    ).toBe(3); // one for each: .5 and 2.5
  });
});

it("typed arrays of any length are samples or a batch by their number", async () => {
  const model = new Sequential([
    new layers.Embedding(9, 2, { inputShape: [null], embeddingsInitializer: "ones" }),
    new layers.GlobalAveragePooling1D(),
    new layers.Dense(1, { kernelInitializer: "zeros" }),
  ]);
  model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "mse" });
  const row = () => Int32Array.of(1, 2);
  const valLoss = async (x: unknown, y: readonly number[]) =>
    (await model.fit([[1, 2]], [[1]], { ...QUIET, validationData: [x, y.map((label) => [label])] as never })).history
      .val_loss;
  expect(await valLoss([row()], [1])).toEqual([1]);
  expect(await valLoss([row(), row(), row(), row()], [1, 2, 3, 4])).toEqual([7.5]);
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

  it.each<[string, (row: number[]) => DataInput]>([
    ["Float32Arrays", (row) => Float32Array.from(row)],
    ["Float64Arrays", (row) => Float64Array.from(row)],
    ["tensors", (row) => tensor(row)],
    ["lists", (row) => row],
  ])("samples in %s, of any number", async (_, make) => {
    const model = new Sequential([new layers.Dense(1, { inputShape: [2], kernelInitializer: "ones" })]);
    const samples = [1, 3, 5, 7].map((first) => make([first, first + 1]));
    for (const count of [1, 2, 3, 4]) {
      const output = await model.predict([0].map(() => samples.slice(0, count)).values() as never, { verbose: 0 });
      expect([...output.array()]).toEqual([3, 7, 11, 15].slice(0, count));
    }
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
    expect(warn.mock.calls).toEqual([['fit: "classWeight" has a weight for class 3, but no label has that class.']]);
  });
});
