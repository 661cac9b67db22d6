/**
 * Synchronization of the replicas of a `fit` between steps: all apply the changes that callbacks made on one of them.
 *
 * @module
 */

import { isFloat64Array } from "../brands.js";
import { type DrawingLayer, generatorsOf } from "../layers/generators.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { sharedGenerator } from "../random/generator.js";
import { agree } from "../replicas/agreement.js";
import { formOf } from "../replicas/checksum.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";
import type { Variable } from "../variable.js";
import { readWeights, writeWeights } from "../weights.js";

/** A model that is trained on several replicas. */
export interface SyncedModel extends DrawingLayer {
  readonly name: string;
  readonly weights: Variable[];
  readonly built: boolean;
  stopTraining: boolean;
}

const STOP = 1;
const CHANGED = 2;
const SWAPPED = 4;
const LISTENS = 1;

interface Mark {
  readonly rate: number;
  /** The last change of any weight. */
  readonly change: number;
  /** Number of direct assignments to weights; an exchange with averages does not count. */
  readonly assignments: number;
  /** Whether the weights are the averages. */
  readonly isSwapped: boolean;
}

/** Synchronizes the replicas of one `fit`. Does nothing on a single replica. */
export class ReplicaSync {
  readonly #group: ReplicaGroup;
  readonly #model: SyncedModel;
  readonly #optimizer: Optimizer;
  #weights: readonly Variable[] = [];
  #hasAll = false;
  #mark: Mark | undefined;
  /** Whether any replica's callbacks may act before a batch. */
  #isBeforeBatches = false;

  constructor(group: ReplicaGroup, model: SyncedModel, optimizer: Optimizer) {
    this.#group = group;
    this.#model = model;
    this.#optimizer = optimizer;
  }

  /**
   * All replicas start from the first replica's weights, optimizer state and random numbers.
   *
   * @param listens - Whether this replica has callbacks that are called before batches.
   * @throws ReplicaError when the models have different forms
   */
  begin(listens: boolean): void {
    const group = this.#group;
    if (group.size === 1) return;
    const model = this.#model;
    const optimizer = this.#optimizer;
    // One replica may have run an evaluation.
    optimizer.evaluates = false;
    const state = optimizer.getWeights();
    agree(group, model.name, () => {
      return formOf([...model.weights.map(({ size }) => size), ...state.map(({ data }) => data.length)]);
    });
    this.#shareWeights(0);
    // Counters as float64: their types may differ between replicas if one has passed 2^31.
    const shared = state.map(({ data, dtype }) => (dtype === "float32" ? data : Float64Array.from(data)));
    group.broadcast(shared);
    optimizer.setWeights(shared.map((data) => (isFloat64Array(data) ? data[0]! : data)));
    optimizer.followers?.close();
    const generators = [sharedGenerator(), ...generatorsOf(model)];
    const states = Float64Array.from(generators.flatMap(({ state }) => state));
    group.broadcast(states);
    generators.forEach((generator, i) => {
      generator.state = [states[2 * i]!, states[2 * i + 1]!];
    });
    this.#isBeforeBatches = group.exchange(listens ? LISTENS : 0).includes(LISTENS);
    this.#mark = this.#stamp();
  }

  /** After hooks. Changes that a step makes are not counted: {@link ReplicaSync.stepped} reports the step. */
  run(): void {
    if (this.#group.size === 1) return;
    const mark = this.#stamp();
    const last = this.#mark;
    const isSwapped = mark.isSwapped !== last?.isSwapped;
    const isSet = isSwapped ? mark.assignments !== last?.assignments : mark.change !== last?.change;
    const isChanged = mark.rate !== last?.rate || isSet;
    const stop = this.#model.stopTraining ? STOP : 0;
    const all = this.#group.exchange(stop | (isChanged ? CHANGED : 0) | (isSwapped ? SWAPPED : 0));
    if (all.some((flags) => (flags & STOP) !== 0)) this.#model.stopTraining = true;
    // All have the same averages, and weights from another replica would restart them.
    const swapped = all.some((flags) => (flags & SWAPPED) !== 0);
    if (swapped && !isSwapped) this.#optimizer.showsAverages = !mark.isSwapped;
    if (swapped) this.#mark = this.#stamp();
    const changed = all.findIndex((flags) => (flags & CHANGED) !== 0);
    if (changed < 0) return;
    this.#shareWeights(changed);
    const rate = this.#group.broadcast(Float64Array.of(this.#optimizer.soleRate ?? 0), changed)[0]!;
    if (typeof this.#optimizer.rate === "number") this.#optimizer.learningRate = rate;
    this.#mark = this.#stamp();
  }

  /** Before a batch, after some replica's callbacks were called. */
  runBeforeBatch(): void {
    if (this.#isBeforeBatches) this.run();
  }

  /** A step was taken. */
  stepped(): void {
    if (this.#group.size > 1) this.#mark = this.#stamp();
  }

  #shareWeights(root: number): void {
    const { name, weights } = this.#model;
    const copies = readWeights(weights);
    this.#group.broadcast(
      copies.map(({ data }) => data),
      root,
    );
    writeWeights(name, weights, copies);
  }

  /** Values that differ after weights or the learning rate were set. */
  #stamp(): Mark {
    // A model that is not built yet gets its weights, or some of them, in the first step.
    if (!this.#hasAll) this.#weights = this.#model.weights;
    this.#hasAll = this.#model.built;
    const { rate, showsAverages: isSwapped } = this.#optimizer;
    let [change, assignments] = [0, 0];
    for (const weight of this.#weights) {
      change = Math.max(change, weight.changed);
      assignments += weight.assignments;
    }
    return { rate: typeof rate === "number" ? rate : 0, change, assignments, isSwapped };
  }
}
