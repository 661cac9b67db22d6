/**
 * Refused custom objects, saved classes and objects of another copy of gradstep: ts/custom-objects.ts, class-registry.ts,
 * copies.ts, plain-json.ts.
 * Over 300 lines: a table, of one row for each fault.
 */

import {
  activations,
  layers,
  losses,
  metrics,
  modelFromJSON,
  optimizers,
  Sequential,
  SGD,
  schedules,
  stringify,
  tensor,
  Variable,
} from "../../ts/index.js";
import { known } from "../support/known-names.js";
import { compiled } from "./linear.js";
import type { Rows } from "./row.js";

/** An object like those of another copy of gradstep. */
const foreign = () => ({ gradstepCopy: Symbol("another") }) as never;

export const copies: Rows = [
  [
    () => Object.getOwnPropertyDescriptor(Variable.prototype, "path")?.get?.call({}),
    "TypeError",
    "ERR_OPTION_TYPE",
    '"path" was read without its object: write object.path.',
  ],
  [
    () => {
      const own: object = {
        get Own() {
          return modelFromJSON(new Sequential().toJSON(), own as never);
        },
      };
      modelFromJSON(new Sequential().toJSON(), own as never);
    },
    "TypeError",
    "ERR_OPTION_TYPE",
    "modelFromJSON: a getter of customObjects reads customObjects again, without end.",
  ],
  [
    () => tensor(foreign()),
    "TypeError",
    "ERR_VALUES_DTYPE",
    "tensor: expected numbers (a typed array, a tensor, or nested lists), got an object (Object) from another copy of gradstep: `npm ls gradstep` lists the copies, and a bundler merges them with its dedupe option.",
  ],
  [
    () => Object.create(SGD.prototype).iterations,
    "TypeError",
    "ERR_OPTION_TYPE",
    "Pass the optimizer itself, not a proxy (toRaw, markRaw).",
  ],
  [
    () => Reflect.set(new SGD({ name: "s" }), "iterations", 3),
    "TypeError",
    "ERR_NOT_IMPLEMENTED",
    's: "iterations" can only be read.',
  ],
  [
    () => new Sequential([foreign()], { name: "model" }),
    "TypeError",
    "ERR_OPTION_TYPE",
    "model: add takes a layer, got an object (Object) from another copy of gradstep: `npm ls gradstep` lists the copies, and a bundler merges them with its dedupe option.",
  ],
  [
    () => optimizers.get(foreign()),
    "TypeError",
    "ERR_OTHER_COPY",
    "optimizers.get: the optimizer is from another copy of gradstep: `npm ls gradstep` lists the copies, and a bundler merges them with its dedupe option.",
  ],
  [
    () => optimizers.deserialize(foreign()),
    "TypeError",
    "ERR_OTHER_COPY",
    "optimizers.deserialize: the JSON is from another copy of gradstep: `npm ls gradstep` lists the copies, and a bundler merges them with its dedupe option.",
  ],
  [
    () => new SGD({ name: "mine" }).applyGradients([[[1], foreign()]]),
    "TypeError",
    "ERR_PAIRS_MALFORMED",
    "applyGradients: the second part of entry 0 must be a Variable, got an object (Object) from another copy of gradstep: `npm ls gradstep` lists the copies, and a bundler merges them with its dedupe option.",
  ],
  [
    () => compiled().fit(foreign(), [[1]]),
    "TypeError",
    "ERR_OTHER_COPY",
    'fit: "x" is from another copy of gradstep: `npm ls gradstep` lists the copies, and a bundler merges them with its dedupe option.',
  ],
  [
    () => modelFromJSON("{}", { Mine: foreign() }),
    "TypeError",
    "ERR_OTHER_COPY",
    'modelFromJSON: customObjects["Mine"] is from another copy of gradstep: `npm ls gradstep` lists the copies, and a bundler merges them with its dedupe option.',
  ],
];

class NoConfig extends schedules.LearningRateSchedule {
  override at(): number {
    return 1;
  }
}

const deep = () => {
  let json: object = {};
  for (let i = 0; i < 200; i++) json = { json };
  return json;
};

const revoked = (target: object = {}) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

/** An instance of a class that contains itself: JSON of it is not copied. */
class Holder {
  held: unknown;
}

const itself = () => {
  const holder = new Holder();
  holder.held = holder;
  return holder;
};

const nestedInstances = () => {
  const outer = new Holder();
  let holder = outer;
  for (let i = 0; i < 300; i++) {
    const inner = new Holder();
    holder.held = inner;
    holder = inner;
  }
  return outer;
};

/** Forty objects, each of which holds the next one twice: 2^40 paths. */
const doubled = () => {
  let inner: object = {};
  for (let i = 0; i < 40; i++) inner = { a: inner, b: inner };
  return inner;
};

const deepList = () => {
  let list: unknown = "mse";
  for (let i = 0; i < 20; i++) list = [list];
  return list;
};

