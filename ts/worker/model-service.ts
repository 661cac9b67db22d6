/**
 * A model in a worker, as called by the other side.
 *
 * @module
 */

import type { History } from "../callbacks/history.js";
import type { CustomObjects } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { withGenerators } from "../initializers/random-initializer.js";
import { rowShapesOf } from "../models/forms.js";
import { modelFromJSON } from "../models/load.js";
import type { Model } from "../models/model.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { serialize } from "../optimizers/registry.js";
import { SeedGenerator, sharedGenerator } from "../random/generator.js";
import { setReplicaContext } from "../replicas/context.js";
import { SharedMemoryGroup } from "../replicas/shared-memory-group.js";
import type { Tensor } from "../tensor.js";
import { applyState, movable, stateOf } from "./data/model-state.js";
import type { ModelArgs, ModelFacts, OnBatchArgs, PackedArray, RunArgs, SentHistory } from "./data/protocol.js";
import { Unpacking } from "./data/unpacking.js";
import { withExposedObjects } from "./exposed-objects.js";
import type { Handlers } from "./handlers.js";
import { HookForwarder } from "./hook-forwarder.js";
import { AskingPort } from "./question-ports.js";

type Names =
  | "makeModel"
  | "ownModel"
  | "fit"
  | "takeHistory"
  | "evaluate"
  | "predict"
  | "trainOnBatch"
  | "testOnBatch"
  | "predictOnBatch"
  | "getModelState"
  | "getWeights"
  | "setWeights";

/** Holds one model. */
export class ModelService {
  readonly handlers: Handlers<Names>;
  readonly #customObjects: readonly CustomObjects[];
  #model: Model | undefined;
  /** The model that was sent last, if any. */
  #made: Model | undefined;
  #group: SharedMemoryGroup | undefined;
  /**
   * The history of the last `fit`, once it began. It may fail in the worker, or only on the other side, in a hook of
   * batches.
   */
  #last: History | null = null;

