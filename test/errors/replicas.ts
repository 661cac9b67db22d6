/**
 * Refusals of groups of replicas, on one thread: ts/distribute/.
 */

import {
  getReplicaContext,
  MirroredStrategy,
  ReplicaGroup,
  SharedMemoryGroup,
  setReplicaContext,
} from "../../ts/distribute/index.js";
import type { Rows } from "./row.js";

const group = () => getReplicaContext();

export const replicas: Rows = [
  [
    () => setReplicaContext(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "setReplicaContext takes a ReplicaGroup, or null, got 1.",
  ],
  [
    () => group().allReduce("max" as never, new Float32Array(1)),
    "ValueError",
    "ERR_OPTION_RANGE",
    'allReduce: the operation must be "sum" or "mean", got "max".',
  ],
  [
    () => group().allReduce("sum", "x" as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'allReduce takes a Float32Array, Float64Array, Int32Array, tensor or variable, or a list of them, got "x".',
  ],
  [
    () => group().allReduce("mean", new Int32Array(1)),
    "TypeError",
    "ERR_OPTION_TYPE",
    'allReduce: "mean" needs float numbers, got int32.',
  ],
  [
    () => group().allReduce("sum", [1] as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "allReduce takes a Float32Array, Float64Array, Int32Array, tensor or variable, or a list of them, got 1.",
  ],
  [
    () => group().broadcast(new Float32Array(1), 1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'broadcast: "root" must be below 1, got 1.',
  ],
  [
    () => group().broadcast(new Float32Array(1), -1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'broadcast: "root" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => group().broadcast(1 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "broadcast takes a Float32Array, Float64Array, Int32Array, tensor or variable, or a list of them, got 1.",
  ],
  [
    () => SharedMemoryGroup.create(0),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SharedMemoryGroup: "size" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => SharedMemoryGroup.create(257),
    "ValueError",
    "ERR_OPTION_RANGE",
    "SharedMemoryGroup: at most 256 replicas, got 257.",
  ],
  [
    () => SharedMemoryGroup.create("x" as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    'SharedMemoryGroup: "size" must be a number, got "x".',
  ],
  [
    () => SharedMemoryGroup.create(2, { patience: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'SharedMemoryGroup does not know "patience". Its options are: timeout.',
  ],
  [
    () => SharedMemoryGroup.create(2, { timeout: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SharedMemoryGroup: "timeout" must be a whole number, 1 or above, got -1.',
  ],
  [
    () => SharedMemoryGroup.join({} as never, 0),
    "TypeError",
    "ERR_OPTION_TYPE",
    "SharedMemoryGroup.join takes a result of create(), got an object (Object).",
  ],
  [
    () => SharedMemoryGroup.join(SharedMemoryGroup.create(2), 2),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SharedMemoryGroup.join: "rank" must be below 2, got 2.',
  ],
  [
    () => SharedMemoryGroup.join(SharedMemoryGroup.create(2), -1),
    "ValueError",
    "ERR_OPTION_RANGE",
    'SharedMemoryGroup.join: "rank" must be a whole number, 0 or above, got -1.',
  ],
  [
    () => new MirroredStrategy(2 as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "MirroredStrategy takes one object with options, such as { replicas: ... }, got 2.",
  ],
  [
    () => new MirroredStrategy(new Date() as never),
    "TypeError",
    "ERR_OPTION_TYPE",
    "MirroredStrategy takes one object with options, such as { replicas: ... }, got an object (Date).",
  ],
  [
    () => new MirroredStrategy({ replicas: 1, createWorker: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'MirroredStrategy: "createWorker" must be a function (url) => Worker, got 1.',
  ],
  [
    () => new MirroredStrategy({ replicas: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MirroredStrategy: "replicas" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new MirroredStrategy({ replicas: 1.5 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MirroredStrategy: "replicas" must be a whole number, 1 or above, got 1.5.',
  ],
  [
    () => new MirroredStrategy({ replicas: 257 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    "MirroredStrategy: at most 256 replicas, got 257.",
  ],
  [
    () => new MirroredStrategy({ replicas: 2, workers: 3 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MirroredStrategy: "workers" must be at most the number of replicas, 2, got 3.',
  ],
  [
    () => new MirroredStrategy({ replicas: 2, workers: 0 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MirroredStrategy: "workers" must be a whole number, 1 or above, got 0.',
  ],
  [
    () => new MirroredStrategy({ replicas: 2, verify: 1 as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'MirroredStrategy: "verify" must be true or false, got 1.',
  ],
  [
    () => new MirroredStrategy({ replicas: 2, relaxed: "yes" as never }),
    "TypeError",
    "ERR_OPTION_TYPE",
    'MirroredStrategy: "relaxed" must be true or false, got "yes".',
  ],
  [
    () => new MirroredStrategy({ replicas: 2, timeout: -1 }),
    "ValueError",
    "ERR_OPTION_RANGE",
    'MirroredStrategy: "timeout" must be a whole number, 1 or above, got -1.',
  ],
  [
    () => new MirroredStrategy({ replicas: 2, devices: 1 } as never),
    "ValueError",
    "ERR_OPTION_UNKNOWN",
    'MirroredStrategy does not know "devices". Its options are: replicas, workers, threads, relaxed, verify, timeout, createWorker.',
  ],
];

/** A group whose second replica answers with these numbers, then with what the first says. */
class Answering extends ReplicaGroup {
  readonly rank = 0;
  readonly size = 2;
  readonly #answers: number[];

  constructor(...answers: number[]) {
    super();
    this.#answers = answers;
  }

  exchange(value: number): Int32Array {
    return Int32Array.of(value, this.#answers.shift() ?? value);
  }

  barrier(): void {}
  abort(): void {}
  close(): void {}
  protected sum(): void {}
  protected copy(): void {}
}

const AGREED = 0x766572;

export const groups: Rows = [
  [
    () => new Answering(-1).allReduce("sum", new Float32Array(1)),
    "ReplicaError",
    "ERR_REPLICA_REFUSED",
    "allReduce: replica 1 refused its part; its error says why. Nothing was changed on any replica.",
  ],
  [
    () => new Answering(5).allReduce("sum", new Float32Array(1)),
    "ReplicaError",
    "ERR_REPLICA_MISMATCH",
    "allReduce: replica 1 makes another call than replica 0, or passes other variables, other gradients or another number of values. Nothing was changed on any replica.",
  ],
  [
    () => new Answering(5).broadcast(new Float32Array(1)),
    "ReplicaError",
    "ERR_REPLICA_MISMATCH",
    "broadcast: replica 1 makes another call than replica 0, or passes other variables, other gradients or another number of values. Nothing was changed on any replica.",
  ],
  [
    () => new Answering(AGREED, 5).verify(new Float32Array(1)),
    "ReplicaError",
    "ERR_REPLICA_DRIFT",
    "The replicas have drifted apart: the numbers of replica 1 are not those of replica 0.",
  ],
];
