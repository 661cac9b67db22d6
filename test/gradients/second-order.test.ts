/** Gradients of gradients of all operations, against differences of gradients; and their properties. */

import { describe, expect, it } from "vitest";
import { GradientTape, ops, type Tensor, type Variable } from "../../ts/index.js";
import { CASES, drawn, WITHOUT_GRADIENT } from "../support/second-order-cases.js";

/** Curved in the result, so that linear operations have second derivatives too. */
function loss(y: Tensor, weights: Float32Array): Tensor<"float32"> {
  const c = ops.reshape(weights, y.shape);
  return ops.sum(ops.add(ops.multiply(y, c), ops.multiply(ops.square(y), 0.5)));
}

function gradients(f: () => Tensor<"float32">, inputs: readonly Variable[]): Tensor<"float32">[] {
  const tape = new GradientTape();
  return tape.gradient(tape.run(f), inputs, { unconnectedGradients: "zero" }) as Tensor<"float32">[];
}

const directions = (inputs: readonly Variable[]) =>
  inputs.map(({ size }) => Float32Array.from({ length: size }, () => drawn()));

/** The products of the Hessian and a direction, and the inner gradients. */
function products(f: () => Tensor<"float32">, inputs: readonly Variable[], along: readonly Float32Array[]) {
  const outer = new GradientTape();
  const inner = outer.run(() => gradients(f, inputs));
  const outputGradients = inner.map((one, i) => ops.reshape(along[i] as Float32Array, one.shape));
  const found = outer.gradient(inner, inputs, { outputGradients, unconnectedGradients: "zero" });
  return { inner: inner.map((one) => one.array()), products: found.map((one) => (one as Tensor).array()) };
}

/** Differences of gradients along a direction. */
function differences(f: () => Tensor<"float32">, inputs: readonly Variable[], along: readonly Float32Array[]) {
  const step = 4e-3;
  const before = inputs.map((input) => input.array());
  const at = (sign: number) => {
    inputs.forEach((input, i) => {
      input.assign((before[i] as Float32Array).map((x, j) => x + sign * step * along[i]![j]!));
    });
    const found = gradients(f, inputs).map((one) => one.array());
    inputs.forEach((input, i) => {
      input.assign(before[i] as Float32Array);
    });
    return found;
  };
  const [up, down] = [at(1), at(-1)];
  return up.map((one, i) => one.map((x, j) => (x - down[i]![j]!) / (2 * step)));
}

const dot = (a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]) => {
  let sum = 0;
  a.forEach((one, i) => {
    for (let j = 0; j < one.length; j++) sum += one[j]! * b[i]![j]!;
  });
  return sum;
};

it("every operation has a case, or has no gradient", () => {
  const covered = new Set([...Object.keys(CASES).map((name) => name.split(":")[0]), ...WITHOUT_GRADIENT]);
  expect(Object.keys(ops).filter((name) => !covered.has(name))).toEqual([]);
});

describe.each(Object.entries(CASES))("%s", (_, [inputs, op]) => {
  const size = (op(...inputs) as Tensor).size;
  const weights = Float32Array.from({ length: size }, () => drawn());
  const f = () => loss(op(...inputs), weights);
  const [u, v] = [directions(inputs), directions(inputs)];

  it("agrees with differences of gradients, and has the bits of first-order gradients", () => {
    const { inner, products: found } = products(f, inputs, v);
    expect(inner).toEqual(gradients(f, inputs).map((one) => one.array()));
    const expected = differences(f, inputs, v);
    const largest = Math.max(1, ...expected.flatMap((one) => [...one].map(Math.abs)));
    found.forEach((one, i) => {
      one.forEach((x, j) => {
        expect(Math.abs(x - expected[i]![j]!) / largest).toBeLessThan(4e-3);
      });
    });
  });

  it("is symmetric and linear in the direction", () => {
    const [ofU, ofV] = [products(f, inputs, u).products, products(f, inputs, v).products];
    const scale = Math.max(1, Math.abs(dot(u, ofV)));
    expect(Math.abs(dot(u, ofV) - dot(v, ofU)) / scale).toBeLessThan(2e-5);
    const sum = products(
      f,
      inputs,
      u.map((one, i) => one.map((x, j) => 2 * x - v[i]![j]!)),
    ).products;
    sum.forEach((one, i) => {
      one.forEach((x, j) => {
        const expected = 2 * ofU[i]![j]! - ofV[i]![j]!;
        expect(Math.abs(x - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(3e-5);
      });
    });
  });
});
