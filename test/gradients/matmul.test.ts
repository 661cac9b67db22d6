/** Gradients of matmul against differences, and its shapes. */

import { describe, expect, it } from "vitest";
import { GradientTape, ops, type Tensor, Variable } from "../../ts/index.js";
import { thrown } from "../support/refusal.js";

describe("matmul", () => {
  const random = (...shape: number[]) =>
    new Variable(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 7919) % 13) - 6),
      { shape },
    );

  // The sum of the product's elements is linear in each factor: its derivative is a difference of two values.
  const numeric = (f: () => Tensor<"float32">, w: Variable) =>
    Array.from({ length: w.size }, (_, i) => {
      const total = () =>
        f()
          .array()
          .reduce((sum, x) => sum + x, 0);
      const before = total();
      w.value[i] = (w.value[i] as number) + 1;
      const after = total();
      w.value[i] = (w.value[i] as number) - 1;
      return after - before;
    });

  const cases: [string, number[], number[], { transposeA?: boolean; transposeB?: boolean }][] = [
    ["plain", [2, 3], [3, 4], {}],
    ["a transposed", [3, 2], [3, 4], { transposeA: true }],
    ["b transposed", [2, 3], [4, 3], { transposeB: true }],
    ["both transposed", [3, 2], [4, 3], { transposeA: true, transposeB: true }],
    ["a batch times a matrix", [2, 2, 3], [3, 4], {}],
    ["a batch times a matrix, transposed", [2, 3, 2], [3, 4], { transposeA: true }],
    ["a batch of pairs", [2, 2, 3], [2, 3, 2], {}],
    ["broadcast batches", [2, 1, 2, 3], [3, 3, 2], {}],
    ["a matrix times a batch", [2, 3], [2, 3, 2], {}],
    ["vectors", [3], [3], {}],
    ["a vector times a matrix", [3], [3, 2], {}],
    ["a batch times a vector", [2, 2, 3], [3], {}],
  ];

  it.each(cases)("%s", (_, shapeA, shapeB, options) => {
    const [a, b] = [random(...shapeA), random(...shapeB)];
    const tape = new GradientTape();
    const f = () => ops.matmul(a, b, options);
    const y = tape.run(f);
    const [da, db] = tape.gradient(y, [a, b]);
    expect([...(da?.array() ?? [])]).toEqual(numeric(f, a));
    expect([...(db?.array() ?? [])]).toEqual(numeric(f, b));
  });

  it.each(cases)("adds to an existing gradient of a factor: %s", (_, shapeA, shapeB, options) => {
    const [a, b] = [random(...shapeA), random(...shapeB)];
    const tape = new GradientTape();
    const f = () => ops.matmul(a, b, options);
    const y = tape.run(() => ops.add(f(), f()));
    const [da, db] = tape.gradient(y, [a, b]);
    expect([...(da?.array() ?? [])]).toEqual(numeric(f, a).map((x) => 2 * x));
    expect([...(db?.array() ?? [])]).toEqual(numeric(f, b).map((x) => 2 * x));
  });

  it("has NumPy's shapes", () => {
    const shape = (a: number[], b: number[]) => ops.matmul(random(...a), random(...b)).shape;
    expect(shape([2, 1, 2, 3], [3, 3, 2])).toEqual([2, 3, 2, 2]);
    expect(shape([3], [3])).toEqual([]);
    expect(shape([2, 2, 3], [3])).toEqual([2, 2]);
    expect(() => shape([2, 3], [4, 2])).toThrow(
      thrown("ValueError", "ERR_SHAPE", "matmul: cannot multiply 2 x 3 by 4 x 2: the inner lengths differ."),
    );
    expect(() => shape([2, 2, 3], [3, 3, 2])).toThrow(
      thrown("ValueError", "ERR_SHAPE", "matmul: the shapes [2] and [3] do not fit together: axis 0 has 2 and 3."),
    );
  });
});
