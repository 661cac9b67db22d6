/**
 * The range of every number that an optimizer, a schedule or another class takes: values outside are refused, near the
 * ends and far away, before and after rounding to float32; values inside are accepted.
 */

import { describe, expect, it } from "vitest";
import { LossScaleOptimizer, layers, losses, metrics, type Optimizer, SGD, schedules } from "../../ts/index.js";
import { toKeras } from "../../ts/keras-names.js";
import { BASE_RANGES } from "../../ts/optimizers/options.js";
import { builtInOptimizers } from "../../ts/optimizers/registry.js";
import { type Range, rangeText } from "../../ts/options.js";
import { builtInSchedules } from "../../ts/schedules/registry.js";
import { CLASS_NAMES, isWrapper, make } from "../support/optimizers.js";
import { NEEDED } from "../support/public-classes.js";
import { refusal } from "../support/refusal.js";

type Options = Readonly<Record<string, unknown>>;
type Making = (options: Options) => { getConfig(): Readonly<Record<string, unknown>> };

function checkRefusal(call: () => unknown, code: string, words: string): void {
  const { code: got, message } = refusal(call);
  expect([got, message]).toEqual([code, words]);
}

/** The float32 number after one that is 0 or above. */
function next(x: number): number {
  const bits = Int32Array.of(0);
  const number = new Float32Array(bits.buffer);
  number[0] = x;
  bits[0] = (bits[0] as number) + 1;
  return number[0] as number;
}

/** Numbers just inside of the ends of a range, and just outside. */
function ends({ least, above, most, below }: Range): { inside: number[]; outside: number[] } {
  const inside = [0.5, 3e38, -3e38];
  const outside: number[] = [];
  if (least !== undefined) {
    inside.push(least);
    outside.push(-1, -1e-50, -1.401298464324817e-45);
  }
  if (above !== undefined) {
    inside.push(next(above));
    outside.push(above, -1, above + 1e-50);
  }
  if (most !== undefined) {
    inside.push(most);
    outside.push(next(most), most + 1, most === 0 ? 1e-50 : most + 1e-12);
  }
  if (below !== undefined) {
    inside.push(below - 2 ** -24);
    outside.push(below, below + 1, below - 2 ** -40);
  }
  const isInside = (x: number) =>
    x >= (least ?? x) && x > (above ?? -Infinity) && x <= (most ?? x) && x < (below ?? Infinity);
  return { inside: inside.filter(isInside), outside };
}

function checkNumber(owner: string, name: string, range: Range, making: Making): void {
  const refused = (value: unknown, expected: string, code = "ERR_OPTION_RANGE") => {
    const words = `${owner}: "${name}" must be ${expected}, got ${typeof value === "string" ? JSON.stringify(value) : value}.`;
    checkRefusal(() => making({ [name]: value }), code, words);
  };
  const { inside, outside } = ends(range);
  it(`${name} must be ${rangeText(range)}`, () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) refused(value, "a finite number");
    for (const value of outside) {
      const isRounding = Number.isFinite(value) && !outsideExactly(value, range);
      refused(value, isRounding ? `${rangeText(range)} in float32` : rangeText(range));
    }
    if (range.most === undefined && range.below === undefined) refused(1e39, "within float32, below 3.4e38");
    if (range.least === undefined && range.above === undefined) refused(-1e39, "within float32, below 3.4e38");
    refused("0.5", "a number", "ERR_OPTION_TYPE");
    for (const value of inside) expect(making({ [name]: value }).getConfig()[toKeras(name)], `${value}`).toBe(value);
  });
}

const outsideExactly = (x: number, { least, above, most, below }: Range): boolean =>
  x < (least ?? x) || x <= (above ?? -Infinity) || x > (most ?? x) || x >= (below ?? Infinity);

/** The ranges that a class declares, read off an optimizer of its. */
const rangesOf = (optimizer: Optimizer): Readonly<Record<string, Range>> =>
  (optimizer as unknown as { definition: { ranges: Readonly<Record<string, Range>> } }).definition.ranges;

