/**
 * Refusals of training steps that a model overrides: ts/models/custom-steps.ts, step-logs.ts and compiled.ts.
 */

import { layers, Model, metrics, ops, compiled as recorded, Sequential } from "../../ts/index.js";
import { compiled } from "./linear.js";
import type { Rows } from "./row.js";

const X = [[1], [2]];
const returning = (made: unknown) => () => compiled({ trainStep: () => made as never }).fit(X, X, { verbose: 0 });

/** A model of a loss that `computeLoss` returns. */
const losing = (made: unknown) => () => compiled({ computeLoss: () => made as never }).trainOnBatch(X, X);

export const steps: Rows = [
  [
    () => (compiled() as unknown as { forward(): unknown }).forward(),
    "TypeError",
    "ERR_OPTION_TYPE",
    'model: "forward" is internal. Call apply or predict.',
  ],
  [
    () => compiled({ trainStep: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'compile: "trainStep" must be a function, got 1.',
  ],
  [
    () => compiled({ stepsPerExecution: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'compile: "stepsPerExecution" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => compiled({ jitCompile: "always" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'compile: "jitCompile" must be true, false or "auto", got "always".',
  ],
  [
    () => compiled({ stats: "all" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'compile: "stats" must be true or false, got "all".',
  ],
  [
    () => compiled({ jitCompile: true, trainStep: () => ({ loss: 1 }) }).fit(X, X, { verbose: 0 }),
    "ValueError",
    "ERR_NOT_RECORDABLE",
    'model: a training step cannot be recorded: it has custom steps or metrics. Pass compile({ jitCompile: "auto" }), which records what can be.',
  ],
  [
    () => recorded(1 as never),
    "TypeError",
    "ERR_TAPE",
    "compiled takes a function, which computes with operations, got 1.",
  ],
  [
    () => recorded(() => 1, { jitCompile: "always" as never }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'compiled: "jitCompile" must be true, false or "auto", got "always".',
  ],
  [
    () => recorded(() => 1, { jit: true } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'compiled does not know "jit" (did you mean "jitCompile"?). Its options are: jitCompile.',
  ],
  [
    () => recorded((x: number[]) => x, { jitCompile: true })([1]),
    "ValueError",
    "ERR_NOT_RECORDABLE",
    'compiled: the function cannot be recorded: an argument is neither a tensor nor a number, a text, true, false or null. Pass { jitCompile: "auto" }, which then runs the function itself.',
  ],
  [
    returning(undefined),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: trainStep must return an object of numbers by name, such as { loss }, got undefined.",
  ],
  [
    returning({ loss: "1" }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'model: trainStep: "loss" must be a number, a tensor of one number, or a list of numbers, got "1".',
  ],
  [
    returning({ loss: new metrics.Mean() }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'model: trainStep: "loss" must be a number, a tensor of one number, or a list of numbers, got an object (Mean). The value of a metric is result().',
  ],
  [
    returning(Promise.resolve({ loss: 1 })),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: trainStep must be a synchronous function, but it returned a promise. Await data before fit, or in a generator of batches.",
  ],
  [
    () => compiled({ trainStep: (async () => ({})) as never }).fit(X, X, { verbose: 0 }),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: trainStep must be a synchronous function, but it is AsyncFunction. Await data before fit, or in a generator of batches.",
  ],
  [
    losing(1),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: computeLoss must return a tensor of one number, made by operations, got 1.",
  ],
  [
    losing(ops.ones([2])),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: computeLoss must return a tensor of one number, made by operations, got a tensor of shape [2]. Take ops.mean or ops.sum of it.",
  ],
  [
    () => compiled({ predictStep: () => 1 as never }).predict(X),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: predictStep must return a tensor with the batch axis, or a list of them, got 1.",
  ],
  [
    () => compiled().computeLoss({ yPred: ops.ones([2, 1]) }),
    "ValueError",
    "ERR_SHAPE",
    'model: there are no labels. Pass "y", or batches [x, y].',
  ],
  [
    () => compiled({ loss: null }).computeLoss({ yPred: ops.ones([2, 1]) }),
    "ValueError",
    "ERR_NOT_COMPILED",
    'model: no loss to train for. Pass one to compile, such as compile({ loss: "mse" }).',
  ],
  [
    () => new (class Mine extends Model {})({ name: "mine" } as never).trainStep([ops.ones([1]), undefined, undefined]),
    "ValueError",
    "ERR_NOT_COMPILED",
    "mine: call compile({ optimizer, loss }) before trainStep.",
  ],
  [
    () => new Sequential([new layers.Dense(1)], { name: "model" }).addMetric(1 as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "metrics.get takes a metric, the name of one, a class, a function or { class_name, config }, got 1.",
  ],
  [
    () => compiled({}).predictStep(null as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "predictStep takes a list [x, y, sampleWeight], got null.",
  ],
  [
    () => compiled({}).computeMetrics({ yPred: [1] } as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'computeMetrics: "yPred" must be the model\'s output, a tensor or a list of tensors, got 1.',
  ],
];
