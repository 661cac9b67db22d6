/**
 * Steps before metrics and the update: outputs, loss and gradients of a batch, or of a replica's share of one.
 *
 * @module
 */

import type { Tensor } from "../tensor.js";
import { type Updates, withUpdatesLast } from "../updates.js";
import type { Variable } from "../variable.js";
import type { Batch, PendingBatch } from "./batch.js";
import type { Share } from "./share.js";
import type { StepRun } from "./tally.js";

/** Kinds of steps. Steps of the same kind and form make the same calls. */
export type StepKind = "train" | "trainWeighted" | "test" | "predict";

/** The kind of an update, which makes more calls with class weights. */
export function updateKind(run: StepRun): StepKind {
  return run.classWeights === undefined ? "train" : "trainWeighted";
}

/** Whether steps of this kind update the weights. */
export function isUpdate(kind: StepKind): boolean {
  return kind === "train" || kind === "trainWeighted";
}

/** The result of a forward pass. */
export interface Forward {
  readonly outputs: readonly Tensor<"float32">[];
  readonly total: Tensor<"float32">;
  readonly parts: readonly (Tensor<"float32"> | null)[];
}

/** A forward pass with the gradients of its loss. */
export interface Differentiated extends Forward {
  readonly variables: readonly Variable[];
  readonly gradients: readonly (Tensor<"float32"> | null)[];
}

/** The result of a step before metrics and the update. */
export interface Computed {
  readonly batch: Batch;
  readonly made: Differentiated;
  /** Deferred writes. */
  readonly updates: Updates;
}

/** A step that is neither recorded nor replayed. */
export function usually(
  pending: PendingBatch,
  share: Share | undefined,
  compute: (batch: Batch) => Differentiated,
): Computed {
  let batch: Batch | undefined;
  let made: Differentiated | undefined;
  const updates = withUpdatesLast(() => {
    batch = share === undefined ? pending.gather() : pending.gather(share.start, share.start + share.count);
    made = compute(batch);
  });
  return { batch: batch as unknown as Batch, made: made as unknown as Differentiated, updates };
}