describe.each(CLASS_NAMES.filter((name) => !isWrapper(name)))("%s", (className) => {
  const made = builtInOptimizers.get(className) as unknown as new (options: Options) => Optimizer;
  const ranges = rangesOf(make(className));
  const making: Making = (options) => new made({ ...options, useEma: true });

  it("declares a range for each of its numbers", () => {
    const config = make(className).getConfig();
    const base = new Set(Object.keys(new SGD().getConfig()).filter((name) => name !== "momentum"));
    const numbers = Object.keys(config).filter((name) => typeof config[name] === "number" && !base.has(name));
    expect(numbers.filter((name) => !Object.keys(ranges).map(toKeras).includes(name))).toEqual([]);
  });

  for (const [name, range] of Object.entries(ranges)) {
    // Whole numbers have their own checks.
    if (name !== "nsSteps") checkNumber(className, name, range, making);
  }
  for (const [name, range] of Object.entries(BASE_RANGES)) checkNumber(className, name, range, making);

  it("accepts no rate beyond float32, from any source", () => {
    const refused = (call: () => unknown, words: string) => checkRefusal(call, "ERR_OPTION_RANGE", words);
    const words = "must be within float32, below 3.4e38, got 1e+39.";
    refused(() => new made({ learningRate: 1e39 }), `${className}: "learningRate" ${words}`);
    const optimizer = new made({ name: "mine" });
    refused(() => {
      optimizer.learningRate = -1e39;
    }, `mine: "learningRate" must be within float32, below 3.4e38, got -1e+39.`);
    for (const rate of [1e39, Number.NaN, Infinity]) {
      const asked = new made({ name: "mine", learningRate: () => rate });
      const expected = rate === 1e39 ? "a number within float32, below 3.4e38" : "a finite number";
      const got = rate === 1e39 ? "1e+39" : rate;
      refused(
        () => asked.learningRate,
        `mine: the learning rate's function must return ${expected}, got ${got} after 0 steps.`,
      );
    }
  });
});

// A sequence has no numbers but its boundaries, whose range is that of a list.
describe.each([...builtInSchedules].filter(([name]) => name !== "SequentialSchedule"))("%s", (className, made) => {
  const ranges = (made as unknown as { ranges?: Readonly<Record<string, Range>> }).ranges ?? {};
  const required = {
    initialLearningRate: 0.1,
    peakLearningRate: 0.1,
    decaySteps: 10,
    decayRate: 0.5,
    firstDecaySteps: 10,
    warmupSteps: 10,
    stableSteps: 10,
    totalSteps: 10,
    maxLearningRate: 0.1,
    baseLearningRate: 0.1,
    inner: 0.1,
  };
  const needed = Object.keys((NEEDED[className]?.[0] ?? {}) as object);
  const own = Object.fromEntries(Object.entries(required).filter(([name]) => name in ranges || needed.includes(name)));
  const making: Making = (options) => new made({ ...own, ...options } as never);
  for (const [name, range] of Object.entries(ranges)) checkNumber(className, name, range, making);
  if (className !== "PiecewiseConstantDecay") return;

  it("takes numbers of float32 in its lists", () => {
    const given = (boundaries: number[], values: number[]) => () =>
      new schedules.PiecewiseConstantDecay({ boundaries, values });
    const words = (name: string) => `${className}: "${name}" must be within float32, below 3.4e38, got 1e+39.`;
    checkRefusal(given([1e39], [1, 2]), "ERR_OPTION_RANGE", words("boundaries[0]"));
    checkRefusal(given([1], [1, 1e39]), "ERR_OPTION_RANGE", words("values[1]"));
  });
});

