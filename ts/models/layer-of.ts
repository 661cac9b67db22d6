/**
 * Lookup of a model's layer by name or index.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import type { Layer } from "../layers/layer.js";
import { integer, nearestName, shown } from "../options.js";

/** @throws ValueError, TypeError for an unknown layer, or unless exactly one of `name` and `index` is passed */
export function layerOf(
  model: { readonly name: string; readonly layers: readonly Layer[] },
  name: string | undefined,
  index: number | undefined,
): Layer {
  const { layers } = model;
  if ((name === undefined) === (index === undefined)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${model.name}: getLayer takes a name, or null and an index, got ${shown(name)} and ${shown(index)}.`,
    );
  }
  if (index !== undefined) {
    const found = layers.at(integer(`${model.name}: getLayer`, "index", index, -layers.length));
    if (found !== undefined) return found;
    throw new ValueError("ERR_OPTION_RANGE", `${model.name} has ${layers.length} layers, none at index ${index}.`);
  }
  const found = layers.find((layer) => layer.name === name);
  if (found !== undefined) return found;
  const names = layers.map((layer) => layer.name);
  if (typeof name !== "string") {
    const cure = typeof name === "number" ? ` The layer of an index is getLayer(null, ${name}).` : "";
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${model.name}: getLayer takes a name, got ${shown(name)}.${cure}`);
  }
  const meant = nearestName(name, names);
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${model.name} has no layer called ${shown(name)}.${meant === undefined ? "" : ` Did you mean "${meant}"?`} It has: ${names.join(", ")}.`,
  );
}
