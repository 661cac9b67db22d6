/**
 * Every loss against Keras: values, weights, reductions, gradients, names.
 */

import { describe, expect, it } from "vitest";
import { GradientTape, losses, type Tensor } from "../../../ts/index.js";
import { lossFor } from "../../../ts/losses/registry.js";
import golden from "../../golden/training/losses.json";
import goldenMetrics from "../../golden/training/metrics.json";
import { expectClose, type GoldenArray, numbers, tensorOf } from "../../support/training-vectors.js";

interface Case {
  readonly id: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly y_true: GoldenArray;
  readonly y_pred: GoldenArray;
  readonly sample_weight: GoldenArray | null;
  readonly expected: GoldenArray;
  readonly upstream?: GoldenArray;
  readonly gradient: GoldenArray;
}

interface Call {
  readonly id: string;
  readonly function: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly y_true: GoldenArray;
  readonly y_pred: GoldenArray;
  readonly expected: GoldenArray;
}

const CASES = golden.cases as readonly Case[];
const CALLS = golden.functions as readonly Call[];
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function expectGolden(what: string, got: Tensor | null, expected: GoldenArray, tolerance: number): void {
  if (got === null) throw new Error(`${what}: there is none`);
  expect(got.shape, what).toEqual(expected.shape);
  expectClose(what, got.array(), numbers(expected), tolerance, golden.floor);
}

describe("losses as Keras's", () => {
  it.each(CASES)("$id", (entry) => {
    const loss = losses.deserialize(entry);
    const predictions = tensorOf(entry.y_pred);
    const weights = entry.sample_weight === null ? null : tensorOf(entry.sample_weight);
    const tape = new GradientTape();
    tape.watch(predictions);
    const value = tape.run(() => loss.apply(tensorOf(entry.y_true), predictions, weights));
    expectGolden("value", value, entry.expected, golden.tolerance);
    const upstream = entry.upstream === undefined ? [] : [tensorOf(entry.upstream) as Tensor<"float32">];
    const gradient = tape.gradient(value, predictions, { outputGradients: upstream });
    expectGolden("gradient", gradient, entry.gradient, golden.gradientTolerance);
  });

  it.each(CASES)("$id comes back from its own config", (entry) => {
    const saved = losses.serialize(losses.deserialize(entry));
    expect(saved.module).toBe("keras.losses");
    // As nested numbers and whole: what a page's own code passes.
    const loss = losses.deserialize(JSON.parse(JSON.stringify(saved)));
    const weights = entry.sample_weight === null ? undefined : tensorOf(entry.sample_weight);
    const value = loss.apply(tensorOf(entry.y_true), tensorOf(entry.y_pred), weights);
    expectGolden("value", value, entry.expected, golden.tolerance);
  });

  it.each(CALLS)("the function $id", (entry) => {
    const named = losses as unknown as Record<string, (...args: unknown[]) => Tensor>;
    const options = Object.fromEntries(Object.entries(entry.arguments).map(([key, value]) => [camel(key), value]));
    const fn = named[camel(entry.function)];
    if (fn === undefined) throw new Error(`there is no losses.${camel(entry.function)}`);
    expectGolden(
      "values",
      fn(tensorOf(entry.y_true), tensorOf(entry.y_pred), options),
      entry.expected,
      golden.tolerance,
    );
    expect(losses.get(entry.function)).toBe(fn);
    expect(losses.get(camel(entry.function))).toBe(fn);
  });
});

describe("strings in compile", () => {
  it.each(goldenMetrics.lossStrings)(
    "$string for labels of $yTrue and predictions of $yPred is $function",
    ({ string, yTrue, yPred, function: name, name: lossName }) => {
      const loss = lossFor(string, yTrue, yPred);
      expect(loss.name).toBe(lossName);
      expect(loss.constructor).toBe(lossFor(name, yTrue, yPred).constructor);
    },
  );

  // Keras refuses spellings that mix its own.
  const spelledOtherwise = ["logcosh", "Mean_Squared_Error"];

  it.each(goldenMetrics.unknownLosses.filter((name) => !spelledOtherwise.includes(name)))("%s is unknown", (name) => {
    expect(() => losses.get(name)).toThrowError(
      new RegExp(`^No loss is called "${name}"\\.( Did you mean ".*"\\?)? Known: MeanSquaredError, .*, mse, `),
    );
  });

  it.each(spelledOtherwise)("%s is another spelling", (name) => {
    expect(goldenMetrics.unknownLosses).toContain(name);
    expect([losses.logCosh, losses.meanSquaredError]).toContain(losses.get(name));
  });
});