export const saved: Rows = [
  [
    () => optimizers.deserialize(deep() as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "optimizers.deserialize: the JSON has more than 200 objects or lists inside one another, or contains itself.",
  ],
  [
    () => modelFromJSON(doubled() as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "modelFromJSON: the JSON has the same objects or lists in more than 100000 places.",
  ],
  [
    () => optimizers.serialize(Object.assign(new SGD(), { getConfig: () => [] as never })),
    "TypeError",
    "ERR_CONFIG_INVALID",
    "SGD: getConfig must return a plain object, the constructor's arguments by name, got an array of 0.",
  ],
  [
    () => new (class Callless extends (losses.Loss as unknown as new () => losses.Huber) {})().apply([1], [1]),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    'The loss "callless": Callless must override call(yTrue, yPred).',
  ],
  [
    () => optimizers.serialize(new SGD({ learningRate: new NoConfig() })),
    "ValueError",
    "ERR_NOT_IMPLEMENTED",
    "The schedule NoConfig cannot be saved: it must override getConfig().",
  ],
  [
    () => stringify(new SGD({ name: "mine", learningRate: () => 1 })),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "mine: a function as learning rate has no config. Write a class that extends schedules.LearningRateSchedule, with at(step) and getConfig(), and pass it in customObjects, or to expose.",
  ],
  [
    () =>
      optimizers.deserialize({
        class_name: "SGD",
        config: { learning_rate: { class_name: "Mine", config: {} } },
      } as never),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No schedule is called "Mine". Known: ${known("schedule")}. Pass a custom class in customObjects.`,
  ],
  [
    () => losses.deserialize({ class_name: "function", config: "mine" } as never, { mine: SGD as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'customObjects["mine"] must be a class that extends Loss, or a function, got the class or function "SGD".',
  ],
  [
    () => losses.deserialize({ class_name: "Mine", config: {} } as never, { Mine: (() => 1) as never }),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No loss is called "Mine". Did you mean "Hinge"? Known: ${known("loss")}. Pass a custom class or function in customObjects.`,
  ],
  [
    () =>
      layers.deserialize({
        class_name: "Dense",
        config: { units: 1, activation: { class_name: "function", config: "mine" } },
      } as never),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No activation is called "mine". Did you mean "mish"? Known: ${known("activation")}. Pass a function, or its name and the function in customObjects.`,
  ],
  [
    () =>
      layers.deserialize({
        class_name: "Dense",
        config: { units: 1, kernel_initializer: { class_name: "Mine", config: {} } },
      } as never),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No initializer is called "Mine". Did you mean "one"? Known: ${known("initializer")}. Pass a custom class or function in customObjects.`,
  ],
  [
    () => new layers.Activation(() => tensor([1]), { name: "it" }).getConfig(),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "A function without a name as an activation cannot be saved. Declare it as function myFunction() { ... }, and pass { myFunction } as customObjects where it is read.",
  ],
  [
    () => new Variable([1], { name: foreign() }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'Variable: "name" must be a string, got an object (Object) from another copy of gradstep: `npm ls gradstep` lists the copies, and a bundler merges them with its dedupe option.',
  ],
  [
    () => losses.FunctionLoss.fromConfig({ fn: 1 } as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "Expected the JSON of a function, as a loss, got 1.",
  ],
  [
    () => losses.FunctionLoss.fromConfig({ fn: { class_name: "function", config: "mine" } } as never),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No function is called "mine", as a loss: pass it in customObjects, as { mine: ... }.',
  ],
  [
    () => metrics.MeanMetricWrapper.fromConfig({ fn: { class_name: "function", config: "mine" } } as never),
    "ValueError",
    "ERR_CONFIG_UNKNOWN_CLASS",
    'No function is called "mine", as a metric: pass it in customObjects, as { mine: ... }.',
  ],
  [
    () => SGD.fromConfig({ constructor: 1 } as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'fromConfig: a config cannot have the key "constructor".',
  ],
  [
    () => layers.deserialize({ class_name: "BatchNormalization", config: { name: "it", synchronized: true } }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    '"it": "synchronized" can only be false, got true.',
  ],
  [
    () =>
      layers.deserialize({
        class_name: "Embedding",
        config: { name: "it", input_dim: 1, output_dim: 1, mask_zero: true },
      }),
    "ValueError",
    "ERR_CONFIG_INVALID",
    '"it": "mask_zero" can only be false, got true.',
  ],
  [
    () => activations.serialize(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "Expected a function, as an activation, got 1.",
  ],
  [
    () => losses.FunctionLoss.fromConfig(1 as never),
    "TypeError",
    "ERR_CONFIG_INVALID",
    "fromConfig takes the object that getConfig returns, got number.",
  ],
  [
    () => stringify(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "stringify takes an object of gradstep, or JSON, got 1.",
  ],
  [
    () => stringify({ a: 1n } as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'stringify: this cannot be written as JSON: "a" is 1n, which JSON does not have.',
  ],
  [
    () => stringify({ a: itself() } as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    'stringify: this cannot be written as JSON: the object under "held" contains itself.',
  ],
  [
    () => stringify({ a: nestedInstances() } as never),
    "ValueError",
    "ERR_CONFIG_INVALID",
    "stringify: this cannot be written as JSON: it has more than 200 objects or lists inside one another.",
  ],
  [
    () => SGD.fromConfig({ learning_rate: revoked() } as never),
    "TypeError",
    "ERR_CONFIG_INVALID",
    'fromConfig: "learning_rate" is a revoked proxy.',
  ],
  [
    () => stringify({ a: [revoked(() => 1)] } as never),
    "TypeError",
    "ERR_CONFIG_INVALID",
    'stringify: "0" is a revoked proxy.',
  ],
  [
    () => new Sequential([], { name: "model" }).compile({ loss: deepList() as never }),
    "ValueError",
    "ERR_OPTION_TYPE",
    "compile: losses and metrics are nested more than 8 deep.",
  ],
];
