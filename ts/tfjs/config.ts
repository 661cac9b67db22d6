/**
 * An optimizer's configuration in the files of TensorFlow.js.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { deserialize, serialize } from "../optimizers/registry.js";

/** The configuration that TensorFlow.js saves: the optimizer's JSON as one string. */
export interface TfjsConfig {
  readonly [key: string]: string;
  readonly optimizer: string;
}

/**
 * Writes an optimizer's configuration. TensorFlow.js converts all keys and strings that it loads to camel case, so the
 * JSON must not contain an underscore.
 */
export function tfjsConfigOf(optimizer: Optimizer): TfjsConfig {
  return { optimizer: encodeURIComponent(JSON.stringify(serialize(optimizer))).replaceAll("_", "%5F") };
}

/** @throws ValueError (`ERR_CONFIG_INVALID`) for a text that {@link tfjsConfigOf} did not write */
export function optimizerOf(config: unknown): Optimizer {
  const text = (config as Partial<TfjsConfig> | null)?.optimizer;
  if (typeof text !== "string") {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `TfjsOptimizer: expected { optimizer: a text }, as getConfig returns it.`,
    );
  }
  return deserialize(JSON.parse(decodeURIComponent(text)));
}
