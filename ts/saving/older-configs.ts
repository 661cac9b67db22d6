/**
 * Configs of older versions of Keras, and of TensorFlow.js, in the form of Keras 3.
 *
 * @module
 */

import { type CustomObjects, own } from "../custom-objects.js";
import { isList } from "../options.js";
import { copied, type PlainObject } from "../plain-json.js";
import { currentCompiled } from "./older/compiled.js";
import { currentNode } from "./older/graph.js";

export { currentCompiled, currentOptimizer } from "./older/compiled.js";
export { OLDER_FUNCTIONS } from "./older/layers.js";

/**
 * Upgrades a model's JSON of Keras 1 and 2 or of TensorFlow.js to Keras 3, with `compile_config` if it has one. Current
 * JSON is returned unchanged. {@link OLDER_FUNCTIONS} are needed to read the result.
 *
 * @param version - `keras_version` of the file. Default: that in `json`; without one, the form decides.
 * @param customObjects - Names that are not changed. Default: none.
 * @throws ValueError with `ERR_CONFIG_INVALID` for what has no counterpart, with Keras's key and the cure
 */
export function currentConfig(json: unknown, version?: unknown, customObjects: CustomObjects = {}): object {
  const saved = copied("loadModel", json);
  if (typeof saved !== "object" || saved === null || isList(saved)) return saved as object;
  const by = version ?? own(saved, "keras_version");
  if (typeof by === "string" ? /^[3-9]/.test(by) : !looksOlder(saved)) return saved;
  const current = currentNode(saved, (name) => Object.hasOwn(customObjects, name));
  const compiled = own(saved, "compile_config");
  return compiled === undefined ? current : { ...current, compile_config: currentCompiled(compiled) };
}

/**
 * Whether a config has features that Keras 3 does not write: `batch_input_shape`, calls as lists, a Sequential as a
 * list.
 */
function looksOlder(saved: object): boolean {
  const config = own(saved, "config");
  if (isList(config)) return true;
  if (typeof config !== "object" || config === null) return false;
  if (Object.hasOwn(config, "batch_input_shape")) return true;
  const layers = own(config, "layers");
  if (!isList(layers)) return false;
  return (layers as readonly PlainObject[]).some((layer) => {
    if (typeof layer !== "object" || layer === null) return false;
    const calls = own(layer, "inbound_nodes");
    return (isList(calls) && isList(calls[0])) || looksOlder(layer);
  });
}
