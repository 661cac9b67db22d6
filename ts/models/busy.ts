/**
 * Running models: their layers must not change while `fit`, `evaluate` or `predict` runs.
 *
 * @module
 */

import { ValueError } from "../errors.js";

/** A model or one of its layers. */
interface Part {
  readonly name: string;
  readonly sublayers: readonly Part[];
}

/** Number of runs of each model and layer. */
const runs = new WeakMap<Part, number>();

/** Runs `work`, during which the model and all its layers are busy. */
export async function underWay<T>(model: Part, work: () => Promise<T>): Promise<T> {
  const parts = begun(model);
  try {
    return await work();
  } finally {
    end(parts);
  }
}

/** The same for synchronous work. */
export function underWayNow<T>(model: Part, work: () => T): T {
  const parts = begun(model);
  try {
    return work();
  } finally {
    end(parts);
  }
}

function begun(model: Part): ReadonlySet<Part> {
  const parts = partsOf(model);
  for (const part of parts) runs.set(part, (runs.get(part) ?? 0) + 1);
  return parts;
}

function end(parts: ReadonlySet<Part>): void {
  for (const part of parts) runs.set(part, (runs.get(part) as number) - 1);
}

/** Refuses a change of a model that is busy, alone or inside another one. @throws ValueError */
export function refuseUnderWay(model: Part, owner: string): void {
  if ((runs.get(model) ?? 0) === 0) return;
  throw new ValueError(
    "ERR_BUSY",
    `${model.name}: ${owner} cannot change the model while it runs: fit, evaluate, predict, a step or a call. Wait for its promise, or its end, first.`,
  );
}

/** A model or layer and everything nested in it, each once. */
export function partsOf<P extends { readonly sublayers: readonly P[] }>(model: P): Set<P> {
  const parts = new Set<P>();
  const visit = (part: P): void => {
    if (parts.has(part)) return;
    parts.add(part);
    for (const inner of part.sublayers) visit(inner);
  };
  visit(model);
  return parts;
}
