/**
 * Agreement of replicas: all continue, or none.
 *
 * @module
 */

import { ReplicaError } from "../errors.js";

/** The part of a group that agreements use: the exchange of one number per replica. */
interface Exchanging {
  exchange(value: number): Int32Array;
}

/** The value sent by a replica that refuses; no `form` equals it. */
const REFUSED = -1;

/**
 * Runs a replica's part of a joint action. If one replica throws, all throw before any of them continues: none waits
 * for a replica that never arrives.
 *
 * @param work - Returns a number that must be the same on all replicas.
 * @throws what `work` throws; ReplicaError when another replica's `work` threw, or gave another number
 */
export function agree(group: Exchanging, owner: string, work: () => number): void {
  let form: number;
  try {
    form = work() & 0x7fffffff;
  } catch (error) {
    group.exchange(REFUSED);
    throw error;
  }
  const all = group.exchange(form);
  const refusing = all.indexOf(REFUSED);
  if (refusing >= 0) {
    throw new ReplicaError(
      "ERR_REPLICA_REFUSED",
      `${owner}: replica ${refusing} refused its part; its error says why. Nothing was changed on any replica.`,
      refusing,
    );
  }
  const other = all.findIndex((value) => value !== all[0]);
  if (other < 0) return;
  throw new ReplicaError(
    "ERR_REPLICA_MISMATCH",
    `${owner}: replica ${other} makes another call than replica 0, or passes other variables, other gradients or another number of values. Nothing was changed on any replica.`,
    other,
  );
}
