/**
 * The built-in optimizers by name, and optimizers as Keras's JSON.
 *
 * @module
 */

import type { Saved } from "../class-registry.js";
import type { CustomObjects } from "../custom-objects.js";
import { checkCount, checkOne } from "../options.js";
import type { AnyName, JSONOf, NamedConfig, NamesOf } from "../spellings.js";
import { LBFGS } from "./lbfgs.js";
import { type OptimizerClass, registryWith, rules } from "./list.js";
import { LossScaleOptimizer } from "./loss-scale-optimizer.js";
import type { Optimizer } from "./optimizer.js";
import type * as rulesOf from "./rules.js";
import { wrappers } from "./wrappers.js";

export type { OptimizerClass } from "./list.js";

/** Custom optimizer classes, by the name they were saved under. */
export type CustomOptimizers = Readonly<Record<string, OptimizerClass>>;

/** Names of the built-in classes: those of the list, LBFGS, and the wrappers. */
export type OptimizerClassName = RuleName | OtherName;

type OtherName = "LBFGS" | "Lookahead" | "LossScaleOptimizer" | "MultiOptimizer" | "SAM" | "ScheduleFree" | "SWA";

type RuleName = keyof typeof rulesOf;

/**
 * The name of an optimizer: a built-in optimizer that needs no arguments, in snake or camel case, or a custom one.
 * RMSprop is `rmsprop`, one word.
 */
export type OptimizerName = NamesOf<Exclude<RuleName, "RMSprop">> | Lowercase<"RMSprop"> | AnyName;

/** An optimizer, its name in any spelling, its class, or a config. */
export type OptimizerIdentifier = Optimizer | OptimizerName | OptimizerClass | NamedConfig<OptimizerClassName>;

/** An optimizer as JSON, as Keras writes it. */
export type SerializedOptimizer = Saved;

/** All optimizers created from options: those with an update rule, then the wrapper. */
const list = (): readonly OptimizerClass[] => [...rules(), LossScaleOptimizer];

const registry = registryWith(() => [LossScaleOptimizer, LBFGS, ...wrappers()]);

/** The same, and those that are not created from options alone. @internal */
export const allOptimizers = (): readonly OptimizerClass[] => [...list(), LBFGS, ...wrappers()];

/** The built-in optimizers by Keras's class name. */
export const builtInOptimizers: Pick<ReadonlyMap<string, OptimizerClass>, "get" | "keys" | "values"> = {
  get: (className) => list().find((optimizer) => optimizer.className === className),
  keys: () => new Map(list().map((optimizer) => [optimizer.className, optimizer])).keys(),
  values: () => list().values(),
};

/** Returns `null`, for no optimizer. */
export function get(identifier: null | undefined, customObjects?: CustomObjects): null;
/** Returns the optimizer that was passed. */
export function get<T extends Optimizer>(identifier: T, customObjects?: CustomObjects): T;
/** Creates an optimizer of a class, with its default options. */
export function get<T extends Optimizer>(identifier: new () => T, customObjects?: CustomObjects): T;
/**
 * Returns the optimizer for an identifier.
 *
 * @param identifier - An optimizer (returned as is), a name in any spelling or a class (made with default options), a
 * config of {@link serialize} or of Python's Keras, or `null` (returned as is).
 * @param customObjects - Custom classes, also of schedules, by the names under which they were saved.
 * @returns the optimizer
 * @throws ValueError ERR_CONFIG_UNKNOWN_CLASS for an unknown name, ERR_CONFIG_INVALID for anything else; the errors of
 * the class's constructor for a bad config
 * @see [Keras: optimizers](https://keras.io/api/optimizers/)
 * @example
 * ```ts
 * import { optimizers } from "gradstep";
 *
 * const optimizer = optimizers.get("rmsprop");
 * console.log(optimizer.learningRate); // 0.0010000000474974513
 * ```
 */
export function get(
  identifier: OptimizerName | NamedConfig<OptimizerClassName> | object,
  customObjects?: CustomObjects,
): Optimizer;
/** Returns the optimizer for an identifier, `null` for none. */
export function get(
  identifier: OptimizerName | NamedConfig<OptimizerClassName> | object | null | undefined,
  customObjects?: CustomObjects,
): Optimizer | null;
export function get(identifier: unknown, customObjects?: CustomObjects): Optimizer | null {
  checkCount("optimizers.get", arguments.length, 2);
  return registry.get(identifier, customObjects);
}

/**
 * Saves an optimizer as JSON that {@link deserialize} reads, and Keras in Python too if it has the class.
 * It contains the options; `getWeights()` returns the state.
 *
 * @param optimizer - The optimizer.
 * @returns `{ module, class_name, config, registered_name }`, ready for `JSON.stringify`
 * @throws ValueError ERR_NOT_IMPLEMENTED for a constructor with arguments that `getConfig` does not return
 * @throws TypeError ERR_OPTION_TYPE for anything else; ValueError ERR_CONFIG_INVALID for a custom class without a name
 * @example
 * ```ts
 * import { Adam, optimizers, stringify } from "gradstep";
 *
 * const saved = stringify(new Adam({ beta1: 0.8 }));
 * const optimizer = optimizers.deserialize(JSON.parse(saved));
 * console.log(optimizer.getConfig().beta_1); // 0.8
 * ```
 */
export function serialize(optimizer: Optimizer): SerializedOptimizer {
  checkOne("optimizers.serialize", arguments);
  return registry.serialize(optimizer);
}

/**
 * Creates an optimizer from JSON of {@link serialize} or of Python's Keras.
 *
 * @param json - `{ class_name, config }`; `config` is optional, `module` and `registered_name` are allowed. The
 * name of the class may be in any spelling.
 * @param customObjects - Custom classes, also of schedules and of inner optimizers, by the names under which
 * they were saved.
 * @returns the optimizer
 * @throws TypeError ERR_CONFIG_INVALID for anything but such an object; ValueError ERR_CONFIG_UNKNOWN_CLASS for an
 * unknown class; the errors of the class's constructor for its arguments
 */
export function deserialize(json: JSONOf<OptimizerClassName>, customObjects?: CustomObjects): Optimizer {
  checkCount("optimizers.deserialize", arguments.length, 2);
  return registry.deserialize(json, customObjects);
}
