/** Memory of embeddings and of the parts of a sequence, in training. */

import { expect, it } from "vitest";
import {
  Adam,
  GradientTape,
  layers,
  memoryUse,
  ops,
  Sequential,
  type Tensor,
  tensor,
  Variable,
  zip,
} from "../../ts/index.js";

it("a large embedding is kept once when built, and four times when Adam trains it", () => {
  const rows = 100_000;
  const bytes = rows * 16 * 4;
  const { inUse } = memoryUse();
  const model = new Sequential([new layers.Embedding(rows, 16, { inputShape: [2] })]);
  model.build([null, 2]);
  expect((memoryUse().inUse - inUse) / bytes).toBeLessThan(1.1);
  const optimizer = new Adam();
  for (let i = 0; i < 3; i++) {
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(model.apply([[1, 2]])));
    optimizer.applyGradients(zip(tape.gradient(loss, model.trainableWeights), model.trainableWeights));
  }
  expect((memoryUse().inUse - inUse) / bytes).toBeLessThan(4.2);
});

const SEQUENCE = 60;

it.each<[string, (x: Variable) => Tensor<"float32">[]]>([
  ["split", (x) => ops.split(x, SEQUENCE, 1)],
  ["slice", (x) => Array.from({ length: SEQUENCE }, (_, i) => ops.slice(x, [0, i, 0], [64, 1, 64]))],
  ["take", (x) => Array.from({ length: SEQUENCE }, (_, i) => ops.take(x, [i], 1))],
])("parts of a sequence have one gradient in one buffer: %s", (_, partsOf) => {
  const x = new Variable(new Float32Array(64 * SEQUENCE * 64).fill(1), { shape: [64, SEQUENCE, 64] });
  const { inUse } = memoryUse();
  const tape = new GradientTape();
  const loss = tape.run(() => {
    let sum: Tensor<"float32"> = ops.multiply(ops.slice(x, [0, 0, 0], [64, 1, 64]), 2);
    for (const part of partsOf(x)) sum = ops.add(sum, ops.square(part));
    return ops.sum(sum);
  });
  const gradient = tape.gradient(loss, x) as Tensor<"float32">;
  expect([gradient.value[0], gradient.value[64]]).toEqual([4, 2]);
  // Parts, squares and sums are 3 times the sequence, their gradients 2 times; a buffer for each part was 60 times.
  expect((memoryUse().inUse - inUse) / (x.size * 4)).toBeLessThan(12);
});

it.each<[string, (x: Variable, i: number) => Tensor<"float32">]>([
  ["reshape", (x, i) => ops.slice(ops.reshape(x, [-1]), [i], [2])],
  ["transpose", (x, i) => ops.slice(ops.transpose(x), [0, i], [2, 1])],
  ["expandDims", (x, i) => ops.slice(ops.squeeze(ops.expandDims(x, 0), 0), [i, 0], [1, 2])],
])("gradients of a weight that is reordered many times share memory: %s", (_, part) => {
  const x = new Variable(new Float32Array(256 * 256).fill(3), { shape: [256, 256] });
  const { inUse } = memoryUse();
  const tape = new GradientTape();
  const loss = tape.run(() => {
    let sum: Tensor<"float32"> = tensor([0]);
    for (let i = 0; i < SEQUENCE; i++) sum = ops.add(sum, ops.sum(ops.square(part(x, i))));
    return ops.sum(sum);
  });
  const gradient = tape.gradient(loss, x) as Tensor<"float32">;
  // The derivative of the square, for each part that has the number: by hand.
  const total = gradient.array().reduce((sum, value) => sum + value, 0);
  expect(total).toBe(SEQUENCE * 2 * 2 * 3);
  // A copy for each call, because the variable may change, in an arena that grows in steps; one gradient for each was as
  // much again.
  expect((memoryUse().inUse - inUse) / (x.size * 4)).toBeLessThan(1.5 * SEQUENCE);
});

it("a product makes no gradient of data", () => {
  const x = tensor(new Float32Array(512 * 512).fill(1), [512, 512]);
  const w = new Variable(new Float32Array(512).fill(2), { shape: [512, 1] });
  const tape = new GradientTape();
  const loss = tape.run(() => ops.sum(ops.dense(ops.matmul(x, w), [[1]])));
  const { reserved } = memoryUse();
  expect([...(tape.gradient(loss, w) as Tensor).array()]).toEqual(new Array(512).fill(512));
  expect(memoryUse().reserved - reserved).toBeLessThan(x.size * 4);
});

it("take along any axis, of indices of any shape, and its gradient", () => {
  // 2 x 3 x 2, counted from 0.
  const x = new Variable([...Array(12).keys()], { shape: [2, 3, 2] });
  const tape = new GradientTape({ persistent: true });
  const [middle, last] = tape.run(() => [
    ops.take(
      x,
      [
        [2, 0],
        [2, 2],
      ],
      1,
    ),
    ops.take(x, [1, 1, 0], -1),
  ]) as [Tensor<"float32">, Tensor<"float32">];
  expect(middle.shape).toEqual([2, 2, 2, 2]);
  expect([...middle.array()]).toEqual([4, 5, 0, 1, 4, 5, 4, 5, 10, 11, 6, 7, 10, 11, 10, 11]);
  expect([...last.array()]).toEqual([1, 1, 0, 3, 3, 2, 5, 5, 4, 7, 7, 6, 9, 9, 8, 11, 11, 10]);
  // How often each was taken.
  expect([...(tape.gradient(middle, x) as Tensor).array()]).toEqual([1, 1, 0, 0, 3, 3, 1, 1, 0, 0, 3, 3]);
  expect([...(tape.gradient(last, x) as Tensor).array()]).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
});
