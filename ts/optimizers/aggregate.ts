/**
 * The first part of a step with several replicas: everybody's gradients are summed.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { within } from "../autodiff/part.js";
import { agree } from "../distribute/agreement.js";
import type { ReplicaGroup } from "../distribute/replica-group.js";
import { float32 } from "../runtime/memory.js";
import { flatten, shapeOfNested } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { type Given, Lists, outlastingGiven, variablesOf } from "./given.js";
import type { Gradient } from "./gradients.js";

/** Cache lines, in float32. */
const LINE = 16;

/**
 * The sums of all replicas' gradients, in temporary memory; the caller's stay as they are.
 *
 * @param giving - This replica's gradients.
 * @param check - Refuses whatever the step would refuse: all replicas throw then, before anything is summed.
 * @throws what `giving` and `check` throw; ReplicaError when another replica refuses, or has gradients for other variables
 */
export function summedOverReplicas(
  owner: string,
  group: ReplicaGroup,
  giving: () => Given,
  check: (given: Given) => void,
): Given {
  let run: Run | undefined;
  agree(group, owner, () => {
    const given = giving();
    if (given.length > 0) check(given);
    run = gathered(owner, given);
    return run.form;
  });
  const { start, length, lists } = run as unknown as Run;
  if (length > 0) group.allReduce("sum", float32(start, length));
  return lists;
}

interface Run {
  readonly start: number;
  readonly length: number;
  readonly lists: Given;
  /** A number that stands for which variables have gradients, and how long they are. */
  readonly form: number;
}

/** All gradients behind one another: a single run is reduced much faster than many. */
function gathered(owner: string, given: Given): Run {
  const safe = outlastingGiven(owner, given);
  const variables = variablesOf(safe);
  const offsets: number[] = [];
  let length = 0;
  let form = variables.length;
  variables.forEach(({ size }, at) => {
    offsets.push(length);
    const isMissing = safe.gradient(at) === null;
    form = (Math.imul(form ^ size, 16777619) ^ (isMissing ? 1 : 0)) | 0;
    if (!isMissing) length += Math.ceil(size / LINE) * LINE;
  });
  const slab = allocate([length]);
  const start = slab.address;
  const room = slab.value;
  const sums = variables.map((variable, at) => {
    const gradient = safe.gradient(at) as Gradient | null;
    if (gradient === null) return null;
    const offset = offsets[at] as number;
    fill(variable, gradient, room.subarray(offset, offset + variable.size));
    return within(slab, offset, variable.shape);
  });
  return { start, length, lists: new Lists(owner, sums, variables), form };
}

function fill({ name }: Variable, gradient: Gradient, room: Float32Array): void {
  if (gradient instanceof Tensor) room.set(gradient.value);
  else if (gradient instanceof Float32Array) room.set(gradient);
  else flatten(`Cannot apply gradients to "${name}"`, gradient, shapeOfNested(gradient), room);
}
