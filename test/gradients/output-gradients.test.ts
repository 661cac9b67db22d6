/** `outputGradients` in every form of values; gradients by hand: of w^2 with dy, 2 w dy. */

import { describe, expect, it } from "vitest";
import { GradientTape, ops, type Tensor, tensor, Variable } from "../../ts/index.js";

type Given = NonNullable<Parameters<GradientTape["gradient"]>[2]>["outputGradients"];

function squared(values: number[] | number[][]) {
  const w = new Variable(values);
  const tape = new GradientTape();
  return { w, tape, y: tape.run(() => ops.multiply(w, w)) };
}

const gradient = (values: number[] | number[][], outputGradients: Given) => {
  const { w, tape, y } = squared(values);
  return [...(tape.gradient(y, w, { outputGradients }) as Tensor).array()];
};

describe("the gradient of one target", () => {
  it.each<[string, Given]>([
    ["a tensor", tensor([3, 4])],
    ["an int32 tensor", tensor(Int32Array.of(3, 4))],
    ["a variable", new Variable([3, 4])],
    ["numbers", [3, 4]],
    ["Float32Array", Float32Array.of(3, 4)],
    ["Float64Array", Float64Array.of(3, 4)],
    ["Uint8Array", Uint8Array.of(3, 4)],
    ["a tensor in a list", [tensor([3, 4])]],
    ["a variable in a list", [new Variable([3, 4])]],
    ["numbers in a list", [[3, 4]]],
    ["a typed array in a list", [Float32Array.of(3, 4)]],
  ])("%s", (_, given) => {
    expect(gradient([1, 2], given)).toEqual([6, 16]);
  });

  it.each<[string, Given]>([
    ["nothing", undefined],
    ["null", null],
    ["a list of null", [null]],
    ["an empty list", []],
  ])("%s stands for ones", (_, given) => {
    expect(gradient([1, 2], given)).toEqual([2, 4]);
  });

  it("rows, nested or flat; a single row is not a list around its numbers", () => {
    expect(gradient([[1], [2]], [[3], [4]])).toEqual([6, 16]);
    expect(gradient([[1], [2]], Float32Array.of(3, 4))).toEqual([6, 16]);
    expect(gradient([[1, 2]], [[3, 4]])).toEqual([6, 16]);
    expect(gradient([[1, 2]], [[[3, 4]]])).toEqual([6, 16]);
    expect(gradient([5], [2])).toEqual([20]);
  });

  it("a number for a scalar", () => {
    const w = new Variable([1, 2]);
    const tape = new GradientTape();
    const y = tape.run(() => ops.sum(ops.multiply(w, w)));
    expect([...(tape.gradient(y, w, { outputGradients: 3 }) as Tensor).array()]).toEqual([6, 12]);
  });

  it("the caller's array stays unchanged", () => {
    const given = Float32Array.of(3, 4);
    gradient([1, 2], given);
    expect([...given]).toEqual([3, 4]);
  });
});

it("one for each of several targets, in any mixture of forms", () => {
  const w = new Variable([1, 2]);
  const tape = new GradientTape();
  const [a, b, c] = tape.run(() => [ops.multiply(w, w), ops.multiply(w, 3), ops.sum(w)] as const);
  const found = tape.gradient([a, b, c], w, { outputGradients: [[1, 1], null, new Variable(10)] }) as Tensor;
  expect([...found.array()]).toEqual([2 + 3 + 10, 4 + 3 + 10]);
});

it.each<[string, unknown]>([
  ["text", "12"],
  ["another shape", [[1], [2]]],
  ["too few", [1]],
  ["an object", { a: 1 }],
  ["a matrix in a list", [[[1, 2, 3]]]],
])("%s is refused, and the tape can be asked again", (_, given) => {
  const { w, tape, y } = squared([1, 2]);
  expect(() => tape.gradient(y, w, { outputGradients: given as never })).toThrowError(/gradient/);
  expect([...(tape.gradient(y, w, { outputGradients: [1, 1] }) as Tensor).array()]).toEqual([2, 4]);
});

it("an outer tape that watches a variable among them has its gradient", () => {
  const seed = new Variable([1, 1]);
  const { w, tape, y } = squared([1, 2]);
  const outer = new GradientTape();
  const sum = outer.run(() => ops.sum(tape.gradient(y, w, { outputGradients: seed }) as Tensor));
  // Of the sum of 2 w seed.
  expect(outer.gradient(sum, seed)?.array()).toEqual(new Float32Array([2, 4]));
});
