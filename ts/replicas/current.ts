/**
 * The group of replicas of this realm. Separate from `context.ts`, because optimizers must not load the classes of
 * groups.
 *
 * @module
 */

import type { ReplicaGroup } from "./replica-group.js";

let group: ReplicaGroup | null = null;
let factor = 1;

/** This realm's group, or null if it has none. */
export function currentGroup(): ReplicaGroup | null {
  return group;
}

/** Sets this realm's group. */
export function setCurrentGroup(next: ReplicaGroup | null): void {
  group = next;
}

/** Factor of this replica's gradients before they are summed: its fraction of the batch, in a custom step. */
export function gradientFactor(): number {
  return factor;
}

/**
 * Runs `body`, in which optimizers sum gradients over a group, where each replica's loss is a mean over its part of the
 * batch.
 */
export function withGroup<T>(other: ReplicaGroup, part: number, body: () => T): T {
  const outer = [group, factor] as const;
  [group, factor] = [other, part];
  try {
    return body();
  } finally {
    [group, factor] = outer;
  }
}
