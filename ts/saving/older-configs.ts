/**
 * Configs of older Keras, and of TensorFlow.js, as Keras 3 writes them.
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
 * A model's JSON in the form of Keras 3, from that of Keras 1 and 2 or of TensorFlow.js, with `compile_config` if it has one.
 * What is current already stays as it is. {@link OLDER_FUNCTIONS} are needed to read it.
 *
 * @param version - `keras_version` of the file. Default: that in `json`; without one, the form decides.
 * @param customObjects - Names that stay as they are. Default: none.
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

/** Whether a config has what Keras 3 does not write: `batch_input_shape`, calls as lists, a Sequential as a list. */
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
