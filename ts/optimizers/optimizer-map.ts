/**
 * OptimizerMap: optimizers by patterns of variables' paths.
 *
 * @module
 */

import { isA, isPlain } from "../brands.js";
import { COPY, refuseProxy } from "../copies.js";
import type { CustomObjects } from "../custom-objects.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkCount, checkMethod, checkObject, shown, text } from "../options.js";
import { plainJSON } from "../plain-json.js";
import { isVariable, type Variable } from "../variable.js";
import type { OptimizerConfig } from "./config.js";
import { registryWith } from "./list.js";
import { refuseLossUser } from "./loss-users.js";
import { Optimizer } from "./optimizer.js";

const registry = registryWith(() => []);

/**
 * Optimizers by patterns, for MultiOptimizer. A pattern is a regular expression that the whole path of a variable must match, as
 * `"encoder/.*"` matches `"encoder/kernel"`; a key that equals the path takes precedence.
 *
 * @param defaultOptimizer - The optimizer of all variables that match no pattern.
 * @param optimizerMap - Optimizers by pattern. Default: none.
 * @throws TypeError ERR_OPTION_TYPE for anything but optimizers; ValueError ERR_OPTION_RANGE for a key that is not a regular
 * expression, ERR_OPTION_CONFLICT for an optimizer that contains others
 * @see [Keras: optimizers](https://keras.io/api/optimizers/)
 * @example
 * ```ts
 * import { Adam, OptimizerMap, SGD } from "gradstep";
 *
 * const map = new OptimizerMap(new SGD(), { "encoder/.*": new Adam({ name: "adam" }) });
 * console.log(map.get("encoder/kernel").name); // adam
 * ```
 */
export class OptimizerMap {
  /** Class name, as in Keras. */
  static readonly className: string = "OptimizerMap";
  /** The optimizer of all variables that match no pattern. */
  readonly defaultOptimizer: Optimizer;
  readonly #patterns = new Map<string, readonly [RegExp, Optimizer]>();

