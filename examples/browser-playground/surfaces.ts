// Surfaces to walk down: height and slope at a point, the part of the plane that is shown, and where to begin.

export type Point = readonly [x: number, y: number];

export interface Surface {
  readonly name: string;
  readonly formula: string;
  /** Left, right, bottom and top edge of the map. */
  readonly view: readonly [number, number, number, number];
  readonly start: Point;
  readonly minima: readonly Point[];
  /** Good first rates: for steps along the gradient, along it with momentum, and for those that scale it. */
  readonly rates: { readonly plain: number; readonly momentum: number; readonly adaptive: number };
  height(x: number, y: number): number;
  slope(x: number, y: number): [number, number];
}

const { cos, sin, PI, SQRT2 } = Math;

export const surfaces: readonly Surface[] = [
  {
    name: "Rosenbrock",
    formula: "(1 - x)² + 100 (y - x²)²",
    view: [-2.1, 2.1, -0.75, 2.4],
    start: [-1.6, 0.3],
    minima: [[1, 1]],
    rates: { plain: 0.001, momentum: 0.0004, adaptive: 0.03 },
    height: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    slope: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
  },
  {
    name: "Ravine",
    formula: "0.05 x² + 2.5 y²",
    view: [-10, 10, -7.5, 7.5],
    start: [-8.5, 5],
    minima: [[0, 0]],
    rates: { plain: 0.35, momentum: 0.02, adaptive: 0.15 },
    height: (x, y) => 0.05 * x * x + 2.5 * y * y,
    slope: (x, y) => [0.1 * x, 5 * y],
  },
  {
    name: "Saddle",
    formula: "x² - y² + y⁴ / 4",
    view: [-2.8, 2.8, -2.1, 2.1],
    start: [2.3, 0.002],
    minima: [
      [0, SQRT2],
      [0, -SQRT2],
    ],
    rates: { plain: 0.05, momentum: 0.01, adaptive: 0.02 },
    height: (x, y) => x * x - y * y + y ** 4 / 4,
    slope: (x, y) => [2 * x, y ** 3 - 2 * y],
  },
  {
    name: "Himmelblau",
    formula: "(x² + y - 11)² + (x + y² - 7)²",
    view: [-6.4, 6.4, -4.8, 4.8],
    start: [-0.4, -0.6],
    minima: [
      [3, 2],
      [-2.805118, 3.131312],
      [-3.77931, -3.283186],
      [3.584428, -1.848127],
    ],
    rates: { plain: 0.005, momentum: 0.002, adaptive: 0.08 },
    height: (x, y) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    slope(x, y) {
      const [a, b] = [x * x + y - 11, x + y * y - 7];
      return [4 * x * a + 2 * b, 2 * a + 4 * y * b];
    },
  },
  {
    name: "Beale",
    formula: "(1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²",
    view: [-1, 4.6, -2.1, 2.1],
    start: [0.3, -1.5],
    minima: [[3, 0.5]],
    rates: { plain: 0.01, momentum: 0.003, adaptive: 0.04 },
    height: (x, y) => (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2 + (2.625 - x + x * y ** 3) ** 2,
    slope(x, y) {
      const [a, b, c] = [1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y ** 3];
      return [2 * (a * (y - 1) + b * (y * y - 1) + c * (y ** 3 - 1)), 2 * (a * x + b * 2 * x * y + c * 3 * x * y * y)];
    },
  },
  {
    name: "Ripples",
    formula: "0.1 (x² + y²) + 0.3 (1 - cos(πx) cos(πy))",
    view: [-5.6, 5.6, -4.2, 4.2],
    start: [-4.6, 3.4],
    minima: [[0, 0]],
    rates: { plain: 0.1, momentum: 0.06, adaptive: 0.1 },
    height: (x, y) => 0.1 * (x * x + y * y) + 0.3 * (1 - cos(PI * x) * cos(PI * y)),
    slope: (x, y) => [0.2 * x + 0.3 * PI * sin(PI * x) * cos(PI * y), 0.2 * y + 0.3 * PI * cos(PI * x) * sin(PI * y)],
  },
];
