/** Initializers: their distributions, by Keras; names and configs in both spellings. */

import { describe, expect, it } from "vitest";
import { initializers, random, setRandomSeed, ValueError } from "../../../ts/index.js";
import golden from "../../golden/training/initializers.json";
import { suite } from "../../support/errors.js";
import { expectClose, type GoldenArray, numbers } from "../../support/training-vectors.js";

interface Case {
  readonly id: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly initializedShape: readonly number[];
  readonly distribution: "uniform" | "normal" | "truncated_normal";
  readonly minval?: number;
  readonly maxval?: number;
  readonly mean?: number;
  readonly stddev?: number;
}

const make = (class_name: string, config: object) => initializers.deserialize({ class_name, config });
const valuesOf = (initializer: initializers.Initializer, shape: readonly number[]) => {
  const values = initializer.call(shape);
  return [...(values as ReturnType<typeof random.uniform>).array()];
};

describe("distributions of initializers", () => {
  it.each(golden.cases as readonly Case[])("$id", ({ class_name, config, initializedShape, ...from }) => {
    const values = valuesOf(make(class_name, { ...config, seed: 5 }), initializedShape);
    const { minval, maxval, mean, stddev, distribution } = from;
    const own =
      distribution === "uniform"
        ? random.uniform(initializedShape, { minval, maxval, seed: 5 })
        : random[distribution === "normal" ? "normal" : "truncatedNormal"](initializedShape, { mean, stddev, seed: 5 });
    expectClose("values", values, [...own.array()], 1e-6, golden.floor);
  });
});

describe("deterministic initializers", () => {
  it.each(golden.constants)("$class_name $config", ({ class_name, config, expected }) => {
    const values = valuesOf(make(class_name, config), expected.shape);
    expect(values).toEqual([...numbers(expected as GoldenArray)]);
  });
});

describe("orthogonal matrices", () => {
  it.each(golden.orthogonal)("$initializedShape", ({ initializedShape, gain }) => {
    const values = valuesOf(new initializers.Orthogonal({ gain, seed: 3 }), initializedShape);
    const columns = initializedShape.at(-1) as number;
    const rows = values.length / columns;
    const at = (i: number, j: number) => (rows < columns ? values[i * columns + j] : values[j * columns + i]) ?? 0;
    const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
    // A square padded with zeros is orthogonal too.
    expect(values.filter((value) => value === 0)).toHaveLength(0);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k <= i; k++) {
        let sum = 0;
        for (let j = 0; j < length; j++) sum += at(i, j) * at(k, j);
        expect(sum).toBeCloseTo(i === k ? gain * gain : 0, 5);
      }
    }
  });
});

describe("initializers by name", () => {
  it.each(golden.names)("$name", ({ name, serialized }) => {
    const made = initializers.get(name) as initializers.Initializer;
    expect(initializers.serialize(made)).toEqual(serialized);
    expect(initializers.deserialize(serialized).getConfig()).toEqual(serialized.config);
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    expect(initializers.serialize(initializers.get(camel) as initializers.Initializer)).toEqual(serialized);
  });

  it("gives instances and functions back", () => {
    const ones = new initializers.Ones();
    const half = () => 0.5;
    expect(initializers.get(ones)).toBe(ones);
    expect(initializers.get(half)).toBe(half);
  });
});

describe("seeds", () => {
  it("repeat, and differ between initializers that were given none", () => {
    setRandomSeed(4);
    const [a, b] = [new initializers.GlorotUniform(), new initializers.GlorotUniform()];
    const first = valuesOf(a, [3, 4]);
    expect(valuesOf(a, [3, 4])).toEqual(first);
    expect(valuesOf(b, [3, 4])).not.toEqual(first);
    setRandomSeed(4);
    expect(valuesOf(new initializers.GlorotUniform(), [3, 4])).toEqual(first);
  });

  it("of a generator continue", () => {
    const initializer = new initializers.HeNormal({ seed: new random.SeedGenerator(1) });
    expect(valuesOf(initializer, [4])).not.toEqual(valuesOf(initializer, [4]));
  });
});

suite("what initializers refuse", [
  ["unknown names", () => initializers.get("xavier"), ValueError, "ERR_CONFIG_UNKNOWN_CLASS", /Known: .*GlorotUniform/],
  [
    "unknown modes",
    () => new initializers.VarianceScaling({ mode: "fan" as never }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"mode" must be "fan_in", "fan_out" or "fan_avg"/,
  ],
  [
    "a scale of 0",
    () => new initializers.VarianceScaling({ scale: 0 }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"scale" must be above 0/,
  ],
  ["a vector for Identity", () => new initializers.Identity().call([3]), ValueError, "ERR_SHAPE", /two axes/],
  ["a vector for Orthogonal", () => new initializers.Orthogonal().call([3]), ValueError, "ERR_SHAPE", /two axes/],
  [
    "unknown options",
    () => new initializers.GlorotNormal({ scale: 2 } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /does not know "scale"/,
  ],
]);
