import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { GradientTape, memoryUse, ops, type Tensor, tensor, Variable } from "../../ts/index.js";
import { byJax, byTensorFlow, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";
import { refusal } from "../support/refusal.js";

type F32 = Tensor<"float32">;
type Mine = (...inputs: F32[]) => F32;
type Theirs = (...inputs: tf.Tensor[]) => tf.Tensor;

const random = new Random(57);
const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const input = (shape: readonly number[]): Input => ({ data: random.values(sizeOf(shape)), shape });

/** Nothing is computed, so nothing may differ. */
async function expectTensorFlows(shapes: readonly (readonly number[])[], mine: Mine, theirs: Theirs) {
  const inputs = shapes.map(input);
  const y = mine(...inputs.map(({ data, shape }) => tensor(data, shape)));
  const dy = random.values(y.size);
  const expected = theirs(...inputs.map(({ data, shape }) => tf.tensor(data, [...shape])));
  expect(y.shape).toEqual(expected.shape);
  expectSame(ours(mine, inputs, dy), await byTensorFlow(theirs, inputs, dy), 0);
}

describe("transpose", () => {
  it.each([
    [
      [3, 5],
      [1, 0],
    ],
    [
      [40, 33],
      [1, 0],
    ],
    [[5], [0]],
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 1, 3],
    ],
    [
      [2, 3, 4, 5],
      [3, 1, 2, 0],
    ],
    [
      [2, 3, 2, 3, 2],
      [4, 2, 0, 3, 1],
    ],
    [
      [2, 3, 2, 2, 3, 2],
      [5, 2, 0, 3, 1, 4],
    ],
  ])("of %j to the order %j is TensorFlow.js's", async (shape, axes) => {
    await expectTensorFlows(
      [shape],
      (x) => ops.transpose(x as F32, axes),
      (x) => tf.transpose(x as tf.Tensor, axes),
    );
  });

  it("turns all axes round by itself, and counts from behind", () => {
    expect(ops.transpose(tensor(new Float32Array(24), [2, 3, 4])).shape).toEqual([4, 3, 2]);
    expect(ops.transpose([[1, 2]], [-1, 0]).shape).toEqual([2, 1]);
    expect(ops.transpose(7).item()).toBe(7);
  });

  it("refuses orders that name no axis, or one twice", () => {
    const message = 'transpose: "axes" must name each of the 2 axes once, got [0, 0].';
    expect(refusal(() => ops.transpose([[1]], [0, 0])).message).toBe(message);
    expect(() => ops.transpose([[1]], [0])).toThrow(/each of the 2 axes once/);
    expect(() => ops.transpose([[1]], [0, 2])).toThrow(/from -2 to 1/);
  });
});

