/**
 * Every error of the API: its class, its code and what it says. Messages name whose it is, what was
 * expected, what came, and what to do; those pinned in full are the ones that people meet most.
 */

import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  Adam,
  AdamW,
  ArgumentTypeError,
  DisposedError,
  Ftrl,
  Lion,
  LossScaleOptimizer,
  Muon,
  optimizers,
  RMSprop,
  SGD,
  schedules,
  tensor,
  ValueError,
  Variable,
  zip,
} from "../../ts/index.js";
import { CLASS_NAMES } from "../support/optimizers.js";
import { refusal } from "../support/refusal.js";

const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
beforeEach(() => void warn.mockClear());

type ErrorClass = typeof ValueError | typeof ArgumentTypeError | typeof DisposedError;
type Row = readonly [what: string, call: () => unknown, type: ErrorClass, code: string, message: string | RegExp];

function check([what, call, type, code, message]: Row): void {
  const error = refusal(call);
  expect(error, `${what}: ${error.stack}`).toBeInstanceOf(type);
  expect(error.code, what).toBe(code);
  if (typeof message === "string") expect(error.message, what).toBe(message);
  else expect(error.message, what).toMatch(message);
}

const suite = (name: string, rows: readonly Row[]) =>
  describe(name, () => {
    it.each(rows.map((row) => [row[0], row] as const))("%s", (_, row) => check(row));
  });

