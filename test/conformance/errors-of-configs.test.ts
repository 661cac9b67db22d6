/**
 * Refused learning rates, names and configs.
 */

import { ArgumentTypeError, optimizers, RMSprop, SGD, schedules, ValueError, Variable } from "../../ts/index.js";
import { sgd, suite } from "../support/errors.js";
import { CLASS_NAMES } from "../support/optimizers.js";

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
    "sgd: the learning rate's function must return a finite number, got NaN after 0 steps.",
  ],
  [
    "a function in a config",
    () => new SGD({ learningRate: () => 1, name: "sgd" }).getConfig(),
    ValueError,
    "ERR_CONFIG_INVALID",
    /^sgd: a function as learning rate has no config. Write a class that extends schedules.LearningRateSchedule/,
  ],
]);

suite("names and configs", [
  [
    "an unknown name",
    () => optimizers.get("adamm"),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No optimizer is called "adamm". Did you mean "Adam"? Known: ${[...CLASS_NAMES, "LBFGS", "Lookahead", "MultiOptimizer", "SAM", "ScheduleFree", "SWA"].join(", ")}. Pass a custom class in customObjects.`,
  ],
  [
    "a name from the prototype",
    () => optimizers.get("__proto__"),
    ValueError,
    "ERR_CONFIG_UNKNOWN_CLASS",
    /No optimizer is called "__proto__"/,
  ],
  ["a name from Object", () => optimizers.get("constructor"), ValueError, "ERR_CONFIG_UNKNOWN_CLASS", /Known: ADOPT/],
  [
    "a number",
    () => optimizers.get(5 as never),
    ValueError,
    "ERR_CONFIG_INVALID",
    /takes an optimizer, the name of one/,
  ],
  ["a function", () => optimizers.get((() => 1) as never), ValueError, "ERR_CONFIG_INVALID", /got a function/],
  [
    "a class of another family",
    () => optimizers.get(schedules.CosineDecay as never),
    ValueError,
    "ERR_CONFIG_INVALID",
    /^optimizers.get takes an optimizer, got the schedule CosineDecay/,
  ],
  [
    "no class_name",
    () => optimizers.deserialize({ config: {} }),
    ValueError,
    "ERR_CONFIG_INVALID",
    /^optimizers.deserialize: an optimizer has its class's name in "class_name", a string, got undefined/,
  ],
  [
    "no object",
    () => optimizers.deserialize("adam"),
    ArgumentTypeError,
    "ERR_CONFIG_INVALID",
    /^optimizers.deserialize: expected a plain object, got "adam"/,
  ],
  [
    "an unknown key",
    () => optimizers.deserialize({ class_name: "Adam", config: { beta_3: 1 } }),
    ValueError,
    "ERR_OPTION_UNKNOWN",
    /^Adam does not know "beta_3" \(did you mean "beta_1"\?\)\. Its options are: learning_rate, .*beta_1, beta_2/,
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
    /^fromConfig: expected a plain object, got null/,
  ],
]);
