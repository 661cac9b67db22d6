/**
 * Messages between the threads: plain data, used by client and service.
 *
 * @module
 */

import type { NumberArray } from "../../array-like.js";
import type { HookName, Logs } from "../../callbacks/callback.js";
import type { LayerShapes } from "../../layers/layer-shape.js";
import type { RowShapes } from "../../models/forms.js";
import type { OwnOptimizer } from "../../models/own-optimizers.js";
import type { RunPosition } from "../../models/resuming.js";
import type { SavedModel } from "../../models/saved-model.js";
import type { OptimizerStats } from "../../optimizers/optimizer-stats.js";
import type { RateState } from "../../optimizers/rate-state.js";
import type { SerializedOptimizer } from "../../optimizers/registry.js";
import type { MessagePort, WasmModule } from "../../platform-types.js";
import type { SharedReplicas } from "../../replicas/shared-memory-group.js";
import type { DType } from "../../values.js";
import type { LayerWeight, WeightValue } from "../../weights.js";
import type { WireError } from "./errors-on-the-wire.js";

/** Client and worker must be from the same build: the protocol may change with any version. */
export const PROTOCOL = "gradstep 1";

/** A function of the worker. Errors are returned as values, because comlink drops their classes. */
export interface Served {
  call(name: keyof Methods, args: unknown): Promise<Reply<unknown>>;
}

/** Outcome of a call. */
export type Reply<T> =
  | ({ readonly ok: true; readonly value: T } & Counts)
  | ({ readonly ok: false; readonly error: WireError } & Counts);

/** Facts about the optimizer after a call. */
interface Counts {
  readonly iterations: number;
  readonly skipped: number;
  /** Statistics of the last update, if they are measured. */
  readonly stats?: OptimizerStats | null;
}

/** Numbers with a shape, or without one the caller's flat array, which may be split into rows. */
export interface PackedArray {
  readonly data: NumberArray;
  readonly shape: readonly number[] | null;
  readonly dtype: DType;
}

/** Sources of batches: a function, called for each epoch; a repeatable iterable; or an iterator, which continues. */
export type StreamForm = "function" | "iterable" | "once";

/** Data of `fit` and the like, in the structure in which the caller passed them; see `packed-data.ts`. */
export type Packed =
  | { readonly kind: "array"; readonly array: PackedArray }
  | { readonly kind: "list"; readonly list: readonly Packed[] }
  | { readonly kind: "named"; readonly named: Readonly<Record<string, Packed>> }
  /** Batches that the main thread sends one by one, identified by the number of their source. */
  | { readonly kind: "stream"; readonly source: number; readonly form: StreamForm }
  /** Nothing, or a value that only the model can refuse. */
  | { readonly kind: "plain"; readonly value: unknown };

/** A call that reads data. */
export interface RunArgs {
  readonly x: Packed;
  readonly y: Packed;
  /** Options that are plain data. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Options that are arrays: `sampleWeight`, `validationData`. */
  readonly data: Readonly<Record<string, Packed>>;
  /** The port of hooks, batches and stops. */
  readonly port: MessagePort;
  readonly hooks: readonly HookName[];
  /** Hooks that may change the model or stop the run: the worker waits for them. */
  readonly close: readonly HookName[];
  /** Hooks that may read the weights. */
  readonly weighted: readonly HookName[];
  /** Hooks that save the whole model. */
  readonly saving: readonly HookName[];
  /** Hooks before which the model switches to averages, or back to weights. */
  readonly averages: Readonly<Partial<Record<HookName, boolean>>>;
}

/** A call about one batch. */
export interface OnBatchArgs {
  readonly x: Packed;
  readonly y: Packed;
  readonly options: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, Packed>>;
}

/** Exclusions from weight decay: name patterns, and indices of variables. */
export interface SentExclusions {
  readonly names: readonly string[];
  readonly places: readonly number[];
}

/** State of an optimizer that is in a field of a model. */
export interface SentOptimizer extends OwnOptimizer {
  readonly weights: readonly WeightValue[];
  /** `null` if it follows from the steps alone. */
  readonly learningRate: RateState;
}

/** State of a model, apart from its layers. */
export interface ModelState {
  /** Input shapes for which it was built; `null` for a model that is not built yet. */
  readonly shapes: LayerShapes | null;
  readonly weights: readonly LayerWeight[];
  /** The optimizer's state; before it is built, only its counter. `null` without an optimizer. */
  readonly optimizer: readonly WeightValue[] | null;
  readonly isOptimizerBuilt: boolean;
  /** Indices of its variables among the model's weights; `null` if they are the trainable weights. */
  readonly trained: readonly number[] | null;
  /** For each inner optimizer, whether the weights are averages. */
  readonly averageModes: readonly boolean[];
  /** `null` if it follows from the steps alone. */
  readonly learningRate: RateState;
  /** Optimizers in the model's fields, by name. */
  readonly optimizers: readonly (readonly [string, SentOptimizer])[];
  /** Indices are among the model's weights. */
  readonly exclusions: SentExclusions | null;
  /** States of the random generators: the global one, then those of layers. */
  readonly shared: readonly [number, number];
  readonly generators: readonly (readonly [number, number])[];
}

/** Arguments that recreate a model. */
export interface ModelArgs {
  readonly json: SavedModel;
  /** States of the initializers' generators, by the indices that replace seeds in the JSON. */
  readonly generators: readonly (readonly [number, number])[];
  readonly state: ModelState;
  /** The group that it trains in. */
  readonly replica?: {
    readonly shared: SharedReplicas;
    readonly rank: number;
    readonly verifies: boolean;
  };
}

