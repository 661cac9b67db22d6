/**
 * Forms of numbers: every typed array, booleans, big integers, images, lists of rows; and the forms in which they are
 * returned. Right values by hand.
 */

import { describe, expect, it } from "vitest";
import { Adam, layers, losses, metrics, ops, Sequential, SGD, type Tensor, tensor, Variable } from "../../ts/index.js";

/** Every typed array that the engine has, with 0, 1, 2, 3. */
function everyArray(): [string, never][] {
  const classes: [string, unknown][] = [
    Float32Array,
    Float64Array,
    Int8Array,
    Int16Array,
    Int32Array,
    Uint8Array,
    Uint8ClampedArray,
    Uint16Array,
    Uint32Array,
  ].map((Made) => [Made.name, Made.from([0, 1, 2, 3])]);
  classes.push(["BigInt64Array", BigInt64Array.from([0n, 1n, 2n, 3n])]);
  classes.push(["BigUint64Array", BigUint64Array.from([0n, 1n, 2n, 3n])]);
  const { Float16Array } = globalThis as { Float16Array?: { from(values: number[]): unknown } };
  if (Float16Array !== undefined) classes.push(["Float16Array", Float16Array.from([0, 1, 2, 3])]);
  return classes as [string, never][];
}

/** An `ImageData`, which only browsers have: the same properties. */
function picture(width: number, height: number, first = 0) {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => first + i);
  return typeof ImageData === "function" ? new ImageData(data, width, height) : { data, width, height };
}

function line(): Sequential {
  const model = new Sequential([new layers.Dense(1, { inputShape: [2], kernelInitializer: "ones", useBias: false })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.125 }), loss: "mse" });
  return model;
}

describe.each(everyArray())("a %s", (_name, array) => {
  it("becomes a tensor, a variable, and what is assigned", () => {
    expect(Array.from(tensor(array, [2, 2]).array())).toEqual([0, 1, 2, 3]);
    const variable = new Variable(array, { shape: [2, 2] });
    expect(variable.toArray()).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(variable.assignAdd(array).toArray()).toEqual([
      [0, 2],
      [4, 6],
    ]);
    expect(variable.assignSub(array).assign(array).toArray()).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(Array.from(tensor([1, 1, 1, 1]).assign(array).array())).toEqual([0, 1, 2, 3]);
    expect(Array.from(tensor(array, undefined, "int32").array())).toEqual([0, 1, 2, 3]);
  });

  it("is an operand, a label, a gradient and a weight", () => {
    expect(Array.from(ops.add(array, 1).array())).toEqual([1, 2, 3, 4]);
    expect(ops.oneHot(array, 4).toArray()).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ]);
    const loss = losses.sparseCategoricalCrossentropy(array, [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ]);
    for (const value of loss.array()) expect(value).toBeCloseTo(0, 5);
    const mean = new metrics.Mean();
    mean.updateState(array);
    expect(Number(mean.result())).toBe(1.5);
    const variable = new Variable([4, 4, 4, 4]);
    const optimizer = new SGD({ learningRate: 1 });
    optimizer.applyGradients([[array, variable]]);
    expect(variable.toArray()).toEqual([4, 3, 2, 1]);
    const dense = new layers.Dense(2, { useBias: false });
    dense.build([null, 2]);
    dense.setWeights([{ data: array, shape: [2, 2], dtype: "float32" }]);
    expect(dense.kernel?.toArray()).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("is data and labels of fit, evaluate and predict, flat and in rows", async () => {
    const model = line();
    expect((await model.predict(array)).toArray()).toEqual([[1], [5]]);
    expect((await model.predict([array, array].map((row) => (row as Float32Array).subarray(1, 3)))).toArray()).toEqual([
      [3],
      [3],
    ]);
    expect(await model.evaluate(array, [1, 5], { verbose: 0 })).toBe(0);
    const labels = (array as Float32Array).subarray(0, 2);
    await model.fit(array, labels, { epochs: 1, batchSize: 2, shuffle: false, verbose: 0 });
    // Errors 1 - 0 and 5 - 1; gradients (1 x [0, 1] + 4 x [2, 3]) x 2 / 2.
    expect(model.layers[0]?.weights[0]?.array()).toEqual(Float32Array.of(1 - 0.125 * 8, 1 - 0.125 * 13));
  });
});

