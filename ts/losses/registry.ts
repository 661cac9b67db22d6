/**
 * Losses by identifier, and losses as Keras's JSON.
 *
 * @module
 */

import { ClassRegistry, type SaveableClass, type Saved, spelling } from "../class-registry.js";
import { builtInFunction, type CustomObjects, functionSaving } from "../custom-objects.js";
import { refuseOtherFamily } from "../families.js";
import { checkCount, checkOne } from "../options.js";
import { checkSavedArguments } from "../saved-arguments.js";
import type { Shape } from "../shape.js";
import type { AnyName, JSONOf } from "../spellings.js";
import {
  ALIASES,
  builtInLosses,
  byFunctionName,
  functionCalled,
  functionNameOf,
  type LossClassName,
  type LossFunction,
  type LossName,
} from "./built-in.js";
import { type CustomLoss, FunctionLoss } from "./function-loss.js";
import { Loss, type LossConfig } from "./loss.js";
import { kindOf } from "./operands.js";

/** Custom losses, by the names under which they were saved. */
export type CustomLosses = CustomObjects;

/**
 * A loss, its name in any spelling, a config, or a function. It contains one function type, so types of a function's
 * parameters are inferred.
 */
export type LossIdentifier = LossName | Loss | CustomLoss | SerializedLoss;

/** A loss as JSON, as Keras writes it. */
export interface SerializedLoss {
  /** Keras's module, `null` for custom losses. */
  readonly module?: string | null;
  /** Keras's name of the class, or the name of a custom one. */
  readonly class_name: LossClassName | AnyName;
  /** The constructor's arguments, by Keras's names. */
  readonly config?: LossConfig;
  /** `null` for built-in classes, the name of the class for custom ones. */
  readonly registered_name?: string | null;
}

const registry = new ClassRegistry<Loss, CustomLoss>({
  kind: "loss",
  family: "losses",
  refuseOther: refuseOtherFamily,
  module: "keras.losses",
  base: Loss,
  baseName: "Loss",
  classes: () => [...builtInLosses.values()],
  wrapper: FunctionLoss as SaveableClass<Loss>,
  aliases: ALIASES,
  functions: functionSaving,
  checkSaved: checkSavedArguments,
  functionCalled,
});

/** Returns `null`, for no loss. */
export function get(identifier: null | undefined): null;
/** Returns the loss, or the function, that was passed. */
export function get<T extends Loss | CustomLoss | LossFunction>(identifier: T, customObjects?: CustomObjects): T;
/** Creates a loss of a class, with its default options. */
export function get<T extends Loss>(identifier: new () => T, customObjects?: CustomObjects): T;
/** Creates the loss of a class name, with its default options, or of a config. */
export function get(identifier: LossClassName | SerializedLoss, customObjects?: CustomObjects): Loss;
/**
 * Returns the loss for an identifier.
 *
 * @param identifier - The name of a function in any spelling (`"mse"`, `"mean_squared_error"`, `"meanSquaredError"`),
 *   for which the function is returned; a class or its name, for an instance with default options; a config of {@link
 *   serialize} or of Keras in Python, for a loss. Losses and functions are returned unchanged.
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @returns the function of a name; a loss for the name of a class, a class or a config
 * @throws ValueError ERR_CONFIG_UNKNOWN_CLASS for an unknown name, ERR_CONFIG_INVALID for anything else; the errors of
 * the class's constructor for a bad config
 * @see [Keras: losses](https://keras.io/api/losses/)
 * @example
 * ```ts
 * import { losses } from "gradstep";
 *
 * const mse = losses.get("mse");
 * console.log(mse([[0, 1]], [[1, 1]]).array()); // Float32Array [0.5]
 * ```
 */
export function get(identifier: LossName, customObjects?: CustomObjects): LossFunction;
/** Returns the loss, or the function, for an identifier; `null` for none. */
export function get(
  identifier: LossIdentifier | null | undefined,
  customObjects?: CustomObjects,
): Loss | LossFunction | CustomLoss | null;
export function get(identifier: unknown, customObjects?: CustomObjects): Loss | LossFunction | CustomLoss | null {
  checkCount("losses.get", arguments.length, 2);
  return registry.get(identifier, customObjects);
}

/**
 * The loss that `compile` creates from an identifier. `"crossentropy"` and `"ce"` are chosen by the shapes of the
 * first batch.
 *
 * @throws ValueError for anything but a loss
 * @internal
 */
export function lossFor(identifier: LossIdentifier, yTrue: Shape | undefined, yPred: Shape): Loss {
  if (typeof identifier === "string") {
    const byShape = /^(crossentropy|ce)$/i.test(identifier);
    const name = byShape ? crossentropyFor(yTrue ?? [], yPred) : identifier;
    const found = builtInLosses.has(name) ? undefined : byFunctionName.get(spelling(name));
    if (found !== undefined) return new found.made({ name: identifier } as never);
  }
  const loss = get(identifier);
  if (loss instanceof Loss) return loss;
  // A built-in function that was passed as a function: its class forwards labels that are indices unchanged.
  for (const { fn, made } of byFunctionName.values()) if (fn === loss) return new made();
  return new FunctionLoss(loss as CustomLoss);
}

function crossentropyFor(yTrue: Shape, yPred: Shape): string {
  const kind = kindOf(yTrue, yPred);
  return kind === "sparse" ? "sparse_categorical_crossentropy" : `${kind}_crossentropy`;
}

/**
 * Saves a loss as JSON that {@link deserialize} reads, and Keras in Python too if it is built in. Of a function the
 * name is saved.
 *
 * @param loss - The loss, or a function used as one.
 * @returns `{ module, class_name, config, registered_name }`, ready for `JSON.stringify`
 * @throws ValueError ERR_NOT_IMPLEMENTED for a constructor that takes arguments which `getConfig` does not return
 * @throws TypeError ERR_OPTION_TYPE for anything else; ValueError ERR_CONFIG_INVALID for a function or a custom class
 * without a name
 * @example
 * ```ts
 * import { losses, stringify } from "gradstep";
 *
 * const saved = stringify(new losses.MeanSquaredError({ reduction: "sum" }));
 * const loss = losses.deserialize(JSON.parse(saved));
 * console.log(loss.reduction); // sum
 * ```
 */
export function serialize(loss: Loss | CustomLoss | LossFunction): Saved {
  checkOne("losses.serialize", arguments);
  const name = functionNameOf(loss);
  return name === undefined ? registry.serialize(loss as Loss) : (builtInFunction(name) as never);
}

/**
 * Creates a loss from JSON written by {@link serialize} or by Keras in Python.
 *
 * @param json - `{ class_name, config }`; `config` may be missing.
 * @param customObjects - Custom classes and functions, by the names under which they were saved.
 * @returns the loss, or the function if the JSON names one
 * @throws TypeError ERR_CONFIG_INVALID for anything but such an object; ValueError ERR_CONFIG_UNKNOWN_CLASS for an
 * unknown class; the errors of the class's constructor for its arguments
 */
export function deserialize<T extends Loss | CustomLoss | LossFunction = Loss>(
  json: JSONOf<LossClassName>,
  customObjects?: CustomObjects,
): T {
  checkCount("losses.deserialize", arguments.length, 2);
  return registry.deserialize(json, customObjects) as T;
}
