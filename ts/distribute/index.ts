/**
 * Training on several replicas: `gradstep/distribute`.
 *
 * @module
 */

import "../runtime/embedded.js";

export { getReplicaContext, setReplicaContext } from "../replicas/context.js";
export type { ReplicaData, ReplicaNumbers } from "../replicas/replica-data.js";
export { type ReduceOp, ReplicaGroup } from "../replicas/replica-group.js";
export { SharedMemoryGroup, type SharedReplicas, type SharedReplicasOptions } from "../replicas/shared-memory-group.js";
export { MirroredStrategy, type MirroredStrategyOptions } from "./mirrored-strategy.js";
