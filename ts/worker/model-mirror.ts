/**
 * The model that callbacks on the main thread see while the actual model trains in a worker.
 *
 * @module
 */

import type { CallbackModel } from "../callbacks/callback.js";
import { type CustomObjects, withCustomObjects } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { modelFromJSON } from "../models/load.js";
import type { Model } from "../models/model.js";
import { goOnAsSaved, type RunPosition } from "../models/resuming.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { deserialize, type SerializedOptimizer } from "../optimizers/registry.js";
import { SGD } from "../optimizers/sgd.js";
import type { Float32s, Int32s } from "../platform-types.js";
import { sharedGenerator } from "../random/generator.js";
import type { SerializedSchedule } from "../schedules/registry.js";
import { LearningRateSchedule } from "../schedules/schedule.js";
import { type LayerWeight, type LayerWeightHolder, readWeights, type WeightInput, writeWeights } from "../weights.js";
import { applyState } from "./data/model-state.js";
import type { ModelFacts, Snapshot, WholeModel } from "./data/protocol.js";

/** The model to stop. */
export interface Stoppable {
  stopTraining: boolean;
}

/** Changes by hooks since the last snapshot. */
export interface Changes {
  readonly learningRate: number | null;
  readonly showsAverages: boolean | null;
  readonly weights: readonly LayerWeight[] | null;
}

/** Shows a snapshot, and records changes to it. */
export class ModelMirror implements CallbackModel {
  readonly name: string;
  /** Its learning rate can be set; it has no state. */
  readonly optimizer: Optimizer | null;
  readonly #owner: Stoppable;
  #paths: readonly string[] = [];
  #weights: readonly LayerWeight[] | null = null;
  /** They write to `#weights`. */
  #holders: LayerWeightHolder[] | undefined;
  #whole: WholeModel | null = null;
  #written = false;
  #isOver = false;
  #rate: number | null = null;
  #showsAverages = false;
  /** The value of a custom schedule: the rate of the last snapshot. */
  #told = 0;
  #directions: Snapshot["directions"] = {};