describe("reshape, expandDims, squeeze", () => {
  const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);

  it("give the same numbers other shapes", () => {
    expect(ops.reshape(x, [3, -1]).shape).toEqual([3, 2]);
    expect(ops.reshape(x, [-1]).shape).toEqual([6]);
    expect(ops.reshape(5, []).shape).toEqual([]);
    expect(ops.expandDims(x, 0).shape).toEqual([1, 2, 3]);
    expect(ops.expandDims(x, -1).shape).toEqual([2, 3, 1]);
    expect(ops.squeeze(ops.reshape(x, [1, 6, 1])).shape).toEqual([6]);
    expect(ops.squeeze(ops.reshape(x, [1, 6, 1]), -1).shape).toEqual([1, 6]);
    expect([...ops.reshape(x, [3, 2]).array()]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("keep whole numbers whole", () => {
    const labels = ops.expandDims(tensor(Int32Array.of(3, 1)), -1);
    expect([labels.dtype, labels.shape]).toEqual(["int32", [2, 1]]);
    expect([...ops.squeeze(labels).array()]).toEqual([3, 1]);
  });

  it("hand gradients through", async () => {
    const theirs: Theirs = (x) => tf.square(tf.reshape(x as tf.Tensor, [4, 3]));
    const inputs = [input([2, 6])];
    const dy = random.values(12);
    const mine: Mine = (x) => ops.square(ops.reshape(x as F32, [4, 3]));
    expectSame(ours(mine, inputs, dy), await byTensorFlow(theirs, inputs, dy), 1e-6);
  });

  it("share the memory of a step, but not that of a tensor of its own", () => {
    const own = tensor([1, 2]);
    const other = ops.reshape(own, [2, 1]);
    own.dispose();
    expect([...other.array()]).toEqual([1, 2]);
    const w = new Variable([3, 4]);
    const tape = new GradientTape();
    const [a, b] = tape.run(() => {
      const a = ops.square(w);
      return [a, ops.reshape(a, [2, 1])] as const;
    });
    expect(b.address).toBe(a.address);
    expect([...(tape.gradient(b, w)?.array() ?? [])]).toEqual([6, 8]);
  });

  it("refuse what does not fit", () => {
    expect(refusal(() => ops.reshape(x, [4, -1])).message).toBe(
      "reshape: 6 values (2 x 3) do not fill the shape [4, -1].",
    );
    expect(() => ops.reshape(x, [-1, -1])).toThrow(/lengths in "shape"/);
    expect(() => ops.squeeze(x, 0)).toThrow("squeeze: axis 0 has length 2, only 1 can go.");
    expect(() => ops.expandDims(x, 3)).toThrow(/from -3 to 2/);
  });
});

describe("slice and pad", () => {
  it.each([
    [[7], [2], [3]],
    [
      [4, 5],
      [1, 0],
      [2, 5],
    ],
    [
      [4, 5, 6],
      [1, 2, 3],
      [3, 2, 3],
    ],
    [
      [2, 3, 4, 5],
      [1, 0, 1, 2],
      [1, 3, 2, 3],
    ],
  ])("a slice of %j from %j is TensorFlow.js's", async (shape, start, lengths) => {
    await expectTensorFlows(
      [shape],
      (x) => ops.slice(x as F32, start, lengths),
      (x) => tf.slice(x as tf.Tensor, start, lengths),
    );
  });

  it.each([
    [[4], [[1, 2]]],
    [
      [2, 3],
      [
        [0, 1],
        [2, 0],
      ],
    ],
    [
      [2, 3, 4, 2],
      [
        [0, 0],
        [1, 1],
        [2, 1],
        [0, 0],
      ],
    ],
  ])("%j padded by %j is TensorFlow.js's", async (shape, widths) => {
    const pairs = widths as [number, number][];
    await expectTensorFlows(
      [shape],
      (x) => ops.pad(x as F32, pairs, 2.5),
      (x) => tf.pad(x as tf.Tensor, pairs, 2.5),
    );
  });

  it("pads all axes alike by one number or pair", () => {
    expect([...ops.pad([5], 1).array()]).toEqual([0, 5, 0]);
    expect(ops.pad([[5]], [1, 2]).shape).toEqual([4, 4]);
  });

  it("refuse what lies outside", () => {
    const x = [
      [1, 2],
      [3, 4],
    ];
    expect(refusal(() => ops.slice(x, [1, 0], [2, 2])).message).toBe(
      "slice: a block of 2 from 1 on does not lie inside axis 0, which has 2.",
    );
    expect(() => ops.slice(x, [0], [1, 1])).toThrow(/"start" must be 2 whole numbers/);
    expect(() => ops.pad(x, [[1, 1]])).toThrow(/must be 2 pairs/);
    expect(() => ops.pad(x, -1)).toThrow(/must be 2 pairs|list of pairs/);
  });
});

describe("concatenate, stack and split", () => {
  it.each([
    [[[3], [2]], 0],
    [
      [
        [2, 3],
        [4, 3],
      ],
      0,
    ],
    [
      [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
      1,
    ],
    [
      [
        [2, 3, 4],
        [2, 5, 4],
      ],
      -2,
    ],
  ])("%j along axis %i are TensorFlow.js's", async (shapes, axis) => {
    await expectTensorFlows(
      shapes,
      (...xs) => ops.concatenate(xs, axis),
      (...xs) => tf.concat(xs, axis < 0 ? axis + 3 : axis),
    );
  });

  it.each([0, 1, 2])("stacks along axis %i as TensorFlow.js", async (axis) => {
    await expectTensorFlows(
      [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      (...xs) => ops.stack(xs, axis),
      (...xs) => tf.stack(xs, axis),
    );
  });

  it("splits into what concatenate puts together", () => {
    const x = tensor(random.values(24), [2, 12]);
    for (const parts of [3, [5], [0, 7, 12]]) {
      const list = ops.split(x, parts, 1);
      expect([...ops.concatenate(list, 1).array()]).toEqual([...x.array()]);
    }
    expect(ops.split(x, 3, 1).map(({ shape }) => shape)).toEqual([
      [2, 4],
      [2, 4],
      [2, 4],
    ]);
    expect(ops.split(x, [5], -1).map(({ shape }) => shape)).toEqual([
      [2, 5],
      [2, 7],
    ]);
  });

  it("a part has a gradient", () => {
    const x = { data: Float32Array.of(1, 2, 3, 4), shape: [4] };
    const { gradients } = ours((x) => ops.split(x as F32, 2)[1] as F32, [x], Float32Array.of(5, 6));
    expect([...(gradients[0] ?? [])]).toEqual([0, 0, 5, 6]);
  });

  it("refuse what does not fit", () => {
    expect(refusal(() => ops.concatenate([[[1, 2]], [[1]]], 0)).message).toBe(
      "concatenate: all axes but axis 0 must have one length; tensor 0 is [1, 2], tensor 1 is [1, 1].",
    );
    expect(() => ops.concatenate([])).toThrow(/one tensor at least/);
    expect(() => ops.stack([[1], [1, 2]])).toThrow(/must have one shape/);
    expect(() => ops.split([1, 2, 3], 2)).toThrow(/does not divide into 2 equal parts/);
    expect(() => ops.split([1, 2, 3], [4])).toThrow(/indices from 0 to 3/);
  });
});

describe("broadcastTo and tile", () => {
  it.each([
    [[3], [2, 3]],
    [[], [2, 2]],
    [
      [2, 1],
      [2, 40],
    ],
    [
      [1, 3, 1],
      [2, 3, 4],
    ],
  ])("%j to %j is jax-js's", async (shape, whole) => {
    const x = input(shape);
    const dy = random.values(sizeOf(whole));
    const theirs = await byJax((x) => jax.numpy.broadcastTo(x, whole), [x], dy);
    expectSame(
      ours((x) => ops.broadcastTo(x, whole), [x], dy),
      theirs,
      1e-6,
    );
  });

  it.each([
    [[3], [2]],
    [
      [2, 3],
      [2, 1],
    ],
    [
      [2, 3, 2],
      [1, 2, 3],
    ],
  ])("%j, %j times, is TensorFlow.js's", async (shape, repeats) => {
    const x = input(shape);
    const dy = random.values(sizeOf(shape) * sizeOf(repeats));
    const theirs = await byTensorFlow((x) => tf.tile(x, repeats), [x], dy);
    expectSame(
      ours((x) => ops.tile(x, repeats), [x], dy),
      theirs,
      1e-6,
    );
  });

  it("takes lists of repeats that are shorter or longer than the axes", () => {
    expect(ops.tile([[1, 2]], [2]).shape).toEqual([1, 4]);
    expect(ops.tile([1, 2], [2, 2]).shape).toEqual([2, 4]);
  });

  it("refuse shapes that do not fit", () => {
    expect(() => ops.broadcastTo([1, 2], [2, 1])).toThrow(
      "broadcastTo: an input of [2] does not fit the shape [2, 1].",
    );
    expect(() => ops.broadcastTo([1, 2], [3])).toThrow(/do not fit together/);
  });
});

it("a step of many operations allocates nothing after the first", () => {
  const w = new Variable(random.values(12), { shape: [3, 4] });
  const x = tensor(random.values(24), [2, 3, 4]);
  const step = () => {
    const tape = new GradientTape();
    const loss = tape.run(() => {
      const y = ops.multiply(x, ops.add(w, ops.mean(w, { axis: 0 })));
      const z = ops.concatenate([ops.tanh(y), ops.transpose(y, [0, 2, 1]).shape.length > 0 ? y : x]);
      return ops.logsumexp(
        ops.pad(ops.reshape(z, [2, -1]), [
          [0, 0],
          [1, 1],
        ]),
      );
    });
    return tape.gradient(loss, w);
  };
  step();
  const { inUse } = memoryUse();
  for (let i = 0; i < 50; i++) step();
  expect(memoryUse().inUse).toBe(inUse);
});
