/**
 * Steps of a compiled model on several replicas: each computes its share of the batch, and afterwards all have the same
 * weights and results.
 *
 * @module
 */

import { allocate, scratch } from "../autodiff/arena.js";
import { slabTensor } from "../autodiff/slab-tensor.js";
import type { Logs } from "../callbacks/callback.js";
import { ReplicaError, ValueError } from "../errors.js";
import { ascentOf } from "../optimizers/loss-users.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { ListedInputs } from "../optimizers/step-inputs.js";
import { withShare } from "../random/batch-share.js";
import type { SeedGenerator } from "../random/generator.js";
import { agree } from "../replicas/agreement.js";
import { formOf } from "../replicas/checksum.js";
import { withGroup } from "../replicas/current.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";
import { float32 } from "../runtime/memory.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import { type Updates, withUpdatesLast } from "../updates.js";
import type { Variable } from "../variable.js";
import type { Batch, PendingBatch } from "./batch.js";
import { type Computed, type Differentiated, type Forward, type StepKind, updateKind } from "./computed-step.js";
import { meanLogs } from "./mean-logs.js";
import { type Share, sharesOf } from "./share.js";
import type { StepRun } from "./tally.js";

/** Gradients of the shares, and their layers' writes. */
interface Pass {
  readonly made: readonly Differentiated[];
  readonly updates: readonly Updates[];
}

/** The part of a training that its steps need. */
export interface ReplicatedTraining {
  readonly name: string;
  readonly optimizer: Optimizer;
  readonly weights: readonly Variable[];
  readonly hasMetrics: boolean;
  readonly generators: readonly SeedGenerator[];
  compute(kind: StepKind, pending: PendingBatch, run: StepRun, share: Share): Computed;
  track(
    run: StepRun,
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

  /** One update with the whole batch. @throws the errors of a step; ReplicaError. Then weights and counters are unchanged. */
  train(pending: PendingBatch, run: StepRun): void {
    scratch(() => this.#train(pending, run));
  }

  /** Losses and metrics of the whole batch, without an update. */
  test(pending: PendingBatch, run: StepRun): void {
    scratch(() => this.#test(pending, run));
  }

  /**
   * A custom step: each replica computes its part of the batch. Optimizers average the replicas' gradients, and logs
   * are averaged too, weighted by samples.
   *
   * @returns the logs, and the number of samples that this replica computed
   * @throws as the step does, on all replicas; ValueError where one process computes several of them
   */
  custom(pending: PendingBatch, step: (batch: Batch) => Logs): { logs: Logs; samples: number } {
    const { group } = this;
    const { name } = this.#training;
    const shares = sharesOf(pending.size, group.parts);
    const [share, another] = shares as [Share, Share?];
    if (another !== undefined) {
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `${name}: a custom step needs a worker for each replica, as it may update in its middle. Leave out "workers" of MirroredStrategy.`,
      );
    }
    let logs: Logs = {};
    const updates = withUpdatesLast(() => {
      try {
        withGroup(group, share.fraction, () =>
          withShare(share, () => {
            logs = step(pending.gather(share.start, share.start + share.count));
          }),
        );
      } catch (error) {
        // The others learn of it where they wait next: in an optimizer, or below.
        if (!(error instanceof ReplicaError)) agree(group, name, () => refuse(error));
        throw error;
      }
      agree(group, name, () => formOf([pending.size, ...Object.keys(logs).map((key) => key.length)]));
    });
    this.#write([updates], shares);
    return { logs: meanLogs(group, logs, share.fraction), samples: share.fraction * pending.size };
  }

  #train(pending: PendingBatch, run: StepRun): void {
    const { group } = this;
    const { optimizer } = this.#training;
    const shares = sharesOf(pending.size, group.parts);
    let updates: readonly Updates[] = [];
    const first = () => {
      const pass = this.#differentiated(pending, shares, run);
      updates = pass.updates;
      this.#track(run, pending, shares, pass.made);
      return this.#summed(shares, pass.made);
    };
    const update = (given: ListedInputs) => {
      if (given.length > 0) optimizer.updateAlone(given, { clip: true, label: optimizer.name });
    };
    refusable(() => {
      const again = () => update(this.#summed(shares, this.#differentiated(pending, shares, run).made));
      const ascent = ascentOf(optimizer);
      if (ascent !== undefined) ascent.twice(first, again);
      else update(first());
    });
    this.#write(updates, shares);
    if (group.verifiesSteps) group.verify(this.#training.weights as Variable[]);
  }

  /** Gradients of the shares, and their layers' writes. @throws on all replicas */
  #differentiated(pending: PendingBatch, shares: readonly Share[], run: StepRun): Pass {
    const training = this.#training;
    const updates: Updates[] = [];
    const kind = updateKind(run);
    let made: readonly Differentiated[] = [];
    agree(this.group, training.name, () => {
      made = this.#each(shares, (share) => {
        const computed = withShare(share, () => training.compute(kind, pending, run, share));
        updates.push(computed.updates);
        return computed.made;
      });
      // All replicas must have gradients for the same variables.
      return formOf([pending.size, ...(made[0]?.gradients ?? []).map((gradient) => gradient?.size ?? -1)]);
    });
    return { made, updates };
  }