describe("other forms", () => {
  it("booleans and big integers count as numbers, and mix with typed rows", () => {
    expect(tensor([true, false]).toArray()).toEqual([1, 0]);
    expect(tensor([[1n, 2], Uint8Array.of(3, 4), tensor([5, 6])] as never).toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(tensor([tensor([[1, 2]]), [[3, 4]]]).shape).toEqual([2, 1, 2]);
    expect(tensor([tensor(1), new Variable(2)] as never).toArray()).toEqual([1, 2]);
  });

  it("a tensor makes a tensor, of its type", () => {
    const whole: Tensor<"int32"> = tensor(tensor(Int32Array.of(7)));
    expect([whole.dtype, whole.toArray()]).toEqual(["int32", [7]]);
  });

  it("values that would lose information are refused, with nothing written", () => {
    const variable = new Variable([1, 2], { name: "v" });
    expect(() => variable.assign(BigInt64Array.of(1n, 2n ** 60n))).toThrow(
      'Variable "v": big integers must be within 2^53, got 1152921504606846976 at index 1.',
    );
    expect(() => variable.assignAdd([1])).toThrow('Variable "v": expected 2 values, got 1 value.');
    expect(() => tensor(Float64Array.of(1, 2.5), undefined, "int32")).toThrow(
      "tensor: an int32 holds whole numbers, got 2.5 at index 1.",
    );
    expect(() => tensor(Uint32Array.of(2 ** 31), undefined, "int32")).toThrow(
      "tensor: an int32 holds whole numbers, got 2147483648 at index 0.",
    );
    expect(() => tensor(new ArrayBuffer(8) as never)).toThrow(
      "tensor: expected numbers (a typed array, a tensor, or nested lists), got an object (ArrayBuffer). Give its bytes a type: new Float32Array(buffer).",
    );
    expect(() => tensor([Uint8Array.of(1, 2), [3]])).toThrow("nested arrays must have the same length");
    expect(variable.toArray()).toEqual([1, 2]);
  });

  it("a list of tensors is not an operand: its gradient would be lost silently", () => {
    const [x, y] = [new Variable([1, 2]), tensor([3, 4])];
    expect(() => ops.add([x, y] as never, 1)).toThrow(
      "add: a tensor in a list would have no gradient. Join tensors first: ops.stack(list).",
    );
    expect(ops.add(ops.stack([x, y]), 1).toArray()).toEqual([
      [2, 3],
      [4, 5],
    ]);
  });

  it("pictures are one sample each, without alpha where the model has 3 channels", async () => {
    expect(tensor(picture(2, 1)).toArray()).toEqual([
      [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
      ],
    ]);
    const flat = (channels: number) => new Sequential([new layers.Flatten({ inputShape: [1, 2, channels] })]);
    const one = (await flat(4).predict(picture(2, 1))) as Tensor;
    expect(one.toArray()).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
    const two = (await flat(3).predict([picture(2, 1), picture(2, 1, 10)] as never)) as Tensor;
    expect(two.toArray()).toEqual([
      [0, 1, 2, 4, 5, 6],
      [10, 11, 12, 14, 15, 16],
    ]);
    // An array that is not a picture keeps its four channels: it does not fit.
    await expect(flat(3).predict(tensor(picture(2, 1)) as never)).rejects.toThrow("must have the shape");
  });

  it("takes the batches of TensorFlow.js: { xs, ys }", async () => {
    const [xs, ys] = [
      [
        [1, 0],
        [0, 1],
      ],
      [[1], [1]],
    ];
    const fits = [
      { data: { xs, ys } },
      { data: [{ xs, ys }] },
      { data: () => [{ xs, ys }] },
      {
        data: async function* () {
          yield { xs: tensor(xs), ys: tensor(ys) };
        },
      },
    ];
    for (const { data } of fits) {
      const model = line();
      const { history } = await model.fit(data as never, undefined, { verbose: 0 });
      expect(history.loss).toEqual([0]);
      expect(await model.evaluate(data as never, undefined, { verbose: 0 })).toBe(0);
    }
    for (const count of [2, 3]) {
      const validationData = Array.from({ length: count }, () => ({ xs, ys }));
      const { history } = await line().fit(xs, ys, { validationData: validationData as never, verbose: 0 });
      expect(history.val_loss).toEqual([0]);
    }
    const made = await line().predict((() => [{ xs, ys }]) as never);
    expect((made as Tensor).toArray()).toEqual([[1], [1]]);
  });

  it("cuts flat one-hot labels to the output's shape, and only those", async () => {
    const model = new Sequential([
      new layers.Dense(3, { inputShape: [1], activation: "softmax", kernelInitializer: "zeros" }),
    ]);
    model.compile({ optimizer: "sgd", loss: "categorical_crossentropy", metrics: ["accuracy"] });
    const flat = Float32Array.of(1, 0, 0, 0, 1, 0);
    const nested = [
      [1, 0, 0],
      [0, 1, 0],
    ];
    const [asFlat, asNested] = [await model.evaluate([[1], [2]], flat), await model.evaluate([[1], [2]], nested)];
    expect(asFlat).toEqual(asNested);
    await expect(model.evaluate([[1], [2]], flat.subarray(0, 4))).rejects.toThrow("number of samples");
  });

  it("weights and state survive JSON.stringify", () => {
    const adam = new Adam({ learningRate: 0.1 });
    const w = new Variable([1, 2]);
    adam.applyGradients([[[0.1, 0.3], w]]);
    const again = new Adam({ learningRate: 0.1 });
    const copy = new Variable(w);
    again.build([copy]);
    again.setWeights(JSON.parse(JSON.stringify(adam.getWeights())));
    adam.applyGradients([[[0.2, -0.3], w]]);
    again.applyGradients([[[0.2, -0.3], copy]]);
    expect(copy.array()).toEqual(w.array());
    const model = line();
    model.setWeights(
      JSON.parse(JSON.stringify([{ data: Float32Array.of(0.1, 1e-30), shape: [2, 1], dtype: "float32" }])),
    );
    expect(model.layers[0]?.weights[0]?.array()).toEqual(Float32Array.of(0.1, 1e-30));
    const lost = JSON.parse(
      JSON.stringify([{ data: Float32Array.of(1, Number.NaN), shape: [2, 1], dtype: "float32" }]),
    );
    expect(() => model.setWeights(lost)).toThrow("JSON has no NaN or Infinity");
  });
});
