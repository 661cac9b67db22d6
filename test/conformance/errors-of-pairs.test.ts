/** Malformed pairs are TypeErrors; the classes of errors. */

import { expect, it } from "vitest";
import { ArgumentTypeError, tensor, ValueError } from "../../ts/index.js";
import { bias, sgd, suite } from "../support/errors.js";
import { refusal } from "../support/refusal.js";

it("the classes", () => {
  const values = refusal(() => sgd().applyGradients([[new Float32Array(2), bias()]]));
  expect(values).toBeInstanceOf(ValueError);
  expect(values).toBeInstanceOf(Error);
  expect(values).not.toBeInstanceOf(TypeError);
  expect(values.name).toBe("ValueError");
  const types = refusal(() => sgd().applyGradients([5] as never));
  expect(types).toBeInstanceOf(ArgumentTypeError);
  expect(types).toBeInstanceOf(TypeError);
  expect(types.name).toBe("TypeError");
});

suite("malformed pairs are TypeErrors", [
  [
    "null",
    () => sgd().applyGradients(null as never),
    ArgumentTypeError,
    "ERR_PAIRS_MALFORMED",
    "applyGradients takes a list of [gradient, variable] pairs, got null.",
  ],
  [
    "a string",
    () => sgd().applyGradients("pairs" as never),
    ArgumentTypeError,
    "ERR_PAIRS_MALFORMED",
    /takes a list of \[gradient, variable\] pairs, got "pairs"/,
  ],
  [
    "no pair",
    () => sgd().applyGradients([[1, bias()], 5] as never),
    ArgumentTypeError,
    "ERR_PAIRS_MALFORMED",
    "applyGradients: entry 1 must be a [gradient, variable] pair, as of zip(gradients, variables), got 5.",
  ],
  [
    "a triple",
    () => sgd().applyGradients([[1, bias(), 2]] as never),
    ArgumentTypeError,
    "ERR_PAIRS_MALFORMED",
    "applyGradients: entry 0 must be a [gradient, variable] pair, as of zip(gradients, variables), got an array of 3.",
  ],
  [
    "swapped",
    () => sgd().applyGradients([[bias(), tensor([1, 2, 3])]] as never),
    ArgumentTypeError,
    "ERR_PAIRS_MALFORMED",
    /second part of entry 0 must be a Variable.*Gradient and variable look swapped\.$/,
  ],
  [
    "no variable",
    () =>
      sgd().applyGradients([
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
      ] as never),
    ArgumentTypeError,
    "ERR_PAIRS_MALFORMED",
    /second part of entry 0 must be a Variable, got an array of 3\.$/,
  ],
  [
    "no gradient but undefined",
    () => sgd().applyGradients([[undefined, bias()]] as never),
    ArgumentTypeError,
    "ERR_PAIRS_MALFORMED",
    /"dense\/bias": expected a gradient .*, or null\), got undefined/,
  ],
  [
    "a gradient in words",
    () => sgd().applyGradients([["1", bias()]] as never),
    ArgumentTypeError,
    "ERR_PAIRS_MALFORMED",
    /got "1"/,
  ],
  [
    "apply without a list",
    () => sgd().apply(5 as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"gradients" must be a list, got 5/,
  ],
  [
    "apply with a variable for a list",
    () => sgd().apply([[1, 2, 3]], bias() as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"variables" must be a list/,
  ],
  [
    "apply with no variables",
    () => sgd().apply([[1]], [1] as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"variables" must be Variables, got 1 at index 0\./,
  ],
  [
    "build without variables",
    () => sgd().build([1] as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    'sgd: "variables" must be Variables, got 1 at index 0.',
  ],
  [
    "build without a list",
    () => sgd().build(bias() as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"variables" must be a list/,
  ],
  [
    "options that are not an object",
    () => sgd().applyGradients([[[1, 2, 3], bias()]], "name" as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /applyGradients takes one object with options/,
  ],
  [
    "a name that is not a string",
    () => sgd().applyGradients([[[1, 2, 3], bias()]], { name: 1 } as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"name" must be a string, got 1/,
  ],
]);
