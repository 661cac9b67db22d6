/** SOAP beyond its vectors: the decompositions on larger matrices, first gradients, sides without a preconditioner. */

import { describe, expect, it, vi } from "vitest";
import { Adam, SOAP, Tensor, Variable } from "../../ts/index.js";
import { blockedOrthonormal } from "../../ts/optimizers/blocked-reflections.js";
import { singularVectors } from "../../ts/optimizers/eigenbasis.js";
import { orthonormal } from "../../ts/optimizers/reflections.js";
import { Random } from "../support/random.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // Of missing gradients.

const largest = (numbers: Iterable<number>) => [...numbers].reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** Products of each pair of vectors, but for those of the identity. */
function offIdentity(vectors: Float64Array, length: number): number {
  const products = Array.from({ length: length ** 2 }, (_, at) => {
    const [i, j] = [Math.floor(at / length), at % length];
    let sum = i === j ? -1 : 0;
    for (let k = 0; k < length; k++) sum += vectors[i * length + k]! * vectors[j * length + k]!;
    return sum;
  });
  return largest(products);
}

describe("decompositions", () => {
  it.each([
    [1, 1],
    [2, 1],
    [1, 4],
    [7, 7],
    [40, 3],
    [3, 40],
    [65, 64],
  ])("singular vectors of %i x %i are orthogonal, of falling values, and make its products diagonal", (rows, cols) => {
    const x = Float64Array.from(new Random(rows * 100 + cols).values(rows * cols));
    const vectors = singularVectors(x, rows, cols);
    expect(offIdentity(vectors, rows)).toBeLessThan(1e-13);
    const projected = Array.from({ length: rows }, (_, k) =>
      Array.from({ length: cols }, (_, col) =>
        Array.from({ length: rows }, (_, row) => vectors[k * rows + row]! * x[row * cols + col]!).reduce(
          (a, b) => a + b,
        ),
      ),
    );
    const product = (i: number, j: number) => projected[i]!.reduce((sum, a, col) => sum + a * projected[j]![col]!, 0);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < i; j++) expect(Math.abs(product(i, j))).toBeLessThan(1e-11);
      if (i > 0) expect(product(i, i)).toBeLessThanOrEqual(product(i - 1, i - 1) + 1e-11);
    }
  });

  it("Q times a triangle is the matrix, and dependent columns leave it orthogonal", () => {
    const columns = Float64Array.from(new Random(3).values(36));
    columns.copyWithin(12, 0, 6);
    columns.fill(0, 24, 30);
    const q = orthonormal(columns.slice(), 6, 6);
    expect(offIdentity(q, 6)).toBeLessThan(1e-14);
    for (let k = 0; k < 6; k++) {
      for (let i = k + 1; i < 6; i++) {
        let below = 0;
        for (let row = 0; row < 6; row++) below += q[i * 6 + row]! * columns[k * 6 + row]!;
        expect(Math.abs(below), `column ${k}, row ${i}`).toBeLessThan(1e-15);
      }
    }
  });

  it.each([1, 16, 17, 70, 96])(
    "Q of %i columns by blocks is that by columns, dependent and huge ones included",
    (length) => {
      const columns = Float32Array.from(new Random(length).values(length ** 2));
      for (let i = 0; i < length; i++) columns[i]! *= 3e38;
      const tensor = new Tensor([length, length], "float32");
      tensor.numbers.set(columns);
      const expected = orthonormal(Float64Array.from(columns), length, length);
      const q = Float64Array.from(blockedOrthonormal(tensor, length).numbers);
      expect(largest(q.map((x, i) => x - expected[i]!))).toBeLessThan(2e-4);
      expect(offIdentity(q, length)).toBeLessThan(3e-6);
      // No column has a distinct direction: signs of noise differ, angles must not.
      tensor.numbers.forEach((_, i) => {
        tensor.numbers[i] = i < length ? columns[i]! : i % length;
      });
      tensor.numbers.fill(0, 0, length);
      const dependent = Float64Array.from(blockedOrthonormal(tensor, length).numbers);
      expect(offIdentity(dependent, length)).toBeLessThan(3e-6);
    },
  );

  it("of zeros are the axes, and NaN ends", () => {
    expect([...singularVectors(new Float64Array(6), 2, 3)]).toEqual([1, 0, 0, 1]);
    expect(singularVectors(new Float64Array(9).fill(Number.NaN), 3, 3)).toHaveLength(9);
  });
});

describe("SOAP", () => {
  it("gradients of zeros move nothing, though epsilon is 0", () => {
    const variable = new Variable([1, 2, 3, 4], { shape: [2, 2] });
    const optimizer = new SOAP({ epsilon: 0, weightDecay: 0 });
    for (let step = 0; step < 3; step++) optimizer.apply([new Float32Array(4)], [variable]);
    expect([...variable.array()]).toEqual([1, 2, 3, 4]);
  });

  it("moves nothing by the first gradient of a matrix, and decays nothing, also in a later step", () => {
    const optimizer = new SOAP({ learningRate: 0.1, weightDecay: 0.5 });
    const [w, late] = [new Variable([[1, 2]]), new Variable([[3, 4]])];
    optimizer.build([w, late]);
    optimizer.apply([[[5, 6]], null], [w, late]);
    expect([...w.value, ...late.value]).toEqual([1, 2, 3, 4]);
    optimizer.apply([[[5, 6]], [[7, 8]]], [w, late]);
    expect([...late.value]).toEqual([3, 4]);
    expect([...w.value]).not.toEqual([1, 2]);
    const before = late.array();
    optimizer.apply([null, [[7, 9]]], [w, late]);
    expect([...late.value]).not.toEqual([...before]);
  });

  it("is Adam of one step less for vectors and for axes that are too long", () => {
    const start = [1, -2, 3, 0.5, 0.25, -1];
    const gradients = Array.from({ length: 5 }, (_, step) => start.map((x, i) => x / (i + 1) - step - 0.3));
    const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8 };
    const adam = new Variable(start);
    const [first, ...others] = gradients;
    const reference = new Adam({ ...options, epsilon: 0 });
    for (const g of others) reference.apply([g], [adam]);
    for (const shape of [[6], [2, 3]]) {
      const w = new Variable(start, { shape });
      const optimizer = new SOAP({ ...options, epsilon: 0, weightDecay: null, maxPreconditionDim: 1 });
      for (const g of [first!, ...others]) optimizer.apply([g], [w]);
      w.value.forEach((x, i) => {
        expect(x).toBeCloseTo(adam.value[i]!, 5);
      });
    }
  });

  it("keeps weights finite by gradients whose squares overflow", () => {
    const optimizer = new SOAP({ learningRate: 0.1 });
    const w = new Variable([
      [1, 2],
      [3, 4],
    ]);
    for (let step = 0; step < 25; step++)
      optimizer.apply(
        [
          [
            [3e38, -1e30],
            [1e20, step],
          ],
        ],
        [w],
      );
    expect([...w.value].every(Number.isFinite)).toBe(true);
  });

  it("sorts its second moment after memory has grown", () => {
    const length = 130;
    const optimizer = new SOAP({ preconditionFrequency: 1 });
    const w = new Variable(new Float32Array(length ** 2), { shape: [length, length] });
    const kept: Variable[] = [];
    for (let step = 0; step < 6; step++) {
      optimizer.apply([Float32Array.from(new Random(step).values(length ** 2))], [w]);
      kept.push(new Variable(new Float32Array(1 << 18), { shape: [1 << 18] }));
    }
    expect([...w.value].every(Number.isFinite)).toBe(true);
  });
});