  /** The sums of all replicas' gradients, replacing those of the first share. */
  #summed(shares: readonly Share[], made: readonly Differentiated[]): ListedInputs {
    const [{ variables, gradients }] = made as [Differentiated];
    if (gradients.length > 0) {
      this.group.sumParts(
        made.map((one, i) => {
          const run = runOf(one.gradients);
          return shares[i]?.fraction === 0 ? run.fill(0) : run;
        }),
      );
    }
    return new ListedInputs(this.#training.name, gradients, variables);
  }

  #test(pending: PendingBatch, run: StepRun): void {
    const training = this.#training;
    const shares = sharesOf(pending.size, this.group.parts);
    let made: readonly Forward[] = [];
    agree(this.group, training.name, () => {
      made = this.#each(shares, (share) => {
        const { made, updates } = withShare(share, () => training.compute("test", pending, run, share));
        updates.write();
        return made;
      });
      return formOf([pending.size]);
    });
    this.#track(run, pending, shares, made);
  }

  /** Computes the shares one after the other; each starts with the same random numbers. */
  #each<T>(shares: readonly Share[], compute: (share: Share) => T): T[] {
    const generators = shares.length > 1 ? this.#training.generators : [];
    const states = generators.map(({ state }) => state);
    return shares.map((share, i) => {
      if (i > 0) {
        generators.forEach((generator, at) => {
          generator.state = states[at]!;
        });
      }
      return compute(share);
    });
  }

  /** Sums the losses, and gathers the outputs on every replica. */
  #track(step: StepRun, pending: PendingBatch, shares: readonly Share[], made: readonly Forward[]): void {
    const training = this.#training;
    const [{ outputs, total, parts }] = made as [Forward];
    const { first, total: count } = this.group.parts;
    const width = 1 + parts.length;
    const shapes = training.hasMetrics ? outputs.map(({ shape }) => [pending.size, ...shape.slice(1)]) : [];
    const sizes = shapes.map((shape) => shape.reduce((size, length) => size * length, 1));
    const run = allocate([count * width + sizes.reduce((sum, size) => sum + size, 0)]);
    const room = run.numbers.fill(0);
    shares.forEach(({ fraction, start }, i) => {
      if (fraction === 0) return;
      const own = made[i]!;
      [own.total, ...own.parts].forEach((loss, j) => {
        room[(first + i) * width + j] = loss?.item() ?? 0;
      });
      let at = count * width;
      for (const [j, size] of sizes.entries()) {
        room.set(own.outputs[j]!.numbers, at + (size / pending.size) * start);
        at += size;
      }
    });
    // Each number is one replica's: nothing is rounded.
    this.group.sumInPlace(run);
    const sums = run.numbers;
    const losses = [total, ...parts].map((loss, j) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum = Math.fround(sum + sums[i * width + j]!);
      return loss === null ? null : sum;
    });
    let at = count * width;
    const whole = shapes.map((shape, j) => {
      at += sizes[j]!;
      return slabTensor(run, at - sizes[j]!, shape);
    });
    training.track(step, training.hasMetrics ? pending.labels() : undefined, whole, losses, pending.size);
  }

  /** Averages weights that layers write themselves, such as moving averages, over the samples of all replicas. */
  #write(updates: readonly Updates[], shares: readonly Share[]): void {
    const variables = updates[0]?.variables ?? [];
    if (variables.length === 0) {
      for (const one of updates) one.write();
      return;
    }
    const size = variables.reduce((sum, variable) => sum + variable.size, 0);
    const before = variables.map((variable) => variable.array());
    const runs = updates.map(() => allocate([size]));
    updates.forEach((one, i) => {
      one.write();
      const room = runs[i]!.numbers.fill(0);
      const { fraction } = shares[i]!;
      let at = 0;
      variables.forEach((variable, j) => {
        const [now, then] = [variable.numbers, before[j]!];
        // The change, not the value: values that no replica changes keep their bits.
        if (fraction > 0) for (let k = 0; k < now.length; k++) room[at + k] = (now[k]! - then[k]!) * fraction;
        at += now.length;
        now.set(then);
      });
    });
    this.group.sumParts(runs.map(({ value }) => value as Float32Array));
    const change = runs[0]!.numbers;
    let at = 0;
    for (const variable of variables) {
      const now = variable.numbers;
      for (let k = 0; k < now.length; k++) now[k] = now[k]! + change[at + k]!;
      at += now.length;
    }
  }
}

/** A step's gradients as one run: the tape writes them contiguously. */
function runOf(gradients: readonly (Tensor<"float32"> | null)[]): Float32Array {
  const present = gradients.filter((gradient) => gradient !== null);
  const [first, last] = [present[0], present.at(-1)];
  if (first === undefined || last === undefined) return new Float32Array(0);
  return float32(first.address, (last.address - first.address) / 4 + last.size);
}

function refuse(error: unknown): never {
  throw error;
}
