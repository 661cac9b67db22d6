/** Gradients of gradients of NaN, of nothing, of single numbers, of integers, and at kinks. Right values by hand. */

import { describe, expect, it } from "vitest";
import { ForwardAccumulator, GradientTape, hvp, ops, type Tensor, tensor, Variable } from "../../ts/index.js";
import { refusal } from "../support/refusal.js";
import { CASES } from "../support/second-order-cases.js";

const list = (values: Tensor | null | undefined) => Array.from(values?.array() ?? []);

function gradient(f: () => Tensor, x: Variable | Tensor, unconnectedGradients: "zero" | "none" = "zero"): Tensor {
  const tape = new GradientTape();
  tape.watch(x);
  return tape.gradient(tape.run(f), x, { unconnectedGradients }) as Tensor;
}

const second = (f: (x: Variable) => Tensor, x: Variable) => gradient(() => gradient(() => f(x), x), x);

describe("NaN and infinity", () => {
  it("stay with their elements", () => {
    const x = new Variable([2, Number.NaN, Number.POSITIVE_INFINITY, -1]);
    expect(list(second((at) => ops.power(at, 3), x))).toEqual([12, Number.NaN, Number.POSITIVE_INFINITY, -6]);
    expect(list(second((at) => ops.exp(at), x)).slice(1, 3)).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it("appear where a derivative does not exist: the root of zero", () => {
    const x = new Variable([0, 4]);
    // -1 / (4 x^1.5)
    expect(list(second((at) => ops.sqrt(at), x))).toEqual([Number.NEGATIVE_INFINITY, -1 / 32]);
    const norm = second((at) => ops.sqrt(ops.sum(ops.square(at))), new Variable([0, 0]));
    expect(list(norm)).toEqual([Number.NaN, Number.NaN]);
  });

  // Behind a function of them it is 0 * NaN, as in TensorFlow and JAX.
  it("do not pass a branch that was not taken", () => {
    const x = new Variable([Number.NaN, 3]);
    expect(list(second((at) => ops.power(ops.where([0, 1], at, 1), 3), x))).toEqual([0, 18]);
  });

  it("of a direction reach the values that depend on it", () => {
    const x = new Variable([1, 2]);
    expect(list(hvp(() => ops.sum(ops.power(x, 3)), x, [Number.NaN, 1]))).toEqual([Number.NaN, 12]);
  });
});

describe("empty tensors", () => {
  it.each([[[0]], [[3, 0]], [[0, 2, 0]]])("of shape %j has a product of that shape", (shape) => {
    const x = new Variable([], { shape });
    const product = hvp(() => ops.sum(ops.power(ops.multiply(ops.sin(x), ops.exp(x)), 3)), x, tensor([], shape));
    expect([product.shape, product.size]).toEqual([shape, 0]);
    const accumulator = new ForwardAccumulator(x, tensor([], shape));
    const slope = accumulator.run(() => gradient(() => ops.power(x, 3), x));
    expect(accumulator.jvp(slope)?.shape).toEqual(shape);
  });

  it("in a batch: products of matrices, convolutions, normalization", () => {
    const kernel = new Variable(new Float32Array(6).fill(0.5), { shape: [3, 2] });
    const filter = new Variable(new Float32Array(8).fill(0.5), { shape: [2, 2, 1, 2] });
    const [rows, images] = [tensor([], [0, 3]), tensor([], [0, 4, 4, 1])];
    const losses: [() => Tensor, Variable][] = [
      [() => ops.sum(ops.square(ops.tanh(ops.matmul(rows, kernel)))), kernel],
      [() => ops.sum(ops.square(ops.softmax(ops.dense(rows, kernel)))), kernel],
      [() => ops.sum(ops.square(ops.layerNormalization(ops.matmul(rows, kernel)))), kernel],
      [() => ops.sum(ops.square(ops.conv2d(images, filter))), filter],
    ];
    for (const [loss, weight] of losses) {
      const product = hvp(loss, weight, new Float32Array(weight.size).fill(1));
      expect([product.shape, list(product)]).toEqual([weight.shape, new Array(weight.size).fill(0)]);
    }
  });

  it("has a Jacobian without elements", () => {
    const x = new Variable([], { shape: [0] });
    const tape = new GradientTape();
    const slope = tape.run(() => gradient(() => ops.power(x, 3), x));
    expect(tape.jacobian(slope, x)?.shape).toEqual([0, 0]);
  });
});

describe("single numbers, of rank 0", () => {
  const x = new Variable(2);

  it("have second derivatives of rank 0", () => {
    const found = second((at) => ops.power(at, 3), x);
    expect([found.shape, found.item()]).toEqual([[], 12]);
    const third = gradient(() => second((at) => ops.power(at, 3), x), x);
    expect([third.shape, third.item()]).toEqual([[], 6]);
  });

  it("are broadcast: the gradient is summed, and so is that of the gradient", () => {
    const scale = new Variable(3);
    const loss = () => ops.sum(ops.power(ops.multiply(scale, [1, 2]), 3));
    // 6 s (1 + 8)
    expect(gradient(() => gradient(loss, scale), scale).item()).toBe(162);
    expect(hvp(loss, scale, 2).item()).toBe(324);
  });

  it("have a Hessian of rank 0, and one with vectors", () => {
    const tape = new GradientTape();
    const slope = tape.run(() => gradient(() => ops.power(x, 4), x));
    expect([tape.jacobian(slope, x)?.shape, gradient(() => ops.power(x, 4), x).item()]).toEqual([[], 32]);
  });
});

describe("integers", () => {
  const labels = tensor(Int32Array.of(2, 0));

  it("have no gradient of any order, and do not end that of others", () => {
    const x = new Variable([1, 2]);
    const outer = new GradientTape();
    const found = outer.run(() => gradient(() => ops.multiply(ops.power(x, 3), ops.cast(labels, "float32")), x));
    expect(list(outer.gradient(found, x))).toEqual([12, 0]);
  });

  it("as a source are refused, by the inner tape and by a product", () => {
    const tape = new GradientTape();
    expect(refusal(() => tape.watch(labels as never)).name).toBe("TypeError");
    expect(refusal(() => hvp(() => ops.sum(labels) as never, labels as never, [1, 1])).name).toBe("TypeError");
  });

  it("select: indices of take, labels of a crossentropy, a condition", () => {
    const x = new Variable([1, 2, 3]);
    expect(list(second((at) => ops.power(ops.take(at, labels), 3), x))).toEqual([6, 0, 18]);
    const logits = new Variable([[0, 0]]);
    const product = hvp(() => ops.sum(ops.sparseSoftmaxCrossEntropy(tensor(Int32Array.of(1)), logits)), logits, [
      [1, 0],
    ]);
    // diag(p) - p p^T at p = 1/2
    expect(list(product)).toEqual([0.25, -0.25]);
  });
});

describe("at kinks", () => {
  const x = new Variable([-1, 0, 1, 6]);

  it.each<[string, (at: Variable) => Tensor]>([
    ["relu", (at) => ops.relu(at)],
    ["relu6", (at) => ops.relu6(at)],
    ["leakyRelu", (at) => ops.leakyRelu(at)],
    ["abs", (at) => ops.abs(at)],
    ["clip", (at) => ops.clip(at, 0, 6)],
    ["maximum", (at) => ops.maximum(at, 0)],
    ["minimum", (at) => ops.minimum(at, [0, 0, 1, 6])],
    ["floor", (at) => ops.floor(at)],
    ["sign", (at) => ops.sign(at)],
    ["max", (at) => ops.max(at)],
    ["topK", (at) => ops.topK(at, 2).values],
  ])("the second derivative of %s is 0", (_, f) => {
    expect(list(second(f, x)).map(Math.abs)).toEqual([0, 0, 0, 0]);
  });

  it("the square of relu has the second derivative of the side that its gradient is from", () => {
    expect(list(second((at) => ops.square(ops.relu(at)), x))).toEqual([0, 0, 2, 2]);
  });

  it("equal maxima share the gradient, and the second one", () => {
    // ((a + b) / 2)^2 by the gradient's rule: halves to each
    const ties = new Variable([3, 3]);
    const found = hvp(() => ops.square(ops.max(ties)), ties, [1, 1]);
    expect(list(found)).toEqual([1, 1]);
  });
});

it("every operation passes NaN on to the second order, or leaves it out; none throws", () => {
  for (const [name, [inputs, op]] of Object.entries(CASES)) {
    const before = inputs.map((input) => input.array());
    for (const input of inputs) input.assign(new Float32Array(input.size).fill(Number.NaN));
    const loss = () => ops.sum(ops.square(op(...inputs)));
    const along = inputs.map(({ size }) => new Float32Array(size).fill(1));
    const products = hvp(loss, inputs, along);
    expect(
      products.map(({ shape }) => shape),
      name,
    ).toEqual(inputs.map(({ shape }) => shape));
    inputs.forEach((input, i) => {
      input.assign(before[i] as Float32Array);
    });
  }
});