  constructor(defaultOptimizer: Optimizer, optimizerMap?: Readonly<Record<string, Optimizer>> | null) {
    checkCount("OptimizerMap", arguments.length, 2);
    this.defaultOptimizer = checkedOptimizer("defaultOptimizer", defaultOptimizer);
    if (optimizerMap !== undefined && optimizerMap !== null && !isPlain(optimizerMap)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `OptimizerMap: "optimizerMap" must be an object of optimizers by pattern, such as { "encoder/.*": new Adam() }, got ${shown(optimizerMap)}.`,
      );
    }
    for (const [pattern, optimizer] of Object.entries(optimizerMap ?? {})) this.set(pattern, optimizer);
  }

  /** @internal */
  get patterns(): Map<string, readonly [RegExp, Optimizer]> {
    if (!(#patterns in this)) refuseProxy("optimizer map");
    return this.#patterns;
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }

  /** Number of patterns. */
  get size(): number {
    return this.patterns.size;
  }

  /** The optimizers, each once, in the order of the patterns; the default last. */
  get optimizers(): Optimizer[] {
    return [...new Set([...this.patterns.values()].map(([, optimizer]) => optimizer)).add(this.defaultOptimizer)];
  }

  /**
   * Finds the optimizer for a path.
   *
   * @param path - A variable's path.
   * @returns the optimizer whose key equals this path, or whose pattern matches the whole path, or the default
   * @throws ValueError ERR_OPTION_CONFLICT when several patterns match; TypeError ERR_OPTION_TYPE
   */
  get(path: string): Optimizer {
    checkMethod(this, "get", arguments.length, 1);
    const exact = this.patterns.get(text("OptimizerMap.get", "path", path));
    if (exact !== undefined) return exact[1];
    const found = [...this.patterns].filter(([, [pattern]]) => pattern.test(path));
    if (found.length > 1) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `OptimizerMap: ${found.map(([pattern]) => `"${pattern}"`).join(" and ")} match the variable "${path}". Write patterns that exclude each other, or its path as a key.`,
      );
    }
    return found[0]?.[1][1] ?? this.defaultOptimizer;
  }

  /**
   * Adds an optimizer, before the map is used.
   *
   * @param pattern - A regular expression of whole paths.
   * @param optimizer - The optimizer.
   * @returns the map
   * @throws ValueError ERR_OPTION_CONFLICT for an existing pattern, ERR_OPTION_RANGE; TypeError ERR_OPTION_TYPE
   */
  set(pattern: string, optimizer: Optimizer): this {
    checkMethod(this, "set", arguments.length, 2);
    const key = text("OptimizerMap.set", "pattern", pattern);
    if (this.patterns.has(key)) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `OptimizerMap has an optimizer for "${key}" already. Delete it first, or write another pattern.`,
      );
    }
    const checked = checkedOptimizer(key, optimizer);
    this.patterns.set(key, [expression(key), checked]);
    return this;
  }

  /**
   * Removes a pattern.
   *
   * @param pattern - A pattern that was added.
   * @returns whether it existed
   */
  delete(pattern: string): boolean {
    checkMethod(this, "delete", arguments.length, 1);
    return this.patterns.delete(pattern);
  }

  /**
   * Finds the optimizer for a variable. Override it to choose differently.
   *
   * @param variable - A variable to train.
   * @returns its optimizer
   * @throws ValueError ERR_OPTION_CONFLICT when several patterns match; TypeError ERR_OPTION_TYPE for anything but a variable
   */
  call(variable: Variable): Optimizer {
    checkMethod(this, "call", arguments.length, 1);
    if (!isVariable(variable)) {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `OptimizerMap.call takes a Variable, got ${shown(variable)}.`);
    }
    return this.get(variable.path);
  }

  /**
   * Returns the config of an equal map.
   *
   * @returns the constructor's arguments, by Keras's names
   * @throws ValueError ERR_CONFIG_INVALID for an optimizer without a config; TypeError ERR_OPTION_TYPE
   */
  getConfig(): OptimizerConfig {
    checkObject(this, "getConfig");
    const entries = [...this.patterns].map(([key, [, optimizer]]) => [key, registry.serialize(optimizer)]);
    return {
      default_optimizer: registry.serialize(this.defaultOptimizer),
      optimizer_map: Object.fromEntries(entries),
    };
  }

  /**
   * Creates a map from what {@link OptimizerMap.getConfig} returned, here or in Python. Patterns with equal configs, names
   * included, share one optimizer.
   *
   * @param config - The constructor's arguments, by Keras's names.
   * @param customObjects - Custom classes inside, by their saved names.
   * @returns a new map
   * @throws TypeError, ValueError ERR_CONFIG_INVALID for anything else; ValueError ERR_CONFIG_UNKNOWN_CLASS for an unknown
   * class; TypeError ERR_OPTION_TYPE
   */
  static fromConfig(config: OptimizerConfig, customObjects?: CustomObjects): OptimizerMap {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 2);
    const { default_optimizer: byDefault, optimizer_map: map } = plainJSON("fromConfig", config);
    const made = new Map<string, Optimizer>();
    const optimizerOf = (saved: unknown) => {
      const key = JSON.stringify(saved);
      const optimizer = made.get(key) ?? registry.deserialize(saved, customObjects);
      made.set(key, optimizer);
      return optimizer;
    };
    const entries = Object.entries(plainJSON('OptimizerMap: "optimizer_map"', map ?? {})).map(([key, saved]) => [
      key,
      optimizerOf(saved),
    ]);
    return new this(optimizerOf(byDefault), Object.fromEntries(entries));
  }
}

function expression(key: string): RegExp {
  try {
    return new RegExp(`^(?:${key})$`);
  } catch (cause) {
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `OptimizerMap: keys must be regular expressions: ${(cause as Error).message}.`,
    );
  }
}

/** An optimizer that a map can contain. */
export function checkedOptimizer(key: string, optimizer: unknown): Optimizer {
  if (!isA(optimizer, Optimizer)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `OptimizerMap: "${key}" must be an optimizer, such as new Adam(), got ${shown(optimizer)}.`,
    );
  }
  optimizer.checkSelf();
  refuseLossUser("OptimizerMap", optimizer);
  if (optimizer.holdsOthers) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `OptimizerMap: "${key}" cannot be a ${optimizer.className}. Put the MultiOptimizer into a LossScaleOptimizer, not the other way round.`,
    );
  }
  return optimizer;
}
