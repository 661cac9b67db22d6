/**
 * Training on several replicas: `gradstep/distribute`.
 *
 * @module
 */

import "../runtime/embedded.js";

export { getReplicaContext, setReplicaContext } from "./context.js";
export { MirroredStrategy, type MirroredStrategyOptions } from "./mirrored-strategy.js";
export type { ReplicaData, ReplicaNumbers } from "./numbers.js";
export { type ReduceOp, ReplicaGroup } from "./replica-group.js";
export { SharedMemoryGroup, type SharedReplicas, type SharedReplicasOptions } from "./shared-memory-group.js";
