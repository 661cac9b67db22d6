/**
 * The group of replicas that this realm belongs to. Apart from `context.ts`, so that an optimizer loads no class of groups.
 *
 * @module
 */

import type { ReplicaGroup } from "./replica-group.js";

let group: ReplicaGroup | null = null;

/** This realm's group, or null if it has none. */
export function currentGroup(): ReplicaGroup | null {
  return group;
}

/** Sets this realm's group. */
export function setCurrentGroup(next: ReplicaGroup | null): void {
  group = next;
}
