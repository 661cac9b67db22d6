/**
 * An optimizer that works in a worker.
 *
 * Over 300 lines: one class with complete doc comments.
 *
 * @module
 */

import { COPY } from "../copies.js";
import { type CustomObjects, checkCustomObjects } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { checkGradient, type Gradient, type GradientAndVariable, readGradient } from "../optimizers/gradients.js";
import { refuseLossUser } from "../optimizers/loss-users.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { OptimizerStats } from "../optimizers/optimizer-stats.js";
import { get, type OptimizerName, serialize } from "../optimizers/registry.js";
import { unzipped } from "../optimizers/step-inputs.js";
import { boolean, checkCount, checkKnownOptions, checkMethod, list } from "../options.js";
import { mayShareMemory, requireSharedMemory } from "../runtime/shared-memory.js";
import { isTensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import type { LayerWeight, WeightInput, WeightValue } from "../weights.js";
import { CallQueue } from "./call-queue.js";
import { Client, type CreateWorker, starterOption } from "./client.js";
import { Packing } from "./data/packing.js";
import { exclusionsOf } from "./data/sent-exclusions.js";
import { type RemoteGradient, StepBuffers } from "./data/step-buffers.js";

/** Options of {@link RemoteOptimizer.create}. */
export interface RemoteOptimizerOptions {
  /**
   * Creates the worker from the URL of the package's script. Default: the package's script, started in the best
   * available way.
   */
  readonly createWorker?: CreateWorker | null | undefined;
  /**
   * Whether gradients and weights are in shared memory. Default: when it is available, which in
   * a page requires cross-origin isolation. Otherwise one buffer is transferred back and forth. The bits are the same.
   */
  readonly sharedMemory?: boolean | undefined;
  /** Custom classes in a config passed as `optimizer`, by name. The worker script exposes them to the worker. */
  readonly customObjects?: CustomObjects | undefined;
}

/**
 * An optimizer in a worker, with its state and copies of the variables. The caller, or any framework, computes the
 * gradients, passes them and receives the new weights.
 *
 * Gradients and weights are in shared memory when available: a step sends a small message. Otherwise one buffer is
 * transferred back and forth. Either way, gradients that are written into {@link RemoteOptimizer.gradients} are not
 * copied on this thread, and the returned weights are views, not copies.
 *
 * @example
 * ```ts
 * import { SGD, Variable } from "gradstep";
 * import { RemoteOptimizer } from "gradstep/worker";
 *
 * const w = new Variable([1, 2], { name: "w" });
 * const remote = await RemoteOptimizer.create(new SGD({ learningRate: 0.5 }), [w]);
 * const [weights] = await remote.apply([new Float32Array([1, 1])]);
 * console.log(weights); // Float32Array [0.5, 1.5]
 *
 * const { gradients } = remote; // where the next step's gradients are read from
 * gradients[0]?.set([2, 2]);
 * const [next] = await remote.apply(gradients); // without a copy
 * console.log(next); // Float32Array [-0.5, 0.5]
 * await remote.dispose();
 * ```
 */
export class RemoteOptimizer {
  /** The optimizer's name. */
  readonly name: string;
  /** Whether gradients and weights are in shared memory. */
  readonly sharedMemory: boolean;
  readonly #client: Client;
  readonly #queue: CallQueue;
  /** The variables, for checking gradients; their values are those from the start. */
  readonly #variables: readonly Variable[];
  readonly #places: ReadonlyMap<Variable, number>;
  readonly #buffers: StepBuffers;

  private constructor(name: string, client: Client, variables: readonly Variable[], isShared: boolean) {
    this.name = name;
    this.sharedMemory = isShared;
    this.#client = client;
    this.#queue = new CallQueue(client);
    this.#variables = variables;
    this.#places = new Map(variables.map((variable, place) => [variable, place]));
    this.#buffers = new StepBuffers(
      variables.map(({ size }) => size),
      isShared,
    );
  }

  /**
   * Moves an optimizer, with its state, and copies of variables into a worker.
   *
   * @param optimizer - An optimizer, its name, or its config. Custom classes, of optimizers or schedules, need
   * `createWorker` and a script that calls `expose({ customObjects })`.
   * @param variables - The variables that it trains, in the order of the gradients.
   * @param options - {@link RemoteOptimizerOptions}.
   * @returns The optimizer in the worker, once it has started.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`) for wrong options, and anything but an
   * optimizer and variables; (`ERR_CONFIG_INVALID`, `ERR_CONFIG_UNKNOWN_CLASS`) for a name or config that is unknown or
   * malformed; (`ERR_VARIABLE_DUPLICATE`) for a variable given twice; (`ERR_SHARED_MEMORY`) when `sharedMemory` is true
   * but memory cannot be shared
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker of `createWorker` does not start
   */
  static async create(
    optimizer: Optimizer | OptimizerName | object,
    variables: Iterable<Variable>,
    options: RemoteOptimizerOptions = {},
  ): Promise<RemoteOptimizer> {
    checkCount("RemoteOptimizer.create", arguments.length, 3);
    checkKnownOptions("RemoteOptimizer", options, ["createWorker", "sharedMemory", "customObjects"]);
    const createWorker = starterOption("RemoteOptimizer", options.createWorker);
    checkCustomObjects("RemoteOptimizer", options.customObjects);
    const wanted = options.sharedMemory ?? undefined;
    if (wanted !== undefined) boolean("RemoteOptimizer", "sharedMemory", wanted);
    if (wanted === true) requireSharedMemory("RemoteOptimizer", ' Without "sharedMemory", numbers are transferred.');
    return RemoteOptimizer.in(
      () => Client.start(createWorker),
      get(optimizer, options.customObjects),
      variables,
      wanted ?? mayShareMemory(),
    );
  }

  /** The same, in a worker that `start` starts or has started. @internal */
  static async in(
    start: () => Promise<Client>,
    optimizer: Optimizer | OptimizerName | object,
    variables: Iterable<Variable>,
    isShared: boolean,
  ): Promise<RemoteOptimizer> {
    const local = get(optimizer);
    refuseLossUser("RemoteOptimizer", local);
    const given = list("RemoteOptimizer", "variables", variables);
    const args = {
      optimizer: serialize(local),
      exclusions: exclusionsOf(local, given),
      state: local.getWeights(),
      isBuilt: local.built,
      hasStats: local.stats !== undefined,
      variables: given.map((variable) => ({ name: variable.name, shape: variable.shape, data: variable.array() })),
    };
    const client = await start();
    try {
      const moved = [...args.variables, ...args.state].map(({ data }) => data.buffer as ArrayBuffer);
      await client.call("makeOptimizer", args, moved);
      return new RemoteOptimizer(local.name, client, given, isShared);
    } catch (error) {
      await client.dispose();
      throw error;
    }
  }

  /**
   * Returns the learning rate of the next step.
   *
   * @returns The rate.
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async getLearningRate(): Promise<number> {
    checkMethod(this, "getLearningRate", arguments.length, 0);
    return this.#queue.call("getLearningRate", null);
  }

  /**
   * Sets the learning rate, from the next step on.
   *
   * @param learningRate - A finite number, 0 or above.
   * @throws TypeError, ValueError (`ERR_LEARNING_RATE_FIXED`) over a schedule; (`ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`)
   * for anything but such a number
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async setLearningRate(learningRate: number): Promise<void> {
    checkMethod(this, "setLearningRate", arguments.length, 1);
    await this.#queue.call("setLearningRate", learningRate);
  }

  /** The optimizer's `iterations`, as last reported by the worker, after each step. */
  get iterations(): number {
    return this.#client.lastIteration;
  }

  /**
   * The optimizer's `skippedSteps`, as last reported by the worker: steps skipped because of a NaN or infinite
   * gradient.
   */
  get skippedSteps(): number {
    return this.#client.skippedSteps;
  }

  /**
   * The optimizer's `stats`, as last reported by the worker, after each step: `undefined` if it was created without
   * `withStats`, `null` before the first update.
   */
  get stats(): OptimizerStats | null | undefined {
    return this.#client.stats;
  }

  /**
   * Gradients of the next step: one flat array for each variable. Fill them completely, and pass them to {@link
   * RemoteOptimizer.apply} or {@link RemoteOptimizer.applyGradients}, which then copy nothing. Read this property again
   * for each step: transferred arrays are empty after a step was sent, and with shared memory other arrays are used
   * while a step runs.
   */
  get gradients(): Float32Array[] {
    return [...this.#buffers.next.gradients];
  }

  /**
   * Takes one step with Keras 3's complete pipeline, including clipping.
   *
   * @param gradients - One for each variable, `null` for none. They are copied, unless they are
   * {@link RemoteOptimizer.gradients} themselves.
   * @returns The new weights, a list of flat arrays in the variables' order: views that are valid until the next step
   *   is sent. Afterwards they are empty, or, in shared memory, contain the new weights.
   * @throws ValueError, TypeError (`ERR_GRADIENT_COUNT`, `ERR_GRADIENT_SHAPE`, `ERR_GRADIENT_DTYPE`,
   * `ERR_PAIRS_MALFORMED`, `ERR_OPTION_TYPE`, `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`) for gradients that do not fit,
   * before anything is sent
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async apply(gradients: Iterable<Gradient | null>): Promise<Float32Array[]> {
    checkMethod(this, "apply", arguments.length, 1);
    const given = list(this.name, "gradients", gradients);
    if (given.length !== this.#variables.length) {
      throw new ValueError(
        "ERR_GRADIENT_COUNT",
        `${this.name}: expected ${this.#variables.length} gradients, one for each variable, got ${given.length}.`,
      );
    }
    const read = given.map((gradient, i) =>
      gradient === null || isTensor(gradient) ? gradient : readGradient(gradient, this.#variables[i]!),
    );
    return this.#step(read as RemoteGradient[], true);
  }

  /**
   * Takes one step without clipping, like `applyGradients` of Keras 2.
   *
   * @param pairs - `[gradient, variable]`, of variables with which it was created. A `null` gradient skips its
   *   variable.
   * @returns The new weights, a list as {@link RemoteOptimizer.apply} returns it.
   * @throws ValueError, TypeError (`ERR_PAIRS_MALFORMED`, `ERR_VARIABLE_UNKNOWN`, `ERR_GRADIENT_SHAPE`,
   * `ERR_GRADIENT_DTYPE`, `ERR_OPTION_TYPE`, `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`) for pairs that do not fit, and
   * unknown variables, before anything is sent
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async applyGradients(pairs: Iterable<GradientAndVariable>): Promise<Float32Array[]> {
    checkMethod(this, "applyGradients", arguments.length, 1);
    const { gradients, variables } = unzipped(pairs);
    const given: (RemoteGradient | undefined)[] = this.#variables.map(() => undefined);
    variables.forEach((variable, i) => {
      const at = this.#places.get(variable);
      if (at === undefined) {
        throw new ValueError(
          "ERR_VARIABLE_UNKNOWN",
          `${this.name}: "${variable.name}" is not a variable of the optimizer.`,
        );
      }
      given[at] = (gradients[i] ?? null) as RemoteGradient;
    });
    return this.#step(given, false);
  }

  /**
   * Copies the variables' numbers.
   *
   * @returns A list of `{ data, shape, dtype }`, in the variables' order.
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async getVariables(): Promise<LayerWeight[]> {
    checkMethod(this, "getVariables", arguments.length, 0);
    return [...(await this.#queue.call("getVariables", null))];
  }

  /**
   * Overwrites the variables' numbers.
   *
   * @param values - One for each variable.
   * @throws ValueError, TypeError (`ERR_WEIGHTS_COUNT`, `ERR_WEIGHTS_SHAPE`, `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`)
   * when count or shapes differ, and for anything but numbers; nothing is written then
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async setVariables(values: readonly WeightInput[]): Promise<void> {
    checkMethod(this, "setVariables", arguments.length, 1);
    const packing = new Packing("setVariables", false);
    await this.#queue.call("setVariables", packing.weights(values), packing);
  }

  /**
   * Copies the optimizer's state, like its `getWeights`.
   *
   * @returns A list of `{ data, shape, dtype }`: iterations first, then slots.
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async getWeights(): Promise<WeightValue[]> {
    checkMethod(this, "getWeights", arguments.length, 0);
    return [...(await this.#queue.call("getState", null))];
  }

  /**
   * Overwrites the optimizer's state.
   *
   * @param weights - A list from {@link RemoteOptimizer.getWeights}.
   * @throws ValueError, TypeError (`ERR_WEIGHTS_COUNT`, `ERR_WEIGHTS_SHAPE`, `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`)
   * when count or shapes differ, and for anything but numbers; nothing is written then
   * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker is lost; DisposedError (`ERR_DISPOSED`) after
   * `dispose`; ValueError, TypeError (`ERR_NOT_SENDABLE`) for a value that cannot be sent
   */
  async setWeights(weights: readonly WeightInput[]): Promise<void> {
    checkMethod(this, "setWeights", arguments.length, 1);
    const packing = new Packing("setWeights", false);
    await this.#queue.call("setState", packing.weights(weights), packing);
  }

  /** Ends the worker; calls in progress reject. A second call does nothing. */
  async dispose(): Promise<void> {
    checkMethod(this, "dispose", arguments.length, 0);
    await this.#client.dispose();
  }

  /** The same as {@link RemoteOptimizer.dispose}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  async #step(given: readonly (RemoteGradient | undefined)[], clip: boolean): Promise<Float32Array[]> {
    given.forEach((gradient, i) => {
      if (gradient !== null && gradient !== undefined) checkGradient(gradient, this.#variables[i]!);
    });
    const states = given.every((gradient) => gradient !== null && gradient !== undefined)
      ? null
      : given.map((gradient) => (gradient === undefined ? "absent" : gradient === null ? "none" : "given"));
    const buffer = this.#buffers.take(given);
    try {
      buffer.write(given);
      const { message, moved } = buffer;
      buffer.take(await this.#queue.call("step", { ...message, states, clip }, { moved }));
      return [...buffer.weights];
    } finally {
      this.#buffers.giveBack(buffer);
    }
  }
}
