/**
 * Logs of several replicas.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import type { Logs } from "../callbacks/callback.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";

/** The mean of all replicas' logs, which have the same names, weighted by their samples. Inside a step. */
export function meanLogs(group: ReplicaGroup, logs: Logs, fraction: number): Logs {
  const entries = Object.entries(logs);
  const own = entries.flatMap(([, value]) => value);
  const room = allocate([own.length]);
  // The results of a replica without samples do not count, even if they are NaN.
  room.numbers.set(own.map((value) => (fraction === 0 ? 0 : value * fraction)));
  group.sumInPlace(room);
  const sums = Array.from(room.numbers);
  let at = 0;
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value === "number") return [name, sums[at++]!];
      at += value.length;
      return [name, sums.slice(at - value.length, at)];
    }),
  );
}
