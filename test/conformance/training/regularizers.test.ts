/**
 * Regularizers and constraints against Keras: values, gradients, names, configs, and their place in training.
 */

import { describe, expect, it } from "vitest";
import {
  constraints,
  GradientTape,
  layers,
  ops,
  regularizers,
  SGD,
  tidy,
  ValueError,
  Variable,
  zip,
} from "../../../ts/index.js";
import golden from "../../golden/training/initializers.json";
import { suite } from "../../support/errors.js";
import { expectClose, type GoldenArray, numbers, tensorOf } from "../../support/training-vectors.js";

const variableOf = (array: GoldenArray) => new Variable(numbers(array), { shape: array.shape });
const close = (what: string, got: ArrayLike<number>, expected: GoldenArray) =>
  expectClose(what, got, numbers(expected), golden.tolerance, golden.floor);
const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

describe("regularizers as Keras's", () => {
  it.each(golden.regularizers)("$id", ({ class_name, config, values, expected, gradient }) => {
    const regularizer = regularizers.deserialize({ class_name, config });
    const w = variableOf(values);
    const tape = new GradientTape();
    const penalty = tape.run(() => regularizer.call(w));
    close("value", penalty.array(), expected);
    close("gradient", tape.gradient(penalty, w)?.array() ?? [], gradient);
  });

  it.each(golden.regularizerNames)("$name", ({ name, serialized }) => {
    for (const spelling of [name, camel(name)]) {
      const made = regularizers.get(spelling) as regularizers.Regularizer;
      expect(regularizers.serialize(made)).toEqual(serialized);
    }
    expect(regularizers.serialize(regularizers.deserialize(serialized))).toEqual(serialized);
  });
});

describe("constraints as Keras's", () => {
  it.each(golden.constraints)("$id", ({ class_name, config, values, expected }) => {
    const constraint = constraints.deserialize({ class_name, config });
    close(
      "value",
      tidy(() => constraint.call(tensorOf(values)).array()),
      expected,
    );
    const w = variableOf(values);
    expect(constraint.asFunction()(w)).toBe(null);
    close("in place", w.array(), expected);
  });

  it.each(golden.constraintNames)("$name", ({ name, serialized }) => {
    for (const spelling of [name, camel(name)]) {
      expect(constraints.serialize(constraints.get(spelling) as constraints.Constraint)).toEqual(serialized);
    }
    expect(constraints.serialize(constraints.deserialize(serialized))).toEqual(serialized);
  });

  it("hold after each update of an optimizer", () => {
    const layer = new layers.Dense(1, {
      kernelInitializer: "ones",
      kernelConstraint: "nonNeg",
      biasConstraint: () => [7],
    });
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(layer.apply([[1, -1]])));
    const gradients = tape.gradient(loss, layer.trainableWeights);
    new SGD({ learningRate: 3 }).applyGradients(zip(gradients, layer.trainableWeights));
    expect(layer.weights.map((weight) => [...weight.array()])).toEqual([[0, 4], [7]]);
  });
});

describe("penalties of a layer", () => {
  it("are its weights', and its output's by the batch size", () => {
    const layer = new layers.Dense(1, {
      kernelInitializer: "ones",
      kernelRegularizer: new regularizers.L2(0.5),
      biasRegularizer: (b) => ops.sum(b),
      biasInitializer: () => [3],
      activityRegularizer: new regularizers.L1(1),
    });
    const losses = tidy(() => {
      layer.apply([
        [1, 2],
        [3, 4],
      ]);
      return layer.regularizationLosses().map((loss) => loss.item());
    });
    expect(losses).toEqual([1, 3, 8]);
    // Of the last call, until the next one.
    expect(layer.losses.map((loss) => loss.item())).toEqual([8, 1, 3]);
  });
});

suite("what regularizers and constraints refuse", [
  ["unknown regularizers", () => regularizers.get("l3"), ValueError, "ERR_CONFIG_UNKNOWN_CLASS", /Known: L1, L2, L1L2/],
  [
    "unknown constraints",
    () => constraints.get("max"),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /Known: MaxNorm, NonNeg/,
  ],
  ["a factor below 0", () => new regularizers.L2(-1), ValueError, "ERR_OPTION_RANGE", /"l2" must be 0 or above/],
  [
    "unknown options",
    () => new constraints.MaxNorm({ max: 1 } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /maxValue, axis/,
  ],
  [
    "functions without a name in a config",
    () => new layers.Dense(1, { kernelRegularizer: [(w: Parameters<typeof ops.sum>[0]) => ops.sum(w)][0] }).getConfig(),
    ValueError,
    "ERR_CONFIG_INVALID",
    /^A function without a name as a regularizer cannot be saved/,
  ],
]);
