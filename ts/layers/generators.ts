/**
 * The random generators of layers.
 *
 * @module
 */

import { SeedGenerator } from "../random/generator.js";
import type { LayerWeights } from "./layer-weights.js";

/** The generators of layers that draw, in the model's order. */
export function generatorsOf(layer: LayerWeights): SeedGenerator[] {
  const own = (layer as LayerWeights & { readonly seedGenerator?: unknown }).seedGenerator;
  return [...(own instanceof SeedGenerator ? [own] : []), ...layer.sublayers.flatMap(generatorsOf)];
}
