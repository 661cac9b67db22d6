/**
 * The group of a realm that trains alone.
 *
 * @module
 */

import { ReplicaGroup } from "./replica-group.js";

/** A group of one replica: there is nothing to reduce or to wait for. */
class SoloGroup extends ReplicaGroup {
  readonly rank = 0;
  readonly size = 1;

  barrier(): void {}
  close(): void {}
  abort(): void {}

  exchange(value: number): Int32Array {
    return Int32Array.of(value);
  }

  protected sum(): void {}
  protected copy(): void {}
}

/** Alone. */
export const SOLO: ReplicaGroup = new SoloGroup();