  constructor(facts: ModelFacts, owner: Stoppable) {
    this.name = facts.name;
    this.optimizer = facts.optimizer === null ? null : shownOptimizer(facts.optimizer, () => this.#told);
    this.#owner = owner;
  }

  get stopTraining(): boolean {
    return this.#owner.stopTraining;
  }

  set stopTraining(stop: boolean) {
    this.#owner.stopTraining = stop;
  }

  /** Copies of the weights at this hook. @throws ValueError if the hook has none */
  getWeights(): LayerWeight[] {
    return readWeights(this.#known("getWeights"));
  }

  /** Sent to the worker when the hook ends. @throws ValueError when count or shapes differ, and after the run */
  setWeights(weights: readonly WeightInput[]): void {
    const known = this.#known("setWeights");
    // The worker no longer requests changes: they would be lost.
    if (this.#isOver) refuseOutside(this.name, "setWeights");
    writeWeights(this.name, known, weights);
    this.#written = true;
  }

  metricDirection(name: string): "up" | "down" | undefined {
    return this.#directions[name];
  }

  /** Names of the weights. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  set paths(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** Shows the current state of the model. */
  show({ calls, learningRate, showsAverages, weights, whole, directions }: Snapshot): void {
    this.#whole = whole;
    if (weights !== null) {
      this.#weights = weights;
      this.#holders = weights.map((weight, i) => holderOf(this.#paths[i] ?? `weight ${i}`, weight));
    }
    this.#directions = directions;
    this.#written = false;
    this.#rate = learningRate;
    this.#showsAverages = showsAverages;
    if (this.optimizer === null) return;
    if (showsAverages !== this.optimizer.showsAverages) this.optimizer.showsAverages = showsAverages;
    this.optimizer.setWeights([calls]);
    if (learningRate === null) return;
    this.#told = learningRate;
    // The rate of a schedule depends only on the number of calls.
    if (typeof this.optimizer.rate === "number") this.optimizer.learningRate = learningRate;
  }

  /**
   * A copy of the model in this thread, and the progress of its run: for hooks that save it.
   *
   * @throws ValueError for hooks that do not, and for custom classes, which this thread does not know
   */
  copy(): { readonly model: Model; readonly position: RunPosition | null } {
    const { json, state, position } = this.#whole ?? refuseOutside(this.name, "saving");
    const shared = sharedGenerator();
    const before = shared.state;
    const model = modelFromJSON(json);
    applyState(model, state);
    // Other code in this thread continues drawing as if nothing had been copied.
    shared.state = before;
    goOnAsSaved(model, { shared: state.shared, layers: state.generators }, null);
    return { model, position };
  }

  /** Changes since the last snapshot. */
  changes(): Changes {
    const rate = this.optimizer?.soleRate ?? null;
    const showsAverages = this.optimizer?.showsAverages ?? false;
    return {
      showsAverages: showsAverages === this.#showsAverages ? null : showsAverages,
      learningRate: rate === this.#rate ? null : rate,
      weights: this.#written ? this.#taken() : null,
    };
  }

  /** Called at the end of the run; the last snapshot stays readable. */
  dispose(): void {
    this.#isOver = true;
    this.optimizer?.dispose();
  }

  /** The numbers themselves, which are sent to the worker: hooks that may read weights get separate copies. */
  #taken(): readonly LayerWeight[] | null {
    const weights = this.#weights;
    this.#weights = null;
    this.#holders = undefined;
    return weights;
  }

  #known(owner: string): LayerWeightHolder[] {
    return this.#holders ?? refuseOutside(this.name, owner);
  }
}

function refuseOutside(name: string, owner: string): never {
  throw new ValueError(
    "ERR_NOT_BUILT",
    `${name}: ${owner} is for callbacks' own hooks: elsewhere, await the remote model's ${owner}().`,
  );
}

/**
 * Custom classes exist only in the worker: a built-in optimizer with the same name, rate and counters replaces an
 * optimizer, and `told`, its reported rate, replaces a schedule.
 */
function shownOptimizer(saved: SerializedOptimizer, told: () => number): Optimizer {
  const { registered_name, config } = (saved.config.inner_optimizer as SerializedOptimizer | undefined) ?? saved;
  const { name, learning_rate, gradient_accumulation_steps, use_ema } = config;
  return withCustomObjects("offload", standIns(learning_rate, told), () =>
    registered_name === null
      ? deserialize(saved)
      : SGD.fromConfig({ name, learning_rate, gradient_accumulation_steps, use_ema }),
  );
}

/** Replaces a custom schedule, or one that contains a custom schedule, under its name. */
function standIns(rate: unknown, told: () => number): CustomObjects {
  const { class_name = "", registered_name = null, config = {} } = (rate ?? {}) as Partial<SerializedSchedule>;
  const name = registered_name ?? (hasCustom(config) ? class_name : null);
  if (name === null) return {};
  class ToldRate extends LearningRateSchedule {
    static override readonly className: string = name as string;
    static override fromConfig() {
      return new ToldRate() as never;
    }
    override getConfig() {
      return config;
    }
    override at(): number {
      return told();
    }
  }
  return { [name]: ToldRate };
}

function hasCustom(config: object): boolean {
  const isCustom = (key: string, entry: unknown) => key === "registered_name" && entry !== null;
  return Object.entries(config).some(
    ([key, entry]) => isCustom(key, entry) || (typeof entry === "object" && entry !== null && hasCustom(entry)),
  );
}

function holderOf(path: string, { data, shape, dtype }: LayerWeight): LayerWeightHolder {
  return {
    path,
    shape,
    dtype,
    value: data,
    array: () => data.slice() as Float32s | Int32s,
    write: (values) => data.set(values),
  };
}
