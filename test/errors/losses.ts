/**
 * Refusals of losses: ts/losses/.
 * Over 300 lines: a table, of one row for each fault.
 */

import { losses, tensor } from "../../ts/index.js";
import { known } from "../support/known-names.js";
import type { Rows } from "./row.js";

const wide = () => tensor(new Float32Array(6), [2, 3]);
/** A loss, called with these arguments. */
const asked =
  (loss: { apply(y: unknown, p: unknown, w?: unknown): unknown }, y: unknown, p: unknown, w?: unknown) => () =>
    loss.apply(y, p, w);

export const creation: Rows = [
  [() => new losses.FunctionLoss(1 as never), "TypeError", "ERR_OPTION_TYPE", "FunctionLoss takes a function, got 1."],
  [
    asked(new losses.FunctionLoss(() => 3 as never), [1], [1]),
    "TypeError",
    "ERR_OPTION_TYPE",
    'The loss "loss" must return a float32 tensor, made by operations from its arguments, got 3.',
  ],
  [
    () => new losses.MeanSquaredError({ reduction: "x" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MeanSquaredError: "reduction" must be "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none" or null, got "x".',
  ],
  [
    () => new losses.MeanSquaredError({ dtype: "float16" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MeanSquaredError: "dtype" must be "float32", got "float16".',
  ],
  [
    () => new losses.MeanSquaredError({ name: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'MeanSquaredError: "name" must be a string, got 1.',
  ],
  [
    () => new losses.MeanSquaredError({ reduce: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'MeanSquaredError does not know "reduce". Its options are: reduction, name, dtype.',
  ],
  [
    () => new losses.MeanSquaredError(1 as never),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MeanSquaredError: "reduction" must be "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none" or null, got 1.',
  ],
  [() => new losses.Huber({ delta: 0 }), "ValueError", "ERR_OPTION_RANGE", 'Huber: "delta" must be above 0, got 0.'],
  [
    () => new losses.CategoricalCrossentropy({ labelSmoothing: 2 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'CategoricalCrossentropy: "labelSmoothing" must be from 0 to 1, got 2.',
  ],
  [
    () => new losses.CategoricalCrossentropy({ fromLogits: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'CategoricalCrossentropy: "fromLogits" must be true or false, got 1.',
  ],
  [
    () => new losses.CategoricalCrossentropy({ axis: 0.5 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'CategoricalCrossentropy: "axis" must be a whole number, -16 or above, got 0.5.',
  ],
  [
    () => new losses.BinaryCrossentropy({ labelSmoothing: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'BinaryCrossentropy: "labelSmoothing" must be from 0 to 1, got -1.',
  ],
  [
    () => new losses.BinaryFocalCrossentropy({ gamma: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'BinaryFocalCrossentropy: "gamma" must be 0 or above, got -1.',
  ],
  [
    () => new losses.BinaryFocalCrossentropy({ alpha: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'BinaryFocalCrossentropy: "alpha" must be a number, got "x".',
  ],
  [
    () => new losses.BinaryFocalCrossentropy({ applyClassBalancing: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'BinaryFocalCrossentropy: "applyClassBalancing" must be true or false, got 1.',
  ],
  [
    () => new losses.CategoricalFocalCrossentropy({ gamma: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'CategoricalFocalCrossentropy: "gamma" must be 0 or above, got -1.',
  ],
  [
    () => new losses.CosineSimilarity({ axis: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'CosineSimilarity: "axis" must be a number, got "x".',
  ],
  [
    () => new losses.SparseCategoricalCrossentropy({ ignoreClass: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'SparseCategoricalCrossentropy: "ignoreClass" must be a number, got "x".',
  ],
  [
    () => new losses.Tversky({ alpha: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'Tversky: "alpha" must be 0 or above, got -1.',
  ],
  [
    () => new losses.Dice({ axis: "x" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Dice: "axis" must be a number, got "x".',
  ],
  [
    () => new losses.Dice({ smooth: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'Dice does not know "smooth". Its options are: reduction, name, dtype, axis.',
  ],
  [
    () => losses.get("mze"),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No loss is called "mze". Did you mean "mse"? Known: ${known("loss")}. Pass a custom class or function in customObjects.`,
  ],
  [
    () => losses.get(1 as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "losses.get takes a loss, the name of one, a class, a function or { class_name, config }, got 1.",
  ],
  [() => losses.serialize(1 as never), "TypeError", "ERR_OPTION_TYPE", "losses.serialize takes a loss, got 1."],
  [
    () => losses.deserialize({ class_name: "function", config: 1 } as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'losses.deserialize: a function has its name in "config", got 1.',
  ],
  [
    () => losses.deserialize({ class_name: "function", config: "mine" } as never),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No function is called "mine", as a loss: pass it in customObjects, as { mine: ... }.',
  ],
  [
    () => losses.serialize((() => 1) as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "A function without a name as a loss cannot be saved. Declare it as function myFunction() { ... }, and pass { myFunction } as customObjects where it is read.",
  ],
  [
    () => losses.serialize(function meanSquaredError() {} as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'A custom function called "meanSquaredError" as a loss cannot be saved: a built-in one has this name. Give it another name.',
  ],
];

export const shapes: Rows = [
  [
    () => losses.meanSquaredError([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "meanSquaredError: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.meanSquaredError("x" as never, [1]),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'meanSquaredError: expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    () => losses.meanSquaredError([1], "x" as never),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'meanSquaredError: expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    asked(new losses.MeanSquaredError(), [1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "meanSquaredError: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    asked(new losses.MeanSquaredError(), [[1], [2]], [[1], [2]], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "mean_squared_error: sample weights of the shape [3] do not fit losses of the shape [2].",
  ],
  [
    asked(new losses.MeanSquaredError(), wide(), wide(), [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "mean_squared_error: sample weights of the shape [3] do not fit losses of the shape [2].",
  ],
  [
    asked(new losses.MeanSquaredError(), [1], [1], "x"),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'mean_squared_error: expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    () => losses.huber([1], [1], { delta: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'huber: "delta" must be above 0, got -1.',
  ],
  [
    () => losses.cosineSimilarity([1], [1], { axis: 3 }),
    "ValueError",
    "ERR_SHAPE",
    'cosineSimilarity: "axis" must be from -1 to 0 for rank 1, got 3.',
  ],
  [
    () => losses.categoricalCrossentropy([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "categoricalCrossentropy: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.categoricalCrossentropy(1, 1),
    "ValueError",
    "ERR_SHAPE",
    "categoricalCrossentropy: expected an output of [..., classes], got [].",
  ],
  [
    () => losses.categoricalCrossentropy([[1]], [[1]], { axis: 2 }),
    "ValueError",
    "ERR_SHAPE",
    'categoricalCrossentropy: "axis" must be from -2 to 1 for rank 2, got 2.',
  ],
  [
    () => losses.categoricalFocalCrossentropy([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "categoricalFocalCrossentropy: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.sparseCategoricalCrossentropy([0, 1, 2], wide()),
    "ValueError",
    "ERR_SHAPE",
    "sparseCategoricalCrossentropy: labels of the shape [3] do not fit predictions of the shape [2, 3].",
  ],
  [
    () => losses.sparseCategoricalCrossentropy([0, 3], wide()),
    "ValueError",
    "ERR_INDEX_RANGE",
    "sparseCategoricalCrossentropy: label 3 at index 1 is out of range: there are 3 classes, counted from 0 to 2.",
  ],
  [
    () => losses.sparseCategoricalCrossentropy([0, 0.5], wide()),
    "ValueError",
    "ERR_VALUES_DTYPE",
    "sparseCategoricalCrossentropy: an int32 holds whole numbers, got 0.5 at index 1.",
  ],
  [
    () => losses.sparseCategoricalCrossentropy(0, 1),
    "ValueError",
    "ERR_SHAPE",
    "sparseCategoricalCrossentropy: expected an input with axes, got a single number.",
  ],
  [
    () => losses.binaryCrossentropy([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "binaryCrossentropy: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.binaryFocalCrossentropy([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "binaryFocalCrossentropy: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.klDivergence([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "klDivergence: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.poisson([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "poisson: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.logCosh([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "logCosh: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.hinge([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "hinge: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.squaredHinge([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "squaredHinge: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.categoricalHinge([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "categoricalHinge: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.meanAbsoluteError([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "meanAbsoluteError: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.meanAbsolutePercentageError([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "meanAbsolutePercentageError: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.meanSquaredLogarithmicError([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "meanSquaredLogarithmicError: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.binaryCrossentropy([1], [1], { axis: 3 }),
    "ValueError",
    "ERR_SHAPE",
    'binaryCrossentropy: "axis" must be from -1 to 0 for rank 1, got 3.',
  ],
  [
    () => losses.binaryFocalCrossentropy([1], [1], { axis: 3 }),
    "ValueError",
    "ERR_SHAPE",
    'binaryFocalCrossentropy: "axis" must be from -1 to 0 for rank 1, got 3.',
  ],
  [
    () => losses.categoricalFocalCrossentropy([1], [1], { axis: 3 }),
    "ValueError",
    "ERR_SHAPE",
    'categoricalFocalCrossentropy: "axis" must be from -1 to 0 for rank 1, got 3.',
  ],
  [
    () => losses.meanSquaredError(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "meanSquaredError: expected an input with axes, got a single number.",
  ],
  [
    () => losses.meanAbsoluteError(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "meanAbsoluteError: expected an input with axes, got a single number.",
  ],
  [
    () => losses.meanAbsolutePercentageError(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "meanAbsolutePercentageError: expected an input with axes, got a single number.",
  ],
  [
    () => losses.meanSquaredLogarithmicError(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "meanSquaredLogarithmicError: expected an input with axes, got a single number.",
  ],
  [() => losses.hinge(1, 0.5), "ValueError", "ERR_SHAPE", "hinge: expected an input with axes, got a single number."],
  [
    () => losses.squaredHinge(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "squaredHinge: expected an input with axes, got a single number.",
  ],
  [
    () => losses.categoricalHinge(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "categoricalHinge: expected an input with axes, got a single number.",
  ],
  [() => losses.huber(1, 0.5), "ValueError", "ERR_SHAPE", "huber: expected an input with axes, got a single number."],
  [
    () => losses.logCosh(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "logCosh: expected an input with axes, got a single number.",
  ],
  [
    () => losses.klDivergence(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "klDivergence: expected an input with axes, got a single number.",
  ],
  [
    () => losses.poisson(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "poisson: expected an input with axes, got a single number.",
  ],
  [
    () => losses.cosineSimilarity(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "cosineSimilarity: expected an input with axes, got a single number.",
  ],
  [
    () => losses.binaryCrossentropy(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "binaryCrossentropy: expected an input with axes, got a single number.",
  ],
  [
    () => losses.binaryFocalCrossentropy(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "binaryFocalCrossentropy: expected an input with axes, got a single number.",
  ],
  [
    () => losses.categoricalFocalCrossentropy(1, 0.5),
    "ValueError",
    "ERR_SHAPE",
    "categoricalFocalCrossentropy: expected an input with axes, got a single number.",
  ],
  [
    () => losses.dice([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "dice: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.dice([1], [1], { axis: 3 }),
    "ValueError",
    "ERR_SHAPE",
    'dice: "axis" must be from -1 to 0 for rank 1, got 3.',
  ],
  [
    () => losses.tversky([1, 2], [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "tversky: labels of the shape [2] do not fit predictions of the shape [3].",
  ],
  [
    () => losses.tversky([1], [1], { beta: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'tversky: "beta" must be 0 or above, got -1.',
  ],
  [
    asked(new losses.SparseCategoricalCrossentropy({ ignoreClass: 0 }), [0, 1], wide(), [1, 2, 3]),
    "ValueError",
    "ERR_SHAPE",
    "sparse_categorical_crossentropy: sample weights of the shape [3] do not fit losses of the shape [2].",
  ],
  [
    () => new losses.SparseCategoricalCrossentropy().labelRange(1 as never),
    "TypeError",
    "ERR_SHAPE",
    "labelRange takes the shape of an output, got 1.",
  ],
];
