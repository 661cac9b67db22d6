/**
 * A compiled model's steps, taken together with other replicas: each computes its share of the batch, and all have the
 * same weights and the same numbers afterwards.
 *
 * @module
 */

import { allocate, tidy } from "../autodiff/arena.js";
import { within } from "../autodiff/part.js";
import { agree } from "../distribute/agreement.js";
import type { ReplicaGroup } from "../distribute/replica-group.js";
import { type Updates, withUpdatesLast } from "../layers/updates.js";
import { Lists } from "../optimizers/given.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { withShare } from "../random/batch-share.js";
import { float32 } from "../runtime/memory.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import type { Batch, PendingBatch } from "./batch.js";
import { type Share, shareOf } from "./share.js";

/** What a forward pass gives. */
export interface Forward {
  readonly outputs: readonly Tensor<"float32">[];
  readonly total: Tensor<"float32">;
  readonly parts: readonly (Tensor<"float32"> | null)[];
}

/** A forward pass with the gradients of its loss. */
export interface Differentiated extends Forward {
  readonly variables: readonly Variable[];
  readonly gradients: readonly (Tensor<"float32"> | null)[];
}

/** What the steps need of a training. */
export interface ReplicatedTraining {
  readonly name: string;
  readonly optimizer: Optimizer;
  readonly weights: readonly Variable[];
  readonly hasMetrics: boolean;
  forward(batch: Batch, share: Share, whole: () => Omit<Batch, "x">): Forward;
  differentiate(batch: Batch, share: Share, whole: () => Omit<Batch, "x">): Differentiated;
  track(
    labels: Omit<Batch, "x"> | undefined,
    outputs: readonly Tensor[],
    losses: readonly (number | null)[],
    size: number,
  ): void;
}

/** Steps with a group. */
export class Replicated {
  readonly group: ReplicaGroup;
  readonly #training: ReplicatedTraining;

  constructor(group: ReplicaGroup, training: ReplicatedTraining) {
    this.group = group;
    this.#training = training;
  }

  /** One update by the whole batch. @throws as a step does; ReplicaError. Weights and counters are as before then. */
  train(pending: PendingBatch): void {
    tidy(() => this.#train(pending));
  }

  /** Losses and metrics of the whole batch, without an update. */
  test(pending: PendingBatch): void {
    tidy(() => this.#test(pending));
  }

  #train(pending: PendingBatch): void {
    const { group } = this;
    const training = this.#training;
    const share = shareOf(pending.size, group);
    const updates = withUpdatesLast(() => {
      let made: Differentiated | undefined;
      agree(group, training.name, () => {
        const batch = this.#part(pending, share);
        made = withShare(share, () => training.differentiate(batch, share, () => pending.labels()));
        return formOf(pending.size, made.gradients);
      });
      const { outputs, total, parts, variables, gradients } = made as unknown as Differentiated;
      this.#track(pending, share, { outputs, total, parts });
      if (gradients.length === 0) return;
      if (share.fraction === 0) for (const gradient of gradients) gradient?.value.fill(0);
      group.sumInPlace(gradients);
      training.optimizer.update(new Lists(training.name, gradients, variables), {
        clip: true,
        label: training.optimizer.name,
      });
    });
    this.#write(updates, share);
    if (group.verifiesSteps) group.verify(training.weights);
  }

  #test(pending: PendingBatch): void {
    const share = shareOf(pending.size, this.group);
    const training = this.#training;
    let made: Forward | undefined;
    agree(this.group, training.name, () => {
      made = training.forward(this.#part(pending, share), share, () => pending.labels());
      return formOf(pending.size, []);
    });
    this.#track(pending, share, made as unknown as Forward);
  }

  #part(pending: PendingBatch, { start, count }: Share): Batch {
    return pending.gather(start, start + count);
  }

  /** Sums the losses, puts the outputs together, and lets every replica see all of them. */
  #track(pending: PendingBatch, share: Share, { outputs, total, parts }: Forward): void {
    const training = this.#training;
    const losses = [total, ...parts];
    const shapes = training.hasMetrics ? outputs.map(({ shape }) => [pending.size, ...shape.slice(1)]) : [];
    const sizes = shapes.map((shape) => shape.reduce((size, length) => size * length, 1));
    const run = allocate([losses.length + sizes.reduce((sum, size) => sum + size, 0)]);
    const room = run.value.fill(0);
    if (share.fraction > 0) {
      losses.forEach((loss, i) => {
        room[i] = loss?.item() ?? 0;
      });
    }
    let at = losses.length;
    const whole = shapes.map((shape, i) => {
      const output = outputs[i] as Tensor<"float32">;
      const size = sizes[i] as number;
      if (share.fraction > 0) room.set(output.value, at + (size / pending.size) * share.start);
      at += size;
      return within(run, at - size, shape);
    });
    this.group.sumInPlace(run);
    const sums = run.value;
    const numbers = losses.map((loss, i) => (loss === null ? null : (sums[i] as number)));
    training.track(training.hasMetrics ? pending.labels() : undefined, whole, numbers, pending.size);
  }

  /** What layers write beside training, such as moving averages: the mean over the samples of all replicas. */
  #write(updates: Updates, share: Share): void {
    const { variables } = updates;
    if (variables.length === 0) {
      updates.write();
      return;
    }
    const run = allocate([variables.reduce((sum, { size }) => sum + size, 0)]);
    const before = variables.map((variable) => variable.array());
    updates.write();
    const room = run.value.fill(0);
    let at = 0;
    variables.forEach((variable, i) => {
      const [now, then] = [variable.value, before[i] as Float32Array];
      // The change, not the value: what no replica changes stays as it is, to the bit.
      if (share.fraction > 0) {
        for (let j = 0; j < now.length; j++) room[at + j] = ((now[j] as number) - (then[j] as number)) * share.fraction;
      }
      at += now.length;
    });
    this.group.sumInPlace(run);
    at = run.address;
    variables.forEach((variable, i) => {
      const [now, then, change] = [variable.value, before[i] as Float32Array, float32(at, variable.size)];
      for (let j = 0; j < now.length; j++) now[j] = (then[j] as number) + (change[j] as number);
      at += variable.size * 4;
    });
  }
}

/** A number that stands for a batch and for which gradients there are: it has to be the same on all replicas. */
function formOf(size: number, gradients: readonly (Tensor | null)[]): number {
  let form = size;
  for (const gradient of gradients) form = Math.imul(form ^ (gradient?.size ?? -1), 16777619) | 0;
  return form;
}
