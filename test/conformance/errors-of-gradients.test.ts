/** Gradients that do not fit, wrong numbers of gradients, and variables of another optimizer. */

import { ArgumentTypeError, SGD, tensor, ValueError, Variable, zip } from "../../ts/index.js";
import { bias, built, kernel, sgd, suite } from "../support/errors.js";

suite("gradients that do not fit", [
  [
    "too few values",
    () => sgd().applyGradients([[new Float32Array(64), kernel()]]),
    ValueError,
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "dense/kernel": expected 640 values (10 x 64), got 64.',
  ],
  [
    "another shape",
    () => sgd().applyGradients([[tensor(new Float32Array(640), [64, 10]), kernel()]]),
    ValueError,
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "dense/kernel": expected 640 values (10 x 64), got 640 values (64 x 10).',
  ],
  [
    "nested, too few",
    () => sgd().apply([[1, 2]], [bias()]),
    ValueError,
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "dense/bias": expected 3 values, got 2.',
  ],
  [
    "a number for three",
    () => sgd().apply([1], [bias()]),
    ValueError,
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "dense/bias": expected 3 values, got 1.',
  ],
  [
    "ragged",
    () =>
      sgd().apply(
        [[[1, 2], [3]]],
        [
          new Variable(
            [
              [1, 2],
              [3, 4],
            ],
            { name: "w" },
          ),
        ],
      ),
    ValueError,
    "ERR_VALUES_SHAPE",
    /"w": nested arrays must have the same length along each axis/,
  ],
  [
    "words in an array",
    () => sgd().apply([["a", "b", "c"]] as never, [bias()]),
    ArgumentTypeError,
    "ERR_VALUES_DTYPE",
    /"dense\/bias": expected numbers, got "a"/,
  ],
  [
    "bytes of no type",
    () => sgd().apply([new DataView(new ArrayBuffer(12))] as never, [bias()]),
    ArgumentTypeError,
    "ERR_GRADIENT_DTYPE",
    'Cannot apply gradients to "dense/bias": expected float32 values, got a DataView. Convert it first: Float32Array.from(gradient).',
  ],
  [
    "a typed array, too few",
    () => sgd().apply([new Uint8Array(2)], [bias()]),
    ValueError,
    "ERR_GRADIENT_SHAPE",
    'Cannot apply gradients to "dense/bias": expected 3 values, got 2.',
  ],
  [
    "a tensor of int32",
    () => sgd().apply([tensor(new Int32Array(3))] as never, [bias()]),
    ArgumentTypeError,
    "ERR_GRADIENT_DTYPE",
    /got a tensor of int32/,
  ],
  [
    "clipGradients",
    () => new SGD({ clipnorm: 1 }).clipGradients([[new Float32Array(64), kernel()]]),
    ValueError,
    "ERR_GRADIENT_SHAPE",
    /"dense\/kernel": expected 640 values \(10 x 64\), got 64/,
  ],
]);

suite("counts, and variables that are not meant", [
  [
    "no gradient at all",
    () =>
      sgd().applyGradients([
        [null, kernel()],
        [null, bias()],
      ]),
    ValueError,
    "ERR_GRADIENT_NONE",
    'sgd: no gradients provided for any variable: "dense/kernel", "dense/bias". The loss must be computed from them, inside the tape.',
  ],
  [
    "no gradient at all, apply",
    () => sgd().apply([null], [bias()]),
    ValueError,
    "ERR_GRADIENT_NONE",
    /no gradients provided/,
  ],
  [
    "more gradients than variables",
    () => sgd().apply([[1, 2, 3], 1], [bias()]),
    ValueError,
    "ERR_GRADIENT_COUNT",
    "sgd: expected 1 gradient, one for each variable, got 2.",
  ],
  [
    "fewer gradients than built for",
    () => {
      const optimizer = sgd();
      optimizer.build([bias(), kernel()]);
      optimizer.apply([[1, 2, 3]]);
    },
    ValueError,
    "ERR_GRADIENT_COUNT",
    "sgd: expected 2 gradients, one for each variable, got 1.",
  ],
  [
    "apply before build",
    () => sgd().apply([[1, 2, 3]]),
    ValueError,
    "ERR_NOT_BUILT",
    "sgd is not built yet: call apply(gradients, variables), or build(variables) first.",
  ],
  [
    "a variable unknown",
    () => built().optimizer.applyGradients([[new Float32Array(640), kernel()]]),
    ValueError,
    "ERR_VARIABLE_UNKNOWN",
    'adam was not built for the variable "dense/kernel". An optimizer keeps the variables of its first build: make a new one and compile the model with it, or call build with all variables, frozen ones too, before the first step.',
  ],
  [
    "a variable twice, at first",
    () => {
      const variable = bias();
      sgd().apply(
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        [variable, variable],
      );
    },
    ValueError,
    "ERR_VARIABLE_DUPLICATE",
    'sgd: the variable "dense/bias" is passed twice. Add its gradients and pass it once.',
  ],
  [
    "a variable twice, later",
    () => {
      const [optimizer, variable, other] = [sgd(), bias(), bias()];
      optimizer.build([variable, other]);
      optimizer.apply(
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        [variable, variable],
      );
    },
    ValueError,
    "ERR_VARIABLE_DUPLICATE",
    /is passed twice/,
  ],
  [
    "a variable twice, build",
    () => {
      const variable = bias();
      sgd().build([variable, variable]);
    },
    ValueError,
    "ERR_VARIABLE_DUPLICATE",
    /is passed twice/,
  ],
  [
    "zip of other lengths",
    () => zip([1, 2], [1]),
    ValueError,
    "ERR_GRADIENT_COUNT",
    "zip: expected two lists of one length, got 2 and 1.",
  ],
  [
    "finalize before build",
    () => new SGD({ useEma: true, name: "sgd" }).finalizeVariableValues([]),
    ValueError,
    "ERR_NOT_BUILT",
    "sgd is not built yet: call build(variables) first.",
  ],
  [
    "finalize of others",
    () => {
      const optimizer = new SGD({ useEma: true, name: "sgd" });
      optimizer.build([bias()]);
      optimizer.finalizeVariableValues([bias()]);
    },
    ValueError,
    "ERR_VARIABLE_UNKNOWN",
    /takes the 1 variable that the optimizer was built for, in that order, got 1/,
  ],
  [
    "finalize without a list",
    () => {
      const optimizer = new SGD({ useEma: true });
      optimizer.build([bias()]);
      optimizer.finalizeVariableValues(5 as never);
    },
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"variables" must be a list, got 5/,
  ],
]);
