import { beforeEach, describe, expect, it } from "vitest";
import { ArgumentTypeError, ops, random, setRandomSeed, type Tensor, ValueError } from "../../ts/index.js";
import { suite } from "../support/errors.js";

const bits = ({ value }: Tensor) => [...new Uint32Array(value.slice().buffer)];
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe("one seed gives one stream", () => {
  const everything = () => [
    random.uniform([5], { minval: -2, maxval: 2 }),
    random.normal([3, 2], { mean: 1, stddev: 2 }),
    random.truncatedNormal([4]),
    random.randint([4], -5, 6),
    random.permutation(7),
    ops.dropout([1, 2, 3, 4, 5], 0.4),
    random.uniform([2], { seed: new random.SeedGenerator() }),
  ];

  it("from setRandomSeed, to the bit", () => {
    setRandomSeed(2026);
    const first = everything().map(bits);
    setRandomSeed(2026);
    expect(everything().map(bits)).toEqual(first);
    // The stream continues, and does not repeat.
    expect(everything().map(bits)).not.toEqual(first);
    setRandomSeed(2027);
    everything().forEach((tensor, i) => {
      expect(bits(tensor)).not.toEqual(first[i]);
    });
  });

  it("the same in every runtime", () => {
    // Philox4x32-10 of the key 7 and the counter 0 by ten lines of Python, and statistics.NormalDist's inv_cdf
    // of its words, in double precision.
    expect(random.randint([4], -(2 ** 31), 2 ** 31 - 1, { seed: 7 }).array()).toEqual(
      Int32Array.of(1952479788, 1074395611, -1657095615, -1779585919),
    );
    const normal = random.normal([4], { seed: 7 });
    [1.6911626214439937, 0.6749688497037193, -1.2046078536416323, -1.3679883243854054].forEach((expected, i) => {
      expect(normal.value[i]).toBeCloseTo(expected, 6);
    });
    expect(bits(normal)).toEqual([1071151107, 1059900099, 3214553239, 3215923774]);
  });

  it("from a number at each call, whatever else draws", () => {
    const draw = () => bits(random.normal([6], { seed: 3 }));
    const first = draw();
    random.uniform([100]);
    expect(draw()).toEqual(first);
    expect(bits(random.normal([6], { seed: 4 }))).not.toEqual(first);
    expect(bits(random.normal([6], { seed: 3 + 2 ** 32 }))).not.toEqual(first);
  });

  it("from a separate generator, which can be reset", () => {
    const seed = new random.SeedGenerator(9);
    expect(seed.seed).toBe(9);
    expect(seed.getConfig()).toEqual({ seed: 9 });
    const [first, second] = [bits(random.uniform([4], { seed })), bits(random.uniform([4], { seed }))];
    expect(second).not.toEqual(first);
    expect(seed.state).toEqual([9, 2]);
    seed.state = [9, 1];
    expect(bits(random.uniform([4], { seed }))).toEqual(second);
  });

  it("and none at all gives another each time", () => {
    const seeds = new Set(Array.from({ length: 50 }, () => new random.SeedGenerator().seed));
    expect(seeds.size).toBeGreaterThan(45);
  });
});

describe("the drawn tensor", () => {
  beforeEach(() => setRandomSeed(5));

  it("has its shape, empty ones too", () => {
    expect(random.uniform([2, 3]).shape).toEqual([2, 3]);
    expect(random.normal([]).size).toBe(1);
    expect(random.normal([0, 4]).size).toBe(0);
    expect(random.permutation(0).size).toBe(0);
    expect(random.randint([3], 4, 5).array()).toEqual(Int32Array.of(4, 4, 4));
  });

  it("has its distribution", () => {
    const uniform = random.uniform([20_000], { minval: 2, maxval: 4 }).array();
    expect(uniform.every((x) => x >= 2 && x < 4)).toBe(true);
    expect(mean(uniform)).toBeCloseTo(3, 1);
    const normal = random.normal([20_000], { mean: 3, stddev: 2 }).array();
    expect(mean(normal)).toBeCloseTo(3, 1);
    expect(mean(normal.map((x) => (x - 3) ** 2))).toBeGreaterThan(3.8);
    expect(mean(normal.map((x) => (x - 3) ** 2))).toBeLessThan(4.2);
    const truncated = random.truncatedNormal([20_000], { mean: 3, stddev: 2 }).array();
    expect(truncated.every((x) => Math.abs(x - 3) <= 4)).toBe(true);
    expect(mean(random.randint([20_000], 0, 10).array())).toBeCloseTo(4.5, 0);
  });

  it("is a permutation", () => {
    const order = random.permutation(1000).array();
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(order.filter((x, i) => x === i).length).toBeLessThan(10);
  });
});

suite("random refuses", [
  [
    "a seed below 0",
    () => setRandomSeed(-1),
    ValueError,
    "ERR_OPTION_RANGE",
    'setRandomSeed: "seed" must be a whole number, 0 or above, got -1.',
  ],
  [
    "a seed that is not a number",
    () => setRandomSeed("1" as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"seed" must be a number/,
  ],
  ["half a seed", () => random.uniform([1], { seed: 0.5 }), ValueError, "ERR_OPTION_RANGE", /uniform: "seed"/],
  [
    "half a state",
    () => {
      new random.SeedGenerator(1).state = [1] as never;
    },
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /\[seed, calls\]/,
  ],
  [
    "an option it does not know",
    () => random.normal([1], { mu: 1 } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /mean, stddev, dtype, seed/,
  ],
  [
    "a bound that is not a number",
    () => random.uniform([1], { maxval: Number.NaN }),
    ValueError,
    "ERR_OPTION_RANGE",
    /maxval/,
  ],
  ["a shape that is none", () => random.normal([1.5]), ValueError, "ERR_SHAPE", /normal/],
  [
    "an empty range",
    () => random.randint([1], 3, 3),
    ValueError,
    "ERR_OPTION_RANGE",
    /"maxval" must be a whole number, 4 or above/,
  ],
  ["a range beyond int32", () => random.randint([1], 0, 2 ** 31 + 1), ValueError, "ERR_OPTION_RANGE", /maxval/],
  [
    "a rate above 1",
    () => ops.dropout([1], 1.5),
    ValueError,
    "ERR_OPTION_RANGE",
    'dropout: "rate" must be from 0 to 1, got 1.5.',
  ],
]);

describe("a refused call", () => {
  it("draws nothing", () => {
    const seed = new random.SeedGenerator(1);
    expect(() => random.uniform([-1], { seed })).toThrow(ValueError);
    expect(() => ops.dropout("x" as never, 0.5, { seed })).toThrow();
    expect(seed.state).toEqual([1, 0]);
  });
});
