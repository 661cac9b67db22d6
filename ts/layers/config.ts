/**
 * Layers' configurations: Keras's own snake_case JSON.
 *
 * @module
 */

import { isPlain } from "../brands.js";
import type { Config } from "../class-registry.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { fromKeras } from "../keras-names.js";
import { shown } from "../options.js";

/** Keras's word for computing in float32. */
export const FLOAT32 = {
  module: "keras",
  class_name: "DTypePolicy",
  config: { name: "float32" },
  registered_name: null,
} as const;

/**
 * A constructor's arguments from a config. Unknown keys are left to the constructor, which refuses them.
 *
 * @param required - Arguments by position, in camelCase.
 * @param fixed - Arguments, by Keras's names, for which only these values are allowed.
 * @throws ValueError when one of those has another
 */
export function argumentsOf(config: Config, required: readonly string[], fixed: Config): unknown[] {
  if (!isPlain(config)) {
    throw new ArgumentTypeError(
      "ERR_CONFIG_INVALID",
      `fromConfig takes the object that getConfig returns, got ${shown(config)}.`,
    );
  }
  const odd = Object.keys(fixed).find((name) => Object.hasOwn(config, name) && config[name] !== fixed[name]);
  if (odd !== undefined) {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `${shown(config.name)}: "${odd}" can only be ${shown(fixed[odd])}, got ${shown(config[odd])}.`,
    );
  }
  const given = new Map(
    Object.entries(config)
      // As in Python, null stands for the default.
      .filter(([name, value]) => !Object.hasOwn(fixed, name) && value !== null)
      .map(([name, value]) => [fromKeras(name), value]),
  );
  const others = [...given].filter(([name]) => !required.includes(name));
  return [...required.map((name) => given.get(name)), Object.fromEntries(others)];
}