/** Facts about a model that the client needs. */
export interface ModelFacts {
  readonly name: string;
  readonly inputs: readonly string[];
  /** Shapes of the inputs' samples, if known. */
  readonly rowShapes: RowShapes;
  /** Whether `compile` asks for labels. */
  readonly needsLabels: boolean;
  readonly outputs: readonly string[];
  readonly optimizer: SerializedOptimizer | null;
}

/** Arguments that create a remote optimizer. */
export interface OptimizerArgs {
  readonly optimizer: SerializedOptimizer;
  /** Before it is built, only its counter. */
  readonly state: readonly WeightValue[];
  readonly isBuilt: boolean;
  /** Whether it measures its updates. */
  readonly hasStats: boolean;
  readonly exclusions: SentExclusions;
  readonly variables: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly data: Float32Array;
  }[];
}

/**
 * One step. Its buffer is shared, with gradients before weights, or transferred back and forth, with weights replacing
 * gradients.
 */
export interface StepArgs {
  readonly id: number;
  /** `null` for a shared buffer that the worker has seen. */
  readonly buffer: Float32Array | null;
  /**
   * For each variable, whether its gradient is present, is `null`, or the variable was not passed; `null` if all
   * gradients are present.
   */
  readonly states: readonly GradientState[] | null;
  readonly clip: boolean;
}

export type GradientState = "given" | "none" | "absent";

/** Number of threads of each worker among `workers`. */
export interface WorkerThreads {
  readonly module: WasmModule;
  readonly count: number | "auto";
  readonly workers: number;
}

/** A `History`. */
export interface SentHistory {
  readonly epoch: number[];
  readonly history: Record<string, unknown[]>;
}

/** All requests to a worker: arguments and results. */
export interface Methods {
  /**
   * `module`: the compiled WebAssembly, for a worker whose script does not embed it. `threads`: those of the worker, with
   * the module on shared memory.
   */
  hello: {
    args: { readonly protocol: string; readonly module?: WasmModule; readonly threads?: WorkerThreads };
    result: { readonly lock: string | null };
  };
  /** Ends the worker's helper threads. */
  endHelpers: { args: null; result: null };
  makeModel: { args: ModelArgs; result: ModelFacts };
  ownModel: { args: null; result: ModelFacts };
  fit: { args: RunArgs; result: SentHistory };
  /** Returns and forgets the history of the last failed `fit`; `null` if it was refused before it began. */
  takeHistory: { args: null; result: SentHistory | null };
  evaluate: { args: RunArgs; result: unknown };
  predict: { args: RunArgs; result: readonly PackedArray[] };
  trainOnBatch: { args: OnBatchArgs; result: unknown };
  testOnBatch: { args: OnBatchArgs; result: unknown };
  predictOnBatch: { args: OnBatchArgs; result: readonly PackedArray[] };
  getModelState: { args: null; result: ModelState };
  getWeights: { args: null; result: readonly LayerWeight[] };
  setWeights: { args: readonly unknown[]; result: null };
  makeOptimizer: { args: OptimizerArgs; result: null };
  /** The buffer is transferred back unless it is shared. */
  step: { args: StepArgs; result: Float32Array | null };
  getVariables: { args: null; result: readonly LayerWeight[] };
  setVariables: { args: readonly unknown[]; result: null };
  getState: { args: null; result: readonly WeightValue[] };
  setState: { args: readonly unknown[]; result: null };
  getLearningRate: { args: null; result: number };
  setLearningRate: { args: number; result: null };
}

/** Requests from the worker while it reads data. */
export type Question =
  | {
      readonly kind: "begin";
      readonly epochs: number;
      readonly steps: number | null;
      readonly paths: readonly string[];
    }
  | {
      readonly kind: "hook";
      readonly hook: HookName;
      readonly index: number;
      readonly logs: Logs;
      readonly model: Snapshot;
    }
  | { readonly kind: "open"; readonly source: number }
  | { readonly kind: "next"; readonly source: number };

/** A model with all its state, and the progress of its run. */
export interface WholeModel {
  readonly json: SavedModel;
  readonly state: ModelState;
  readonly position: RunPosition | null;
}

/** A model, as seen by a callback. */
export interface Snapshot {
  /** Calls of the optimizer. With gradient accumulation, several calls make one iteration. */
  readonly calls: number;
  readonly iterations: number;
  readonly learningRate: number | null;
  /** Whether the weights are replaced by their averages. */
  readonly showsAverages: boolean;
  readonly weights: readonly LayerWeight[] | null;
  /** The whole model, for hooks that save it. */
  readonly whole: WholeModel | null;
  /** For each number in the logs, whether more or less is better. */
  readonly directions: Readonly<Record<string, "up" | "down">>;
}

/** Changes that a hook made to the model. */
export interface HookAnswer {
  readonly isAsync: boolean;
  readonly stop: boolean;
  readonly logs: Logs | null;
  readonly learningRate: number | null;
  readonly showsAverages: boolean | null;
  readonly weights: readonly LayerWeight[] | null;
}

/** The next batch of a source, `null` at its end. */
export interface BatchAnswer {
  readonly batch: readonly Packed[] | null;
}

/** Messages of the main thread that are not replies. */
export type Order = { readonly order: "stop" } | { readonly order: "abort" };