describe("whole numbers", () => {
  it.each([
    [
      () => new SGD({ gradientAccumulationSteps: 2 ** 32 }),
      'SGD: "gradientAccumulationSteps" must be 4294967295 or below, got 4294967296.',
    ],
    [
      () => new SGD({ emaOverwriteFrequency: 2 ** 32 }),
      'SGD: "emaOverwriteFrequency" must be 4294967295 or below, got 4294967296.',
    ],
    [
      () => new LossScaleOptimizer(new SGD(), { dynamicGrowthSteps: 2 ** 31 }),
      'LossScaleOptimizer: "dynamicGrowthSteps" must be 2147483647 or below, got 2147483648.',
    ],
    [() => new SGD({ lossScaleFactor: 1e-50 }), 'SGD: "lossScaleFactor" must be other than 0 in float32, got 1e-50.'],
  ])("fit what counts them: %s", (call, words) => {
    checkRefusal(call, "ERR_OPTION_RANGE", words);
  });
});

/** Numbers of other classes: the class, the option and its range. */
const OTHERS: readonly (readonly [name: string, made: unknown, option: string, range: Range])[] = [
  ["FBetaScore", metrics.FBetaScore, "threshold", { above: 0, most: 1 }],
  ["FBetaScore", metrics.FBetaScore, "beta", { above: 0 }],
  ["F1Score", metrics.F1Score, "threshold", { above: 0, most: 1 }],
  ["BinaryIoU", metrics.BinaryIoU, "threshold", {}],
  ["BinaryAccuracy", metrics.BinaryAccuracy, "threshold", {}],
  ["Huber", losses.Huber, "delta", { above: 0 }],
  ["Tversky", losses.Tversky, "alpha", { least: 0 }],
  ["Tversky", losses.Tversky, "beta", { least: 0 }],
  ["BinaryFocalCrossentropy", losses.BinaryFocalCrossentropy, "alpha", { least: 0, most: 1 }],
  ["BinaryFocalCrossentropy", losses.BinaryFocalCrossentropy, "gamma", { least: 0 }],
  ["CategoricalFocalCrossentropy", losses.CategoricalFocalCrossentropy, "alpha", { least: 0 }],
  ["CategoricalFocalCrossentropy", losses.CategoricalFocalCrossentropy, "gamma", { least: 0 }],
  ['ELU "n"', layers.ELU, "alpha", {}],
  ['LeakyReLU "n"', layers.LeakyReLU, "negativeSlope", { least: 0 }],
  ['ReLU "n"', layers.ReLU, "maxValue", { least: 0 }],
  ['ReLU "n"', layers.ReLU, "negativeSlope", { least: 0 }],
  ['ReLU "n"', layers.ReLU, "threshold", { least: 0 }],
  ['BatchNormalization "n"', layers.BatchNormalization, "momentum", { least: 0, most: 1 }],
  ['BatchNormalization "n"', layers.BatchNormalization, "epsilon", { least: 0 }],
  ['LayerNormalization "n"', layers.LayerNormalization, "epsilon", { least: 0 }],
];

describe.each(OTHERS)("%s, %#", (owner, made, option, range) => {
  const Made = made as new (options: Options) => ReturnType<Making>;
  checkNumber(owner, option, range, (options) => new Made({ name: "n", ...options }));
});

/** As in Keras, of which the ends are in the range. */
describe.each([
  ["Dropout", (rate: number) => new layers.Dropout(rate, { name: "n" })],
  ["GaussianNoise", (rate: number) => new layers.GaussianNoise(rate, { name: "n" })],
] as const)("the first argument of %s", (owner, make) => {
  it.each([0, 0.5, 1])("may be %d", (rate) => {
    expect(Object.values(make(rate).getConfig())).toContain(rate);
  });

  it.each([-1e-9, 1 + 1e-9, -1, 2, Number.NaN])("may not be %d", (rate) => {
    const { code, message } = refusal(() => make(rate));
    expect(code).toBe("ERR_OPTION_RANGE");
    expect(message.startsWith(`${owner} "n": "`)).toBe(true);
  });
});
