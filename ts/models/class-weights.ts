/**
 * Weights of classes, as weights of samples.
 *
 * @module
 */

import { isMap } from "../brands.js";
import { ValueError } from "../errors.js";
import { finiteNumber } from "../options.js";
import type { Samples } from "./batch.js";
import { Rows } from "./rows.js";

/** The same samples with a weight for each, by its class. @throws ValueError where that makes no sense */
export function withClassWeights(
  samples: Samples,
  classWeight: Readonly<Record<number, number>> | ReadonlyMap<number, number>,
): Samples {
  if (samples.weights.some((rows) => rows !== undefined)) {
    throw new ValueError("ERR_OPTION_CONFLICT", 'fit: "classWeight" and "sampleWeight" cannot be used together.');
  }
  const [labels] = samples.y;
  if (samples.y.length !== 1 || labels === undefined) {
    throw new ValueError("ERR_OPTION_CONFLICT", 'fit: "classWeight" is for models with one output and labels.');
  }
  const entries = isMap(classWeight) ? [...classWeight] : Object.entries(classWeight);
  const byClass = new Map(
    entries.map(([label, weight]) => [Number(label), finiteNumber("fit", "classWeight", weight)]),
  );
  const classes = classesOf(labels);
  const weights = Float32Array.from(classes, (label) => byClass.get(label) ?? 1);
  return { ...samples, weights: [new Rows('fit: "classWeight"', weights)] };
}

/** The class of each sample: the label itself, or the largest of several. */
function classesOf(labels: Rows): Int32Array {
  const values = labels.values();
  const size = values.length / Math.max(1, labels.count);
  return Int32Array.from({ length: labels.count }, (_, sample) => {
    const start = sample * size;
    if (size === 1) return Math.round(values[start] as number);
    let best = 0;
    for (let i = 1; i < size; i++) if ((values[start + i] as number) > (values[start + best] as number)) best = i;
    return best;
  });
}
