/**
 * Metrics in the public fields of a model and of its layers.
 *
 * @module
 */

import { isA } from "../brands.js";
import type { Layer } from "../layers/layer.js";
import { visitFields } from "../layers/public-fields.js";
import { Metric } from "../metrics/metric.js";

/**
 * The metrics of a model, then those of its layers, each once, as Keras tracks them.
 *
 * @param isModel - Whether a layer is a model: metrics of nested models are skipped, but not those of their layers.
 */
export function metricsIn(model: Layer, isModel: (layer: Layer) => boolean): Metric[] {
  const found = new Set<Metric>();
  const seen = new Set<Layer>();
  const visit = (layer: Layer): void => {
    if (seen.has(layer)) return;
    seen.add(layer);
    if (layer === model || !isModel(layer)) addFields(layer, found);
    for (const inner of layer.sublayers) visit(inner);
  };
  visit(model);
  return [...found];
}

function addFields(layer: object, found: Set<Metric>): void {
  visitFields(layer, (value) => {
    if (!isA(value, Metric)) return;
    (value as Metric).checkSelf();
    found.add(value as Metric);
  });
}
