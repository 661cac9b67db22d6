/** Norms whose squares overflow in between, by hand: a vector and its multiples have one direction. */

import { describe, expect, it } from "vitest";
import { constraints, GradientTape, losses, metrics, regularizers, tensor, Variable } from "../../ts/index.js";

function near(got: ArrayLike<number>, expected: readonly number[]): void {
  expect(got.length).toBe(expected.length);
  expected.forEach((x, i) => {
    expect(Math.abs((got[i] as number) - x), `${Array.from(got)}`).toBeLessThanOrEqual(2e-6 * Math.abs(x));
  });
}

const LARGE = [
  [3e37, 4e37],
  [3e19, 4e19],
  [-3e38, 3e38],
] as const;
const UNITS = [
  [0.6, 0.8],
  [0.6, 0.8],
  [-Math.SQRT1_2, Math.SQRT1_2],
] as const;

describe.each(LARGE.map((vector, i) => [vector, UNITS[i] as readonly number[]] as const))("%o", (vector, unit) => {
  const w = () => tensor(vector.map((x) => [x]));

  it("constraints", () => {
    near(new constraints.UnitNorm().call(w()).array(), unit);
    near(
      new constraints.MaxNorm(2).call(w()).array(),
      unit.map((x) => 2 * x),
    );
    near(new constraints.MaxNorm(3.4e38).call(tensor([[3e37], [4e37]])).array(), [3e37, 4e37]);
    near(
      new constraints.MinMaxNorm({ maxValue: 3 }).call(w()).array(),
      unit.map((x) => 3 * x),
    );
    near(
      new constraints.MinMaxNorm({ rate: 0.5 }).call(w()).array(),
      vector.map((x) => x / 2),
    );
  });

  it("cosines, with their gradients", () => {
    near([new losses.CosineSimilarity().apply([[0, 1]], [vector]).item()], [-(unit[1] as number)]);
    near([new metrics.CosineSimilarity().apply([vector], [vector])], [1]);
    const x = new Variable([vector]);
    const tape = new GradientTape();
    const loss = tape.run(() => losses.cosineSimilarity([[0, 1]], x));
    const gradient = tape.gradient(loss, x)?.array() as Float32Array;
    // Of -u2: u1 u2 / norm, and -(1 - u2^2) / norm; subnormal numbers for the largest.
    const norm = Math.hypot(...vector);
    const [u1, u2] = unit as readonly [number, number];
    expect(Math.abs((gradient[0] as number) * norm - u1 * u2)).toBeLessThan(1e-5);
    expect(Math.abs((gradient[1] as number) * norm + (1 - u2 * u2))).toBeLessThan(1e-5);
  });

  it("OrthogonalRegularizer", () => {
    const rows = tensor([[...vector], [0, 1]]);
    near([new regularizers.OrthogonalRegularizer({ factor: 1 }).call(rows).item()], [Math.abs(unit[1] as number)]);
  });
});

it("other vectors keep their bits", () => {
  const ordinary = [
    [0.3, -2],
    [1.7, 0.1],
  ];
  const both = ordinary.map((row) => [...row, 3e38]);
  for (const constraint of [new constraints.UnitNorm(), new constraints.MaxNorm(1), new constraints.MinMaxNorm()]) {
    const alone = [...constraint.call(tensor(ordinary)).array()];
    const [a, b, , c, d] = constraint.call(tensor(both)).array();
    expect([a, b, c, d]).toEqual(alone);
  }
});
