/**
 * The built-in optimizers by name, and optimizers as Keras's JSON.
 *
 * @module
 */

import { customClass, own } from "../custom-class.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { shown } from "../options.js";
import { Adadelta } from "./adadelta.js";
import { Adafactor } from "./adafactor.js";
import { Adagrad } from "./adagrad.js";
import { Adam } from "./adam.js";
import { Adamax } from "./adamax.js";
import { AdamW } from "./adamw.js";
import { type OptimizerConfig, plainConfig } from "./config.js";
import { Ftrl } from "./ftrl.js";
import { Lamb } from "./lamb.js";
import { Lion } from "./lion.js";
import { LossScaleOptimizer } from "./loss-scale-optimizer.js";
import { Muon } from "./muon.js";
import { Nadam } from "./nadam.js";
import { Optimizer } from "./optimizer.js";
import { RMSprop } from "./rmsprop.js";
import { ScheduleFreeAdamW } from "./schedule-free-adamw.js";
import { SGD } from "./sgd.js";

/** A class of optimizers: constructible from a config. */
export interface OptimizerClass {
  new (...args: never[]): Optimizer;
  readonly className: string;
  fromConfig(config: OptimizerConfig, customObjects?: CustomOptimizers): Optimizer;
}

/** Optimizer classes of your own, by the name they were saved under. */
export type CustomOptimizers = Readonly<Record<string, OptimizerClass>>;

/** An optimizer as JSON, as Keras writes it. */
export interface SerializedOptimizer {
  readonly module: string | null;
  readonly class_name: string;
  readonly config: OptimizerConfig;
  /** Null for the built-in ones, the name of the class for your own. */
  readonly registered_name: string | null;
}

/** THE list, in the order of the Rust one. */
const list = (): readonly OptimizerClass[] => [
  SGD,
  RMSprop,
  Adam,
  AdamW,
  Adadelta,
  Adagrad,
  Adamax,
  Nadam,
  Ftrl,
  Lion,
  ScheduleFreeAdamW,
  Adafactor,
  // Keras's own registry lacks Lamb: there, get("lamb") fails, and a saved one comes back as a string.
  Lamb,
  Muon,
  LossScaleOptimizer,
];

let classes: ReadonlyMap<string, OptimizerClass> | undefined;

/**
 * By lower-case name, in a `Map`, so that `"__proto__"` is no name in it.
 *
 * Made at the first call: LossScaleOptimizer (de)serializes the optimizer inside by this file, so the two
 * import each other, and its class may not be there yet while this file is loaded.
 */
function known(): ReadonlyMap<string, OptimizerClass> {
  classes ??= new Map(list().map((optimizer) => [optimizer.className.toLowerCase(), optimizer]));
  return classes;
}

/** The built-in optimizers by Keras's class name. */
export const builtInOptimizers: Pick<ReadonlyMap<string, OptimizerClass>, "get" | "keys" | "values"> = {
  get(className) {
    const found = known().get(className.toLowerCase());
    return found?.className === className ? found : undefined;
  },
  keys: () => new Map(list().map((optimizer) => [optimizer.className, optimizer])).keys(),
  values: () => known().values(),
};

/**
 * An optimizer from whatever names one.
 *
 * @param identifier - An optimizer (given back), a class name in any case (made with default options), a
 * config of {@link serialize} or of Python's Keras, or `null` (given back).
 * @throws ValueError for an unknown name and anything else
 * @example
 * ```ts
 * import { optimizers } from "gradstep";
 *
 * const optimizer = optimizers.get("rmsprop");
 * console.log(optimizer.learningRate); // 0.0010000000474974513
 * ```
 */
export function get(identifier: null | undefined): null;
export function get<T extends Optimizer>(identifier: T): T;
export function get(identifier: string | object): Optimizer;
export function get(identifier: string | object | null | undefined): Optimizer | null;
export function get(identifier: unknown): Optimizer | null {
  if (identifier === null || identifier === undefined) return null;
  if (identifier instanceof Optimizer) return identifier;
  if (typeof identifier === "string") return deserialize({ class_name: identifier, config: {} });
  if (typeof identifier === "object" && !Array.isArray(identifier)) return deserialize(identifier);
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `optimizers.get takes an optimizer, the name of one, or { class_name, config }, got ${shown(identifier)}.`,
  );
}

/**
 * An optimizer as JSON that {@link deserialize} reads, and Python's Keras too if it is a built-in one.
 * It has the options, not the state: that is `getWeights()`.
 *
 * @throws TypeError unless given an optimizer
 * @example
 * ```ts
 * import { Adam, optimizers } from "gradstep";
 *
 * const saved = JSON.stringify(optimizers.serialize(new Adam({ beta1: 0.8 })));
 * const optimizer = optimizers.deserialize(JSON.parse(saved));
 * ```
 */
export function serialize(optimizer: Optimizer): SerializedOptimizer {
  if (!(optimizer instanceof Optimizer)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `optimizers.serialize takes an optimizer, got ${shown(optimizer)}.`);
  }
  // The class's own name: a subclass of a built-in one counts as yours.
  const { className: class_name } = optimizer.constructor as unknown as OptimizerClass;
  // By identity: a class of the user's may have the name of a built-in one.
  const builtIn = builtInOptimizers.get(class_name) === optimizer.constructor;
  return {
    module: builtIn ? "keras.optimizers" : null,
    class_name,
    config: optimizer.getConfig(),
    registered_name: builtIn ? null : class_name,
  };
}

/**
 * Makes an optimizer from JSON of {@link serialize} or of Python's Keras.
 *
 * @param json - `{ class_name, config }`; `config` may be missing, `module` and `registered_name` may be
 * there. The name of the class may be in any case.
 * @throws TypeError for something that is no such object; ValueError for an unknown class, and for
 * arguments that the class refuses
 */
export function deserialize(json: unknown, customObjects: CustomOptimizers = {}): Optimizer {
  const saved = plainConfig("optimizers.deserialize", json);
  const name = own(saved, "class_name");
  if (typeof name !== "string") {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `optimizers.deserialize: "class_name" must be a string, got ${shown(name)}.`,
    );
  }
  const config = plainConfig(name, own(saved, "config") ?? {});
  return classOf(name, own(saved, "registered_name"), customObjects).fromConfig(config, customObjects);
}

function classOf(name: string, registered: unknown, customObjects: CustomOptimizers): OptimizerClass {
  const custom = customClass("optimizers.deserialize: ", "Optimizer", Optimizer, customObjects, [registered, name]);
  if (custom !== undefined) return custom as OptimizerClass;
  // A registered name says that the class was not Keras's own, whatever it is called.
  const found = typeof registered === "string" ? undefined : known().get(name.toLowerCase());
  if (found !== undefined) return found;
  throw new ValueError(
    "ERR_CONFIG_UNKNOWN_CLASS",
    `No optimizer is called ${shown(name)}${typeof registered === "string" ? ` (registered as ${shown(registered)})` : ""}. ` +
      `Known: ${[...builtInOptimizers.keys()].join(", ")}. Pass a class of your own in customObjects.`,
  );
}
