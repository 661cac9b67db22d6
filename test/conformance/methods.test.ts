/**
 * `gradstep/methods`: operations as methods of tensors and variables.
 */

import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { GradientTape, ops, Tensor, tensor, Variable } from "../../ts/index.js";

const before = Object.getOwnPropertyNames(Tensor.prototype);
const beforeOfVariables = new Set(Object.getOwnPropertyNames(Variable.prototype));
await import("../../ts/methods/index.js");
const READERS = ["dataSync", "arraySync", "print"];
const added = Object.getOwnPropertyNames(Tensor.prototype).filter(
  (name) => !(before.includes(name) || READERS.includes(name)),
);

/** Arguments behind the tensor, of operations that need some. */
const REST: Readonly<Record<string, readonly unknown[]>> = {
  broadcastTo: [[2, 2, 2]],
  clip: [-1, 1],
  clipByValue: [-1, 1],
  expandDims: [0],
  oneHot: [5],
  pad: [1],
  reshape: [[4, 1]],
  slice: [
    [0, 1],
    [2, 1],
  ],
  split: [2, 1],
  take: [[1, 0], 1],
  tile: [[1, 2]],
  topK: [1],
  topk: [1],
  ...Object.fromEntries(
    "add sub subtract mul multiply div divide pow power maximum minimum equal notEqual greater greaterEqual less lessEqual logicalAnd logicalOr matmul matMul"
      .split(" ")
      .map((name) => [
        name,
        [
          [
            [2, 1],
            [1, 2],
          ],
        ],
      ]),
  ),
  sum: [1, true],
  mean: [{ axis: 0 }],
  argMax: [-1],
  softmax: [0],
};

/** TensorFlow.js's names. */
const MEANT = {
  argMax: "argmax",
  argMin: "argmin",
  clipByValue: "clip",
  logSumExp: "logsumexp",
  matMul: "matmul",
  topk: "topK",
};

const seen = (result: unknown): unknown => JSON.parse(JSON.stringify(result));
const x = tensor([
  [1, 2],
  [3, 4],
]);

describe("each method is its operation", () => {
  it.each(added)("%s", (name) => {
    const operation = (ops as unknown as Record<string, (...given: unknown[]) => unknown>)[
      MEANT[name as "topk"] ?? name
    ]!;
    const rest = REST[name] ?? [];
    const expected = seen(operation(x, ...rest));
    for (const owner of [
      x,
      new Variable([
        [1, 2],
        [3, 4],
      ]),
    ]) {
      const method = (owner as unknown as Record<string, (...given: unknown[]) => unknown>)[name]!;
      expect(seen(method.call(owner, ...rest))).toEqual(expected);
    }
  });

  it("they hide no member, and are not enumerable", () => {
    expect(added.length).toBeGreaterThan(70);
    expect(added.filter((name) => beforeOfVariables.has(name))).toEqual([]);
    expect(Object.keys(Tensor.prototype)).toEqual([]);
    const keys: string[] = [];
    for (const key in x) keys.push(key);
    expect(keys.filter((key) => added.includes(key))).toEqual([]);
  });
});

it("chains, and gradients flow through them", () => {
  const w = new Variable([
    [1, 2],
    [3, 4],
  ]);
  const tape = new GradientTape();
  const loss = tape.run(() => w.matMul(x).add(1).relu().reshape([4]).mean());
  expect(loss.item()).toBe(14.5);
  expect([...tape.gradient(loss, w)!.array()]).toEqual([0.75, 1.75, 0.75, 1.75]);
});

it("numbers are read as in TensorFlow.js", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  for (const owner of [x, new Variable([1, 2, 3, 4], { shape: [2, 2], name: "v" })]) {
    expect(owner.dataSync()).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(owner.arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    owner.print();
    expect(log).toHaveBeenLastCalledWith(owner.toString());
  }
  log.mockRestore();
  for (const name of READERS) expect(beforeOfVariables.has(name)).toBe(false);
});

it("errors are those of the operation", () => {
  expect(() => x.add(tensor([1, 2, 3]))).toThrow(expect.objectContaining({ code: "ERR_SHAPE" }));
  expect(() => x.mean(7)).toThrow(/mean/);
  // @ts-expect-error: an argument too many.
  expect(() => x.add(x, 1)).toThrow(/add/);
});

it("types", () => {
  const indices = tensor([1, 2], undefined, "int32");
  expectTypeOf(x.add(1).sum(0, true)).toEqualTypeOf<Tensor<"float32">>();
  expectTypeOf(x.argMax(1)).toEqualTypeOf<Tensor<"int32">>();
  expectTypeOf(indices.reshape([2, 1])).toEqualTypeOf<Tensor<"int32">>();
  expectTypeOf(new Variable(1).square()).toEqualTypeOf<Tensor<"float32">>();
  expect(indices.reshape([2, 1]).dtype).toBe("int32");
});
