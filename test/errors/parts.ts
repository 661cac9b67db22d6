/**
 * Refusals of activations, initializers, regularizers and constraints.
 */

import { activations, constraints, initializers, regularizers, tensor } from "../../ts/index.js";
import { known } from "../support/known-names.js";
import type { Rows } from "./row.js";

export const functions: Rows = [
  [
    () => activations.glu([[1, 2, 3]] as never),
    "ValueError",
    "ERR_SHAPE",
    "glu: axis 1 must have an even length, got 3.",
  ],
  [
    () => activations.glu(tensor([1, 2]), 1),
    "ValueError",
    "ERR_SHAPE",
    'glu: "axis" must be from -1 to 0 for rank 1, got 1.',
  ],
  [
    () => activations.get("rellu"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No activation is called "rellu". Did you mean "relu"? Known: ${known("activation")}. Pass a function, or its name and the function in customObjects.`,
  ],
  [
    () => activations.get(1 as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "activations.get takes a function, or the name of one, got 1. Pass a layer as the activation of a layer.",
  ],
  [
    () => activations.get({ class_name: "function", config: "rellu" } as never),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No activation is called "rellu". Did you mean "relu"? Known: ${known("activation")}. Pass a function, or its name and the function in customObjects.`,
  ],
  [
    () => activations.serialize(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "Expected a function, as an activation, got 1.",
  ],
  [
    () => activations.serialize((() => 1) as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "A function without a name as an activation cannot be saved. Declare it as function myFunction() { ... }, and pass { myFunction } as customObjects where it is read.",
  ],
  [
    () => activations.serialize(function relu() {} as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'A custom function called "relu" as an activation cannot be saved: a built-in one has this name. Give it another name.',
  ],
  [
    () => activations.softmax(tensor([1]), 1),
    "ValueError",
    "ERR_SHAPE",
    'softmax: "axis" must be from -1 to 0 for rank 1, got 1.',
  ],
  [
    () => activations.elu(tensor([1]), "x" as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'elu: "alpha" must be a number, got "x".',
  ],
  [
    () => activations.squareplus(tensor([1]), -1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'squareplus: "b" must be 0 or above, got -1.',
  ],
  [
    () => activations.hardShrink(tensor([1]), -1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'hardShrink: "threshold" must be 0 or above, got -1.',
  ],
  [
    () => activations.softShrink(tensor([1]), -1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'softShrink: "threshold" must be 0 or above, got -1.',
  ],
  [
    () => activations.threshold(tensor([1]), "x" as never, 1),
    "TypeError",
    "ERR_OPTION_TYPE",
    'threshold: "threshold" must be a number, got "x".',
  ],
  [() => activations.celu(tensor([1]), 0), "ValueError", "ERR_OPTION_RANGE", 'celu: "alpha" must be above 0, got 0.'],
  [
    () => activations.sparsemax(tensor([1]), 1),
    "ValueError",
    "ERR_SHAPE",
    'sparsemax: "axis" must be from -1 to 0 for rank 1, got 1.',
  ],
  [
    () => (activations.relu as (...list: unknown[]) => unknown)([1], 0, 1, 2, 3),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "relu takes at most 4 arguments, got 5.",
  ],
];

export const weights: Rows = [
  [
    () => new initializers.Identity().call([2]),
    "ValueError",
    "ERR_SHAPE",
    "Identity creates matrices, whose shape has two axes, got [2].",
  ],
  [
    () => new initializers.Orthogonal().call([2]),
    "ValueError",
    "ERR_SHAPE",
    "Orthogonal creates weights of two axes or more, got the shape [2].",
  ],
  [
    () => new initializers.Orthogonal({ gain: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Orthogonal: "gain" must be a number, got "x".',
  ],
  [
    () => new initializers.RandomUniform({ minval: 1, maxval: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'RandomUniform: "minval" must be 0, which is "maxval", or below, got 1.',
  ],
  [
    () => new initializers.RandomNormal({ stddev: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'RandomNormal: "stddev" must be 0 or above, got -1.',
  ],
  [
    () => new initializers.RandomNormal({ seed: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'RandomNormal: "seed" must be a whole number or a random.SeedGenerator, got "x".',
  ],
  [
    () => new initializers.GlorotUniform({ seed: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'GlorotUniform: "seed" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new initializers.VarianceScaling({ scale: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'VarianceScaling: "scale" must be above 0, got 0.',
  ],
  [
    () => new initializers.VarianceScaling({ mode: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'VarianceScaling: "mode" must be "fan_in", "fan_out" or "fan_avg", got "x".',
  ],
  [
    () => new initializers.VarianceScaling({ distribution: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'VarianceScaling: "distribution" must be "uniform", "truncated_normal" or "untruncated_normal", got "x".',
  ],
  [
    () => new initializers.Constant({ value: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Constant: "value" must be a number, got "x".',
  ],
  [
    () => new initializers.Constant({ valu: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Constant does not know "valu" (did you mean "value"?). Its options are: value.',
  ],
  [
    () => initializers.get("glorot"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No initializer is called "glorot". Did you mean "GlorotUniform"? Known: ${known("initializer")}. Pass a custom class or function in customObjects.`,
  ],
  [
    () => initializers.get("glorot_unifrom"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No initializer is called "glorot_unifrom". Did you mean "GlorotUniform"? Known: ${known("initializer")}. Pass a custom class or function in customObjects.`,
  ],
  [
    () => initializers.get(1 as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "initializers.get takes an initializer, the name of one, a class, a function or { class_name, config }, got 1.",
  ],
  [
    () => initializers.serialize(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "initializers.serialize takes an initializer, got 1.",
  ],
];

export const penalties: Rows = [
  [() => new regularizers.L1("x" as never), "TypeError", "ERR_OPTION_TYPE", 'L1: "l1" must be a number, got "x".'],
  [() => new regularizers.L1({ l1: -1 }), "ValueError", "ERR_OPTION_RANGE", 'L1: "l1" must be 0 or above, got -1.'],
  [
    () => new regularizers.L2({ l2: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'L2: "l2" must be a number, got "x".',
  ],
  [
    () => new regularizers.L1L2({ l3: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'L1L2 does not know "l3" (did you mean "l1"?). Its options are: l1, l2.',
  ],
  [
    () => new regularizers.OrthogonalRegularizer({ mode: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'OrthogonalRegularizer: "mode" must be "rows" or "columns", got "x".',
  ],
  [
    () => new regularizers.OrthogonalRegularizer({ factor: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'OrthogonalRegularizer: "factor" must be 0 or above, got -1.',
  ],
  [
    () => new regularizers.OrthogonalRegularizer().call(tensor([1])),
    "ValueError",
    "ERR_SHAPE",
    "OrthogonalRegularizer is for matrices, got [1].",
  ],
  [
    () => regularizers.get("l3"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No regularizer is called "l3". Did you mean "L1"? Known: L1, L2, L1L2, OrthogonalRegularizer. Pass a custom class or function in customObjects.',
  ],
  [
    () => new constraints.MaxNorm({ maxValue: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MaxNorm: "maxValue" must be 0 or above, got -1.',
  ],
  [
    () => new constraints.MinMaxNorm({ minValue: 2, maxValue: 1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MinMaxNorm: "minValue" must be 1, which is "maxValue", or below, got 2.',
  ],
  [
    () => new constraints.MinMaxNorm({ rate: 2 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MinMaxNorm: "rate" must be from 0 to 1, got 2.',
  ],
  [
    () => new constraints.UnitNorm({ axis: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'UnitNorm: "axis" must be a number, got "x".',
  ],
  [
    () => constraints.get("max_nrom"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No constraint is called "max_nrom". Did you mean "MaxNorm"? Known: MaxNorm, NonNeg, UnitNorm, MinMaxNorm. Pass a custom class or function in customObjects.',
  ],
  [
    () => constraints.get(1 as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "constraints.get takes a constraint, the name of one, a class, a function or { class_name, config }, got 1.",
  ],
];
