/** Refused lookups of layers, and data and callbacks whose type is not the one they claim. */

import {
  activations,
  callbacks,
  constraints,
  initializers,
  layers,
  losses,
  metrics,
  optimizers,
  regularizers,
} from "../../ts/index.js";
import { compiled, linear } from "./linear.js";
import type { Rows } from "./row.js";

/** A proxy that throws at every touch. */
function revoked(): never {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy as never;
}

/** Data whose iterator returns a value. */
const giving = (result: unknown) => () =>
  compiled().fit({ [Symbol.iterator]: () => ({ next: () => result }) } as never, undefined, { verbose: 0 });

export const activationsByName: Rows = [
  [
    () => activations.get("x", { x: 3 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'activations.get: customObjects["x"] must be a class or a function, got 3.',
  ],
  [
    () => activations.get("x", 3 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "activations.get: customObjects must be an object of classes and functions by name, got 3.",
  ],
  [
    () => (activations.get as (...given: unknown[]) => unknown)("x", {}, 3),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "activations.get takes at most 2 arguments, got 3.",
  ],
  [
    () => activations.threshold("x" as never, 1, 1),
    "TypeError",
    "ERR_VALUES_DTYPE",
    'threshold: expected numbers (a typed array, a tensor, or nested lists), got "x".',
  ],
  [
    () => activations.threshold([1] as never, "x" as never, 1),
    "TypeError",
    "ERR_OPTION_TYPE",
    'threshold: "threshold" must be a number, got "x".',
  ],
  [
    () => activations.threshold([1] as never, 1, Number.NaN),
    "ValueError",
    "ERR_OPTION_RANGE",
    'threshold: "defaultValue" must be a finite number, got NaN.',
  ],
];

export const layersOfModels: Rows = [
  [
    () => linear().getLayer(undefined as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: getLayer takes a name, or null and an index, got undefined and undefined.",
  ],
  [() => linear().getLayer(null, 5), "ValueError", "ERR_OPTION_RANGE", "model has 1 layers, none at index 5."],
  [
    () => linear().getLayer(0 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: getLayer takes a name, got 0. The layer of an index is getLayer(null, 0).",
  ],
];

export const iteratorsAndPromises: Rows = [
  [giving(1), "TypeError", "ERR_OPTION_TYPE", "fit: the iterator of the data must return { value, done }, got 1."],
  [
    giving(Promise.resolve(1)),
    "TypeError",
    "ERR_OPTION_TYPE",
    "fit: the iterator of the data must return { value, done }, got 1.",
  ],
  [
    () => compiled().fit([[1]], [[1]], { verbose: 0, callbacks: [{ onEpochEnd: () => revoked() }] }),
    "TypeError",
    "ERR_OPTION_TYPE",
    "A callback, or the iterator of the data, returned a revoked proxy.",
  ],
  [
    () => new callbacks.ProgressBar(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'ProgressBar takes a terminal, an object with "write" and "isTTY", got 1.',
  ],
  [
    () => new (callbacks.Callback as unknown as new (hooks: object) => unknown)({ onEpochEnd() {} }),
    "TypeError",
    "ERR_ARGUMENT_COUNT",
    "Callback takes no arguments, got 1. Pass hooks to new LambdaCallback({ ... }), or pass the object itself to fit.",
  ],
  [
    () => new callbacks.ProgressBar({ write: () => {}, isTTY: false }, 1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "ProgressBar takes a clock, a function that returns seconds, got 1.",
  ],
];

export const takenMethods: Rows = [
  [
    () => {
      const { getConfig } = new losses.MeanSquaredError();
      getConfig();
    },
    "TypeError",
    "ERR_OPTION_TYPE",
    "getConfig was called without its object: write object.getConfig(...), or object.getConfig.bind(object).",
  ],
];

export const otherFamilies: Rows = [
  [
    () => losses.get(new metrics.MeanSquaredError() as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "losses.get takes a loss, got the metric MeanSquaredError. Write losses.MeanSquaredError.",
  ],
  [
    () => losses.get(metrics.MeanSquaredError as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "losses.get takes a loss, got the metric MeanSquaredError. Write losses.MeanSquaredError.",
  ],
  [
    () => metrics.get(losses.MeanSquaredError as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "metrics.get takes a metric, got the loss MeanSquaredError. Write metrics.MeanSquaredError.",
  ],
  [
    () => metrics.get(new losses.Tversky() as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "metrics.get takes a metric, got the loss Tversky. Pass a metric, or the name of one.",
  ],
  [
    () => optimizers.get(new layers.Dense(1) as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "optimizers.get takes an optimizer, got the layer Dense. Pass an optimizer, or the name of one.",
  ],
  [
    () => layers.get(optimizers.SGD as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "layers.get takes a layer, got the optimizer SGD. Pass a layer, or the name of one.",
  ],
  [
    () => initializers.get(new constraints.NonNeg() as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "initializers.get takes an initializer, got the constraint NonNeg. Pass an initializer, or the name of one.",
  ],
  [
    () => regularizers.get(initializers.Zeros as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "regularizers.get takes a regularizer, got Zeros, of another family. Pass a regularizer, or the name of one.",
  ],
  [
    () => constraints.get(new optimizers.schedules.InverseSqrt({ initialLearningRate: 1, warmupSteps: 1 }) as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "constraints.get takes a constraint, got the schedule InverseSqrt. Pass a constraint, or the name of one.",
  ],
];
