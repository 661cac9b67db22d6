/**
 * The group that this realm belongs to: Keras's replica context.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { checkCount, shown } from "../options.js";
import { currentGroup, setCurrentGroup } from "./current.js";
import { ReplicaGroup } from "./replica-group.js";
import { SOLO } from "./solo-group.js";

/**
 * Returns this realm's group of replicas, which {@link setReplicaContext} or, in its workers, a strategy sets.
 *
 * @returns The group; one of a single replica if none is set.
 * @example
 * ```ts
 * import { getReplicaContext, GradientTape, ops, SGD, Variable, zip } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer = new SGD({ learningRate: 0.5 });
 * const tape = new GradientTape();
 * const loss = tape.run(() => ops.sum(ops.square(w)));
 * const gradients = getReplicaContext().allReduce("sum", tape.gradient(loss, [w]));
 * optimizer.applyGradients(zip(gradients, [w]), { experimentalAggregateGradients: false });
 * console.log(w.array()); // Float32Array [0, 0]
 * ```
 */
export function getReplicaContext(): ReplicaGroup {
  checkCount("getReplicaContext", arguments.length, 0);
  return currentGroup() ?? SOLO;
}

/**
 * Sets this realm's group: from then on `applyGradients` sums gradients over it, unless an option turns this off.
 *
 * @param group - A group, or `null` for none.
 * @throws TypeError (`ERR_OPTION_TYPE`) for anything but a group
 * @example
 * ```ts
 * import { getReplicaContext, setReplicaContext } from "gradstep/distribute";
 *
 * setReplicaContext(null);
 * console.log(getReplicaContext().size); // 1
 * ```
 */
export function setReplicaContext(group: ReplicaGroup | null): void {
  checkCount("setReplicaContext", arguments.length, 1);
  if (group !== null && !(group instanceof ReplicaGroup)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `setReplicaContext takes a ReplicaGroup, or null, got ${shown(group)}.`,
    );
  }
  setCurrentGroup(group);
}
