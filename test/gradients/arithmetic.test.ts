import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { ops, type Tensor, ValueError } from "../../ts/index.js";
import { byJax, byTensorFlow, expectSame, type Input, ours } from "../support/peers.js";
import { Random } from "../support/random.js";
import { refusal } from "../support/refusal.js";

type F32 = Tensor<"float32">;

const random = new Random(23);

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const input = (shape: readonly number[], from = -3, to = 3): Input => ({
  data: random.values(sizeOf(shape), (to - from) / 2).map((x) => x + (from + to) / 2),
  shape,
});

/** One of every way in which operands are repeated: same, number, row, column, both, alternating, ranks apart. */
const SHAPES: [readonly number[], readonly number[]][] = [
  [[5], [5]],
  [
    [4, 6],
    [4, 6],
  ],
  [[4, 6], []],
  [[], [7]],
  [[], []],
  [[4, 6], [6]],
  [[6], [4, 6]],
  [
    [4, 6],
    [4, 1],
  ],
  [
    [4, 1],
    [1, 6],
  ],
  [
    [2, 1, 3, 1],
    [2, 4, 1, 5],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [1, 3],
    [2, 1],
  ],
  [[1, 1, 2], [2]],
  [
    [3, 300],
    [3, 1],
  ],
];

/** TensorFlow.js has these gradients only for operands of one shape. */
function alike(f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) {
  return (a: tf.Tensor, b: tf.Tensor) => {
    const zeros = tf.zeros(tf.add(a, b).shape);
    return f(tf.add(a, zeros), tf.add(b, zeros));
  };
}

const OPERATIONS: [string, (a: F32, b: F32) => F32, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor][] = [
  ["add", ops.add, tf.add],
  ["subtract", ops.subtract, tf.sub],
  ["multiply", ops.multiply, tf.mul],
  ["divide", ops.divide, tf.div],
  ["maximum", ops.maximum, alike(tf.maximum)],
  ["minimum", ops.minimum, alike(tf.minimum)],
  ["power", ops.power, tf.pow],
];

describe.each(OPERATIONS)("%s", (name, f, theirs) => {
  it.each(SHAPES)("of %j and %j is TensorFlow.js's, with both gradients", async (shapeA, shapeB) => {
    const a = name === "power" ? input(shapeA, 0.2, 3) : input(shapeA);
    const b = name === "divide" ? input(shapeB, 0.5, 3) : input(shapeB);
    const dy = random.values(f(...([a, b].map(({ data, shape }) => ops.reshape(data, shape)) as [F32, F32])).size);
    expectSame(ours(f, [a, b], dy), await byTensorFlow(theirs, [a, b], dy), 1e-5, name);
  });
});

it("a product is jax-js's, with both gradients", async () => {
  const [a, b] = [input([3, 1, 4]), input([2, 4])];
  const dy = random.values(24);
  expectSame(ours(ops.multiply, [a, b], dy), await byJax(jax.numpy.multiply, [a, b], dy), 1e-6);
});

describe("corners", () => {
  const gradients = (f: (a: F32, b: F32) => F32, a: number[], b: number[]) =>
    ours(
      f,
      [a, b].map((list) => ({ data: Float32Array.from(list), shape: [list.length] })),
      new Float32Array(Math.max(a.length, b.length)).fill(1),
    ).gradients.map((gradient) => [...(gradient ?? [])]);

  it("equal elements give the whole gradient to the first", () => {
    expect(gradients(ops.maximum, [1, 2, 3], [2, 2, 2])).toEqual([
      [0, 1, 1],
      [1, 0, 0],
    ]);
    expect(gradients(ops.minimum, [1, 2, 3], [2, 2, 2])).toEqual([
      [1, 1, 0],
      [0, 0, 1],
    ]);
  });

  it("powers of 0 have gradients", () => {
    expect(gradients(ops.power, [0, 0, 0, -2], [2, 1, 0, 2])).toEqual([
      [0, 1, 0, -4],
      [0, 0, 0, 0],
    ]);
  });

  it("an operand used twice gets both contributions", () => {
    const x = { data: Float32Array.of(3, -2), shape: [2] };
    const dy = Float32Array.of(1, 1);
    expect([...(ours((x) => ops.multiply(x, x), [x], dy).gradients[0] ?? [])]).toEqual([6, -4]);
    expect([...(ours((x) => ops.subtract(x, x), [x], dy).gradients[0] ?? [])]).toEqual([0, 0]);
    expect([...(ours((x) => ops.divide(x, x), [x], dy).gradients[0] ?? [])]).toEqual([0, 0]);
  });

  it("accepts empty tensors, numbers and short names", () => {
    expect(ops.add(new Float32Array(0), 1).shape).toEqual([0]);
    expect(ops.multiply(2, 3).item()).toBe(6);
    expect([ops.sub, ops.mul, ops.div, ops.pow]).toEqual([ops.subtract, ops.multiply, ops.divide, ops.power]);
  });

  it("refuses shapes that do not broadcast, by name", () => {
    const error = refusal(() => ops.add([1, 2, 3], [[1, 2]]));
    expect(error).toBeInstanceOf(ValueError);
    expect(error.message).toBe("add: the shapes [3] and [1, 2] do not fit together: axis 1 has 3 and 2.");
  });
});