  constructor(model: Model | undefined, customObjects: readonly CustomObjects[]) {
    this.#model = model;
    this.#customObjects = customObjects;
    this.handlers = {
      makeModel: (args) => ({ value: this.#make(args) }),
      ownModel: () => ({ value: factsOf(this.#given()) }),
      fit: (args) =>
        this.#together(() => {
          this.#last = null;
          return this.#run(args, async (x, y, options) => {
            return { value: sentHistory(await this.#fit(x, y, options)) };
          });
        }),
      takeHistory: () => {
        const value = this.#last === null ? null : sentHistory(this.#last);
        this.#last = null;
        return { value };
      },
      evaluate: (args) =>
        this.#run(args, async (x, y, options) => ({ value: await this.#given().evaluate(x, y, options) })),
      predict: (args) =>
        this.#run(args, async (x, _, options) => {
          return sent(await this.#given().predictAll(x, options));
        }),
      trainOnBatch: (args) => this.#onBatch("trainOnBatch", args),
      testOnBatch: (args) => this.#onBatch("testOnBatch", args),
      predictOnBatch: async ({ x }) => {
        const unpacking = new Unpacking();
        try {
          return sent([await this.#given().predictOnBatch(unpacking.data(x) as never)].flat());
        } finally {
          unpacking.dispose();
        }
      },
      getModelState: () => {
        const value = stateOf(this.#given());
        return { value, moved: movable(value) };
      },
      getWeights: () => {
        const value = this.#given().getWeights();
        return { value, moved: value.map(({ data }) => data.buffer as ArrayBuffer) };
      },
      setWeights: (weights) => {
        this.#given().setWeights(weights as never);
        return { value: null };
      },
    };
  }

  /** The model's optimizer, if any. */
  get optimizer(): Optimizer | null | undefined {
    return this.#model?.optimizer;
  }

  #given(): Model {
    if (this.#model !== undefined) return this.#model;
    throw new ValueError("ERR_NOT_BUILT", "This worker has no model: its script must call expose({ model }).");
  }

  #make({ json, generators, state, replica }: ModelArgs): ModelFacts {
    // For initializers of a model that is not built yet: a seeded run must be repeatable.
    sharedGenerator().state = state.shared;
    const model = withExposedObjects(this.#customObjects, () =>
      withGenerators(generators.map(generatorIn), () => modelFromJSON(json)),
    );
    applyState(model, state);
    // A strategy sends a model for each fit: the garbage collector would free the last one's memory much later.
    if (this.#made !== undefined) free(this.#made);
    this.#made = model;
    this.#model = model;
    if (replica !== undefined) {
      const group = SharedMemoryGroup.join(replica.shared, replica.rank);
      group.verifiesSteps = replica.verifies;
      this.#group = group;
      setReplicaContext(group);
      model.joinReplicas(group);
    }
    return factsOf(model);
  }

  async #fit(x: never, y: never, options: never): Promise<History> {
    const model = this.#given();
    const before = model.history;
    try {
      return await model.fit(x, y, options);
    } finally {
      this.#last = model.history === before ? null : model.history;
    }
  }

  /** A replica that fails must not let the others wait for it. */
  async #together<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#group?.abort(`has failed: ${(error as Error)?.message ?? error}`);
      throw error;
    }
  }

  async #run<T>(args: RunArgs, work: (x: never, y: never, options: never) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const asking = new AskingPort(args.port, ({ order }) => {
      if (order === "abort") {
        abort.abort();
        // The run may be waiting for a batch or a callback that never arrives.
        asking.end(abort.signal.reason);
      } else if (this.#model !== undefined) this.#model.stopTraining = true;
    });
    const forwarder = new HookForwarder(asking, args);
    const unpacking = new Unpacking({
      open: (source) => asking.ask({ kind: "open", source }),
      next: (source) => asking.ask({ kind: "next", source }),
    });
    try {
      const options = {
        ...args.options,
        ...unpacking.options(args.data),
        callbacks: args.hooks.length > 0 ? [forwarder] : [],
        signal: abort.signal,
      };
      const result = await work(unpacking.data(args.x) as never, unpacking.data(args.y) as never, options as never);
      await forwarder.settled();
      return result;
    } finally {
      unpacking.dispose();
      asking.close();
    }
  }

  async #onBatch(name: "trainOnBatch" | "testOnBatch", { x, y, options, data }: OnBatchArgs) {
    const unpacking = new Unpacking();
    try {
      const all = { ...options, ...unpacking.options(data) };
      return { value: await this.#given()[name](unpacking.data(x) as never, unpacking.data(y) as never, all) };
    } finally {
      unpacking.dispose();
    }
  }
}

/** Outputs of a model, copied and freed. */
function sent(outputs: readonly Tensor[]): { value: PackedArray[]; moved: ArrayBuffer[] } {
  const value = outputs.map((output) => ({ data: output.array(), shape: output.shape, dtype: output.dtype }));
  for (const output of outputs) output.dispose();
  return { value, moved: value.map(({ data }) => data.buffer) };
}

function sentHistory({ epoch, history }: History): SentHistory {
  return { epoch, history: history as Record<string, unknown[]> };
}

/** Frees a model that is no longer used. */
function free(model: Model): void {
  model.optimizer?.dispose();
  for (const weight of model.weights) weight.dispose();
}

/** Facts that the other side needs. */
function factsOf(model: Model): ModelFacts {
  return {
    name: model.name,
    inputs: model.inputPorts.map(({ name }) => name),
    rowShapes: rowShapesOf(model.inputPorts),
    needsLabels: model.needsLabels,
    outputs: model.outputNames,
    optimizer: model.optimizer === null ? null : serialize(model.optimizer),
  };
}

function generatorIn(state: readonly [number, number]): SeedGenerator {
  const generator = new SeedGenerator(0);
  generator.state = state;
  return generator;
}