const kernel = () => new Variable(new Float32Array(640), { shape: [10, 64], name: "dense/kernel" });
const bias = () => new Variable([1, 2, 3], { name: "dense/bias" });
const sgd = () => new SGD({ name: "sgd" });
const built = () => {
  const optimizer = new Adam({ name: "adam" });
  const variable = bias();
  optimizer.build([variable]);
  return { optimizer, variable };
};

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
    "applyGradients: entry 1 must be a [gradient, variable] pair, got 5.",
  ],
  [
    "a triple",
    () => sgd().applyGradients([[1, bias(), 2]] as never),
    ArgumentTypeError,
    "ERR_PAIRS_MALFORMED",
    "applyGradients: entry 0 must be a [gradient, variable] pair, got an array of 3.",
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
    /takes Variables, got 1/,
  ],
  [
    "build without variables",
    () => sgd().build([1] as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    "sgd: build takes Variables, got 1 at 0.",
  ],
  [
    "build without a list",
    () => sgd().build(bias() as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /build takes a list of variables/,
  ],
  [
    "options that are no object",
    () => sgd().applyGradients([[[1, 2, 3], bias()]], "name" as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /applyGradients takes one object with options/,
  ],
  [
    "a name that is no string",
    () => sgd().applyGradients([[[1, 2, 3], bias()]], { name: 1 } as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"name" must be a string, got 1/,
  ],
]);

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
    /"w": nested arrays must be of one length on each axis/,
  ],
  [
    "words in an array",
    () => sgd().apply([["a", "b", "c"]] as never, [bias()]),
    ArgumentTypeError,
    "ERR_VALUES_DTYPE",
    /"dense\/bias": expected numbers, got "a"/,
  ],
  [
    "float64",
    () => sgd().apply([new Float64Array(3)] as never, [bias()]),
    ArgumentTypeError,
    "ERR_GRADIENT_DTYPE",
    'Cannot apply gradients to "dense/bias": expected float32 values, got a Float64Array. Convert it first: Float32Array.from(gradient).',
  ],
  [
    "int32",
    () => sgd().apply([new Int32Array(3)] as never, [bias()]),
    ArgumentTypeError,
    "ERR_GRADIENT_DTYPE",
    /got a Int32Array/,
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
    'sgd: no gradients provided for any variable: "dense/kernel", "dense/bias".',
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
    "sgd: expected 1 gradients, one for each variable, got 2.",
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
    'adam was not built for the variable "dense/kernel". Build an optimizer with all variables at once: build(variables).',
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
    'sgd: the variable "dense/bias" comes twice. Add its gradients and pass it once.',
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
    /comes twice/,
  ],
  [
    "a variable twice, build",
    () => {
      const variable = bias();
      sgd().build([variable, variable]);
    },
    ValueError,
    "ERR_VARIABLE_DUPLICATE",
    /comes twice/,
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
    /takes the 1 variables it was built for, in that order, got 1/,
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

suite("options", [
  [
    "unknown",
    () => new SGD({ lr: 0.1 } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    'SGD does not know "lr". Its options are: learningRate, weightDecay, clipnorm, clipvalue, globalClipnorm, useEma, emaMomentum, emaOverwriteFrequency, lossScaleFactor, gradientAccumulationSteps, name, momentum, nesterov.',
  ],
  [
    "no object",
    () => new SGD(0.1 as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    "SGD takes one object with options, such as { learningRate: ... }, got 0.1.",
  ],
  ["null", () => new SGD(null as never), ArgumentTypeError, "ERR_OPTION_TYPE", /got null/],
  [
    "an option of applyGradients",
    () => sgd().applyGradients([], { clip: true } as never),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /applyGradients does not know "clip"\. Its options are: name, experimentalAggregateGradients\./,
  ],
  [
    "a rate of NaN",
    () => new Adam({ learningRate: Number.NaN }),
    ValueError,
    "ERR_OPTION_RANGE",
    'Adam: "learningRate" must be a finite number, got NaN.',
  ],
  ["a rate of infinity", () => new Adam({ learningRate: Infinity }), ValueError, "ERR_OPTION_RANGE", /finite/],
  [
    "a rate in words",
    () => new Adam({ learningRate: "0.1" } as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    'Adam: "learningRate" must be a number, a LearningRateSchedule or a function without arguments, got "0.1".',
  ],
  ["a rate of null", () => new Adam({ learningRate: null } as never), ArgumentTypeError, "ERR_OPTION_TYPE", /got null/],
  [
    "two clips",
    () => new Adam({ clipnorm: 1, clipvalue: 1 }),
    ValueError,
    "ERR_OPTION_CONFLICT",
    "Adam: only one of clipnorm, clipvalue and globalClipnorm can be set, got clipnorm and clipvalue.",
  ],
  [
    "two clips, one of them 0",
    () => new Adam({ clipnorm: 0, globalClipnorm: 1 }),
    ValueError,
    "ERR_OPTION_CONFLICT",
    /got clipnorm and globalClipnorm/,
  ],
  [
    "an own argument of NaN",
    () => new Adam({ beta1: Number.NaN }),
    ValueError,
    "ERR_OPTION_RANGE",
    'Adam: "beta1" must be a finite number, got NaN.',
  ],
  [
    "an own argument in words",
    () => new Adam({ epsilon: "small" } as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    'Adam: "epsilon" must be a number, got "small".',
  ],
  [
    "a switch that is a number",
    () => new Adam({ amsgrad: 1 } as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    'Adam: "amsgrad" must be true or false, got 1.',
  ],
  [
    "null for an argument",
    () => new Adam({ beta1: null } as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"beta1" must be a number, got null/,
  ],
  [
    "weight decay of infinity",
    () => new SGD({ weightDecay: -Infinity }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"weightDecay" must be a finite number/,
  ],
  [
    "a clip below 0",
    () => new SGD({ clipvalue: -1 }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"clipvalue" must be 0 or above, got -1/,
  ],
  [
    "a loss scale of 0",
    () => new SGD({ lossScaleFactor: 0 }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"lossScaleFactor" must be other than 0/,
  ],
  [
    "accumulation of 1",
    () => new SGD({ gradientAccumulationSteps: 1 }),
    ValueError,
    "ERR_OPTION_RANGE",
    'SGD: "gradientAccumulationSteps" must be a whole number, 2 or above, got 1.',
  ],
  [
    "accumulation of 2.5",
    () => new SGD({ gradientAccumulationSteps: 2.5 }),
    ValueError,
    "ERR_OPTION_RANGE",
    /whole number/,
  ],
  [
    "EMA momentum above 1",
    () => new SGD({ useEma: true, emaMomentum: 1.5 }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"emaMomentum" must be from 0 to 1, got 1.5/,
  ],
  [
    "EMA overwriting at fractions",
    () => new SGD({ useEma: true, emaOverwriteFrequency: 0.5 }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"emaOverwriteFrequency" must be a whole number, 1 or above/,
  ],
  [
    "a name that is no string",
    () => new SGD({ name: 5 } as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"name" must be a string/,
  ],
  [
    "SGD's momentum",
    () => new SGD({ momentum: 2 }),
    ValueError,
    "ERR_OPTION_RANGE",
    'SGD: "momentum" must be from 0 to 1, got 2.',
  ],
  ["Lion's beta1 of 0", () => new Lion({ beta1: 0 }), ValueError, "ERR_OPTION_RANGE", /"beta1"/],
  [
    "Ftrl's power above 0",
    () => new Ftrl({ learningRatePower: 0.5 }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"learningRatePower"/,
  ],
  [
    "Ftrl's accumulator below 0",
    () => new Ftrl({ initialAccumulatorValue: -1 }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"initialAccumulatorValue"/,
  ],
  [
    "AdamW without weight decay",
    () => new AdamW({ weightDecay: null } as never),
    ValueError,
    "ERR_OPTION_RANGE",
    /"weightDecay"/,
  ],
  [
    "Muon's patterns",
    () => new Muon({ excludeLayers: ["("] }),
    ValueError,
    "ERR_OPTION_RANGE",
    /"excludeLayers" must be regular expressions/,
  ],
  [
    "LossScaleOptimizer round nothing",
    () => new LossScaleOptimizer({} as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /takes an optimizer and options/,
  ],
  [
    "LossScaleOptimizer with a base option",
    () => new LossScaleOptimizer(sgd(), { clipnorm: 1 } as never),
    ValueError,
    "ERR_OPTION_CONFLICT",
    /does not take "clipnorm"\. Set it on the optimizer inside/,
  ],
  [
    "LossScaleOptimizer round another",
    () => new LossScaleOptimizer(new LossScaleOptimizer(sgd())),
    ValueError,
    "ERR_OPTION_CONFLICT",
    /already scales the loss/,
  ],
  [
    "exclusions that are a string",
    () => sgd().excludeFromWeightDecay({ varNames: "bias" }),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"varNames"/,
  ],
  [
    "exclusions that are numbers",
    () => sgd().excludeFromWeightDecay({ varNames: 5 } as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"varNames" must be a list/,
  ],
  [
    "exclusions that are no patterns",
    () => sgd().excludeFromWeightDecay({ varNames: ["*"] }),
    ValueError,
    "ERR_OPTION_RANGE",
    /regular expressions/,
  ],
  [
    "exclusions that are no variables",
    () => sgd().excludeFromWeightDecay({ varList: ["bias"] } as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /"varList" takes Variables, got "bias"/,
  ],
]);

suite("learning rates", [
  [
    "a number over a schedule",
    () => {
      const learningRate = new schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 9 });
      new SGD({ learningRate, name: "sgd" }).learningRate = 0.1;
    },
    ArgumentTypeError,
    "ERR_LEARNING_RATE_FIXED",
    "sgd was made with a schedule as its learning rate, so a number cannot be set. Set another schedule or function, or make the optimizer with a number.",
  ],
  [
    "a number over a function",
    () => {
      new SGD({ learningRate: () => 1 }).learningRate = 0.1;
    },
    ArgumentTypeError,
    "ERR_LEARNING_RATE_FIXED",
    /was made with a function/,
  ],
  [
    "set to NaN",
    () => {
      sgd().learningRate = Number.NaN;
    },
    ValueError,
    "ERR_OPTION_RANGE",
    'sgd: "learningRate" must be a finite number, got NaN.',
  ],
  [
    "a function that gives NaN",
    () => new SGD({ learningRate: () => Number.NaN, name: "sgd" }).apply([1], [new Variable(1)]),
    ValueError,
    "ERR_OPTION_RANGE",
    "sgd: the learning rate's function must give a finite number, got NaN after 0 steps.",
  ],
  [
    "a function in a config",
    () => new SGD({ learningRate: () => 1, name: "sgd" }).getConfig(),
    ValueError,
    "ERR_CONFIG_INVALID",
    /a function as learning rate cannot be put into a config/,
  ],
]);

suite("state", [
  [
    "too many weights",
    () => {
      const { optimizer } = built();
      optimizer.setWeights([...optimizer.getWeights(), 1]);
    },
    ValueError,
    "ERR_WEIGHTS_COUNT",
    "adam: setWeights expected 3 entries (adam/iteration, adam/dense_bias_momentum, adam/dense_bias_velocity), got 4.",
  ],
  [
    "weights before build",
    () => new Adam({ name: "adam" }).setWeights([0, [1], [1]]),
    ValueError,
    "ERR_WEIGHTS_COUNT",
    /expected 1 entries .*got 3\. The optimizer has no slots before build\(variables\)\./,
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
    /entry 0 of setWeights.*whole numbers, got 1.5/,
  ],
  [
    "a counter below 0",
    () => built().optimizer.setWeights([-1, [1, 2, 3], [1, 2, 3]]),
    ValueError,
    "ERR_WEIGHTS_SHAPE",
    /0 or above, got -1/,
  ],
  [
    "weights that are no list",
    () => built().optimizer.setWeights({} as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /takes the list that getWeights gives/,
  ],
  [
    "weights in float64",
    () => built().optimizer.setWeights([0, new Float64Array(3), [1, 2, 3]] as never),
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
    "the optimizer inside",
    () => gone(new LossScaleOptimizer(built().optimizer)).apply([[1, 2, 3]], [bias()]),
    DisposedError,
    "ERR_DISPOSED",
    /disposed of/,
  ],
]);

suite("names and configs", [
  [
    "an unknown name",
    () => optimizers.get("adamm"),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No optimizer is called "adamm". Known: ${CLASS_NAMES.join(", ")}. Pass a class of your own in customObjects.`,
  ],
  [
    "a name from the prototype",
    () => optimizers.get("__proto__"),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /No optimizer is called "__proto__"/,
  ],
  ["a name from Object", () => optimizers.get("constructor"), ValueError, "ERR_CONFIG_UNKNOWN_CLASS", /Known: SGD/],
  [
    "a number",
    () => optimizers.get(5 as never),
    ValueError,
    "ERR_CONFIG_INVALID",
    /takes an optimizer, the name of one/,
  ],
  ["a class", () => optimizers.get(Adam as never), ValueError, "ERR_CONFIG_INVALID", /got a function/],
  [
    "no class_name",
    () => optimizers.deserialize({ config: {} }),
    ValueError,
    "ERR_CONFIG_INVALID",
    /"class_name" must be a string, got undefined/,
  ],
  [
    "no object",
    () => optimizers.deserialize("adam"),
    ArgumentTypeError,
    "ERR_CONFIG_INVALID",
    /a config must be an object, got "adam"/,
  ],
  [
    "an unknown key",
    () => optimizers.deserialize({ class_name: "Adam", config: { beta_3: 1 } }),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /Adam does not know "beta3"/,
  ],
  [
    "a key that reaches beyond",
    () => optimizers.deserialize(JSON.parse('{"class_name":"Adam","config":{"__proto__":{"x":1}}}')),
    ValueError,
    "ERR_CONFIG_INVALID",
    /cannot have the key "__proto__"/,
  ],
  [
    "serialize of no optimizer",
    () => optimizers.serialize("adam" as never),
    ArgumentTypeError,
    "ERR_OPTION_TYPE",
    /takes an optimizer, got "adam"/,
  ],
  [
    "fromConfig of no object",
    () => RMSprop.fromConfig(null as never),
    ArgumentTypeError,
    "ERR_CONFIG_INVALID",
    /must be an object, got null/,
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
    /nested arrays must be of one length/,
  ],
  ["words", () => new Variable(["a"] as never), ArgumentTypeError, "ERR_VALUES_DTYPE", /expected numbers, got "a"/],
  [
    "float64",
    () => new Variable(new Float64Array(2) as never),
    ArgumentTypeError,
    "ERR_VALUES_DTYPE",
    /Float32Array\.from/,
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

describe("warnings", () => {
  it("a missing gradient: once for each variable, and the rest proceeds", () => {
    const [optimizer, first, second] = [new SGD({ learningRate: 1, name: "sgd" }), bias(), kernel()];
    for (let step = 0; step < 3; step++)
      optimizer.applyGradients([
        [[1, 1, 1], first],
        [null, second],
      ]);
    expect(warn.mock.calls).toEqual([['sgd: no gradient for "dense/kernel"; skipped. Is the loss a function of it?']]);
    expect([...first.value]).toEqual([-2, -1, 0]);
    optimizer.applyGradients(
      [
        [null, first],
        [new Float32Array(640), second],
      ],
      { name: "mine" },
    );
    expect(warn.mock.calls[1]).toEqual(['mine: no gradient for "dense/bias"; skipped. Is the loss a function of it?']);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it("applyGradients says once that it does not clip", () => {
    const [optimizer, variable] = [new SGD({ clipnorm: 1, name: "sgd" }), bias()];
    for (let step = 0; step < 3; step++) optimizer.applyGradients([[[1, 1, 1], variable]]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/^sgd: applyGradients does not clip, although a clip is set\./);
  });
});

it("an empty list is a no-op", () => {
  const { optimizer, variable } = built();
  optimizer.apply([[1, 2, 3]]);
  const before = variable.array();
  expect(optimizer.applyGradients([])).toBe(1);
  expect(optimizer.apply([])).toBe(1);
  expect(optimizer.iterations).toBe(1);
  expect(variable.array()).toEqual(before);
  expect(sgd().applyGradients([])).toBe(0);
  expect(warn).not.toHaveBeenCalled();
});
