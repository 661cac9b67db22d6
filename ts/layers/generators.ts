/**
 * The random generators of layers.
 *
 * @module
 */

import { SeedGenerator } from "../random/generator.js";

/** A layer, as needed in this file. */
export interface DrawingLayer {
  /** Layers that belong to it. @internal */
  readonly sublayers: readonly DrawingLayer[];
}

/** The generators of layers that draw, in the model's order. */
export function generatorsOf(layer: DrawingLayer): SeedGenerator[] {
  const own = (layer as DrawingLayer & { readonly seedGenerator?: unknown }).seedGenerator;
  return [...(own instanceof SeedGenerator ? [own] : []), ...layer.sublayers.flatMap(generatorsOf)];
}
