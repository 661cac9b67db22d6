/**
 * Sizes beyond what one piece of memory can have, beyond 32 bits and beyond 2^53: the same typed error, which names
 * the bytes and the limit, and nothing changed.
 */

import { expect, it } from "vitest";
import { layers, memoryUse, OutOfMemoryError, ops, random, tensor, Variable } from "../../ts/index.js";
import { refusal } from "../support/refusal.js";

const image = () => tensor(new Float32Array(16), [1, 4, 4, 1]);
const kernel = () => tensor(new Float32Array(4), [2, 2, 1, 1]);

/** One number more than the most. */
const JUST_OVER = 2 ** 29 - 15;

const CALLS: Record<string, () => unknown> = {
  "one number too many": () => random.uniform([JUST_OVER]),
  "2 GB": () => random.uniform([2 ** 29]),
  "4 GB, which 32 bits count as nothing": () => random.uniform([2 ** 15, 2 ** 15]),
  "more than 2^53": () => random.normal([2 ** 30, 2 ** 30]),
  "more than any number": () => random.normal(Array.from({ length: 40 }, () => 2 ** 30)),
  broadcastTo: () => ops.broadcastTo([1], [2 ** 16, 2 ** 16]),
  tile: () => ops.tile([1, 2], [2 ** 31]),
  oneHot: () => ops.oneHot([0, 1], 2 ** 31 - 1),
  pad: () => ops.pad([1], [[0, 2 ** 32]]),
  matmul: () => {
    const column = tensor(new Float32Array(2 ** 15), [2 ** 15, 1]);
    return ops.matmul(column, column, { transposeB: true });
  },
  "conv2d over a frame of zeros": () => ops.conv2d(image(), kernel(), { dilationRate: 1e6, padding: "same" }),
  "conv2d over a frame beyond 32 bits": () =>
    ops.conv2d(image(), kernel(), { dilationRate: 2 ** 31 - 1, padding: "same" }),
  conv2dTranspose: () => ops.conv2dTranspose(image(), kernel(), { strides: 1e5 }),
  Dense: () => new layers.Dense(2 ** 30).apply([[1, 2]]),
  Embedding: () => new layers.Embedding(2 ** 30, 2 ** 30).apply([[1]]),
};

it.each(Object.entries(CALLS))("%s", (_, call) => {
  const before = memoryUse();
  const error = refusal(call) as OutOfMemoryError;
  if (!(error instanceof OutOfMemoryError)) throw error;
  expect(error.code).toBe("ERR_OUT_OF_MEMORY");
  expect(error.wanted).toBeGreaterThan(2 ** 31 - 64);
  expect(error.message).toMatch(
    /^Out of memory: wanted [\d,∞]+ bytes in one piece, of which 2,147,483,584 \(536,870,896 values\) is the most\. /,
  );
  // Operands may have taken a page or two.
  expect(memoryUse().reserved - before.reserved).toBeLessThan(2 ** 20);
});

it("a variable says how many bytes it wanted", () => {
  const huge = { length: JUST_OVER } as never;
  expect(() => new Variable(huge)).toThrow();
  expect((refusal(() => random.uniform([JUST_OVER])) as OutOfMemoryError).wanted).toBe(JUST_OVER * 4);
});
