/**
 * Refusals of state, disposed objects, variables and tensors.
 */

import {
  Adam,
  ArgumentTypeError,
  DisposedError,
  LossScaleOptimizer,
  tensor,
  ValueError,
  Variable,
} from "../../ts/index.js";
import { bias, built, type Row, sgd, suite } from "../support/errors.js";

suite("state", [
  [
    "too many weights",
    () => {
      const { optimizer } = built();
      optimizer.setWeights([...optimizer.getWeights(), 1]);
    },
    ValueError,
    "ERR_WEIGHTS_COUNT",
    "adam: setWeights expected 3 arrays (adam/iteration, adam/dense_bias_momentum, adam/dense_bias_velocity), got 4.",
  ],
  [
    "weights before build",
    () => new Adam({ name: "adam" }).setWeights([0, [1], [1]]),
    ValueError,
    "ERR_WEIGHTS_COUNT",
    /expected 1 array .*got 3\. The optimizer has no slots before build\(variables\)\./,
  ],
  [
    "weights of another shape",
    () => built().optimizer.setWeights([0, tensor([[1, 2, 3]]), [1, 2, 3]]),
    ValueError,
    "ERR_WEIGHTS_SHAPE",
    'adam: entry 1 of setWeights, "adam/dense_bias_momentum": expected the shape [3], got [1, 3].',
  ],
  [
    "weights of another length",
    () => built().optimizer.setWeights([0, [1, 2, 3], [1, 2]]),
    ValueError,
    "ERR_VALUES_SHAPE",
    /entry 2 of setWeights.*expected 3 values, got 2/,
  ],
  [
    "a counter with a fraction",
    () => built().optimizer.setWeights([1.5, [1, 2, 3], [1, 2, 3]]),
    ValueError,
    "ERR_VALUES_DTYPE",
    /entry 0 of setWeights.*a whole number, got 1.5/,
  ],
  [
    "a counter below 0",
    () => built().optimizer.setWeights([-1, [1, 2, 3], [1, 2, 3]]),
    ValueError,
    "ERR_WEIGHTS_SHAPE",
    /0 or above, got -1/,
  ],
  [
    "weights that are not a list",
    () => built().optimizer.setWeights({} as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /takes the list that getWeights returns/,
  ],
  [
    "weights in bytes of no type",
    () => built().optimizer.setWeights([0, new ArrayBuffer(12), [1, 2, 3]] as never),
    ArgumentTypeError,
    "ERR_VALUES_DTYPE",
    /entry 1/,
  ],
]);

const gone = <T extends { dispose(): void }>(made: T): T => {
  made.dispose();
  return made;
};

suite("after dispose", [
  [
    "a variable's value",
    () => gone(bias()).value,
    DisposedError,
    "ERR_DISPOSED",
    'Variable "dense/bias" was disposed of. Make a new one, or dispose of it later.',
  ],
  ["a variable's array", () => gone(bias()).array(), DisposedError, "ERR_DISPOSED", /"dense\/bias"/],
  ["a variable's assign", () => gone(bias()).assign([1, 2, 3]), DisposedError, "ERR_DISPOSED", /"dense\/bias"/],
  [
    "a variable in a step",
    () => sgd().apply([[1, 2, 3]], [gone(bias())]),
    DisposedError,
    "ERR_DISPOSED",
    /"dense\/bias"/,
  ],
  ["a variable in build", () => sgd().build([gone(bias())]), DisposedError, "ERR_DISPOSED", /"dense\/bias"/],
  [
    "a variable of a built optimizer",
    () => {
      const { optimizer, variable } = built();
      variable.dispose();
      optimizer.apply([[1, 2, 3]]);
    },
    DisposedError,
    "ERR_DISPOSED",
    /"dense\/bias"/,
  ],
  [
    "a tensor's value",
    () => gone(tensor([[1, 2]])).value,
    DisposedError,
    "ERR_DISPOSED",
    "This tensor (1 x 2) was disposed of. Make a new one.",
  ],
  [
    "a tensor as a gradient",
    () => sgd().apply([gone(tensor([1, 2, 3]))], [bias()]),
    DisposedError,
    "ERR_DISPOSED",
    /tensor/,
  ],
  ...(["applyGradients", "apply", "build", "clipGradients"] as const).map(
    (method): Row => [
      `an optimizer's ${method}`,
      () => gone(built().optimizer)[method]([] as never),
      DisposedError,
      "ERR_DISPOSED",
      'The optimizer "adam" was disposed of. Make a new one.',
    ],
  ),
  [
    "an optimizer's step",
    () => gone(built().optimizer).applyGradients([[[1, 2, 3], bias()]]),
    DisposedError,
    "ERR_DISPOSED",
    /"adam"/,
  ],
  ["an optimizer's weights", () => gone(built().optimizer).getWeights(), DisposedError, "ERR_DISPOSED", /"adam"/],
  ["an optimizer's variables", () => gone(built().optimizer).variables, DisposedError, "ERR_DISPOSED", /"adam"/],
  ["setting weights", () => gone(built().optimizer).setWeights([0]), DisposedError, "ERR_DISPOSED", /"adam"/],
  [
    "exclusions",
    () => gone(built().optimizer).excludeFromWeightDecay({ varNames: [] }),
    DisposedError,
    "ERR_DISPOSED",
    /"adam"/,
  ],
  [
    "the inner optimizer",
    () => gone(new LossScaleOptimizer(built().optimizer)).apply([[1, 2, 3]], [bias()]),
    DisposedError,
    "ERR_DISPOSED",
    /disposed of/,
  ],
]);

suite("values of variables and tensors", [
  [
    "values that do not fill the shape",
    () => new Variable([1, 2, 3], { shape: [2, 2], name: "w" }),
    ValueError,
    "ERR_VALUES_SHAPE",
    'Variable "w": expected 4 values (2 x 2), got 3 values.',
  ],
  [
    "ragged",
    () => new Variable([[1, 2], [3]], { name: "w" }),
    ValueError,
    "ERR_VALUES_SHAPE",
    /nested arrays must have the same length along each axis/,
  ],
  ["words", () => new Variable(["a"] as never), ArgumentTypeError, "ERR_VALUES_DTYPE", /expected numbers, got "a"/],
  [
    "an ArrayBuffer",
    () => new Variable(new ArrayBuffer(8) as never),
    ArgumentTypeError,
    "ERR_VALUES_DTYPE",
    /Give its bytes a type: new Float32Array\(buffer\)/,
  ],
  ["undefined", () => new Variable(undefined as never), ArgumentTypeError, "ERR_VALUES_DTYPE", /got undefined/],
  ["a shape below 0", () => new Variable([1], { shape: [-1] }), ValueError, "ERR_SHAPE", /whole numbers, 0 or above/],
  [
    "a shape that is a number",
    () => new Variable([1], { shape: 1 } as never),
    ArgumentTypeError,
    "ERR_SHAPE",
    /must be an array of lengths/,
  ],
  [
    "an unknown option",
    () => new Variable([1], { dtype: "float32" } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /Variable does not know "dtype"/,
  ],
  [
    "assign of another length",
    () => bias().assign([1, 2]),
    ValueError,
    "ERR_VALUES_SHAPE",
    'Variable "dense/bias": expected 3 values, got 2 values.',
  ],
  [
    "a tensor of another dtype",
    () => tensor([1], [1], "float64" as never),
    ArgumentTypeError,
    "ERR_VALUES_DTYPE",
    /"dtype" must be "float32" or "int32"/,
  ],
  [
    "fractions in an int32",
    () => tensor([1.5], [1], "int32"),
    ValueError,
    "ERR_VALUES_DTYPE",
    /whole numbers, got 1.5 at index 0/,
  ],
]);
