/**
 * An optimizer that works in a worker.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { unzipped } from "../optimizers/given.js";
import { checkGradient, type Gradient, type GradientAndVariable } from "../optimizers/gradients.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { get, serialize } from "../optimizers/registry.js";
import { checkKnownOptions, list } from "../options.js";
import { type NestedNumbers, shapeOfNested } from "../shape.js";
import { Tensor } from "../tensor.js";
import { flatValues } from "../values.js";
import type { Variable } from "../variable.js";
import type { WeightInput, WeightValue } from "../weights.js";
import { Client, type CreateWorker } from "./client.js";
import { Packing } from "./packing.js";

/** Options of {@link RemoteOptimizer.create}. */
export interface RemoteOptimizerOptions {
  /** Makes the worker from our script's URL. Default: started in the best way that works here. */
  readonly createWorker?: CreateWorker | undefined;
}

/**
 * An optimizer in a worker. Variables and state live there: this thread, or whatever framework makes the
 * gradients, sends them and gets the new weights back, in one buffer that goes to and fro.
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
 * await remote.dispose();
 * ```
 */
export class RemoteOptimizer {
  /** The optimizer's name. */
  readonly name: string;
  readonly #client: Client;
  /** What gradients are checked against; its numbers stay as they were at the start. */
  readonly #variables: readonly Variable[];
  readonly #size: number;
  /** Buffers that are at home. */
  readonly #idle: Float32Array<ArrayBuffer>[] = [];

  private constructor(name: string, client: Client, variables: readonly Variable[]) {
    this.name = name;
    this.#client = client;
    this.#variables = variables;
    this.#size = variables.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Moves an optimizer, with its state, and copies of variables into a worker.
   *
   * @param optimizer - An optimizer, its name, or its config.
   * @param variables - Those that it trains, in the order in which gradients will come.
   * @throws ValueError, TypeError; WorkerLostError when the worker of `createWorker` does not start
   */
  static async create(
    optimizer: Optimizer | string | object,
    variables: Iterable<Variable>,
    options: RemoteOptimizerOptions = {},
  ): Promise<RemoteOptimizer> {
    checkKnownOptions("RemoteOptimizer", options, ["createWorker"]);
    const local = get(optimizer);
    const given = list("RemoteOptimizer", "variables", variables);
    const args = {
      optimizer: serialize(local),
      state: local.built || local.iterations > 0 ? local.getWeights() : null,
      variables: given.map((variable) => ({ name: variable.name, shape: variable.shape, data: variable.array() })),
    };
    const client = await Client.start(options.createWorker);
    try {
      const moved = [...args.variables, ...(args.state ?? [])].map(({ data }) => data.buffer as ArrayBuffer);
      await client.call("makeOptimizer", args, moved);
      return new RemoteOptimizer(local.name, client, given);
    } catch (error) {
      await client.dispose();
      throw error;
    }
  }

  /** The learning rate of the coming step. */
  async getLearningRate(): Promise<number> {
    return this.#client.call("getLearningRate", null);
  }

  /** @throws TypeError over a schedule */
  async setLearningRate(learningRate: number): Promise<void> {
    await this.#client.call("setLearningRate", learningRate);
  }

  /** The optimizer's `iterations`, as far as the worker has told: after each step, those of that step. */
  get iterations(): number {
    return this.#client.lastIteration;
  }

  /**
   * One step with Keras 3's whole pipeline, clipping included.
   *
   * @param gradients - One for each variable, `null` for none. They are copied.
   * @returns the new weights, flat, in the variables' order: views of a buffer that is used again, so they are
   * empty as soon as the next step is sent
   * @throws ValueError, TypeError for gradients that do not fit, before anything is sent; WorkerLostError
   */
  async apply(gradients: Iterable<Gradient | null>): Promise<Float32Array[]> {
    const given = list(this.name, "gradients", gradients);
    if (given.length !== this.#variables.length) {
      throw new ValueError(
        "ERR_GRADIENT_COUNT",
        `${this.name}: expected ${this.#variables.length} gradients, one for each variable, got ${given.length}.`,
      );
    }
    return this.#step(given, true);
  }

  /**
   * One step as the documented page has it: without clipping.
   *
   * @param pairs - `[gradient, variable]`, of variables that it was made with. A `null` gradient skips its variable.
   * @returns as {@link RemoteOptimizer.apply}
   * @throws as {@link RemoteOptimizer.apply}, and ValueError for unknown variables
   */
  async applyGradients(pairs: Iterable<GradientAndVariable>): Promise<Float32Array[]> {
    const { gradients, variables } = unzipped(pairs);
    const given: (Gradient | null | undefined)[] = this.#variables.map(() => undefined);
    variables.forEach((variable, i) => {
      const at = this.#variables.indexOf(variable);
      if (at < 0) {
        throw new ValueError(
          "ERR_VARIABLE_UNKNOWN",
          `${this.name}: "${variable.name}" is none of the variables that it was made with.`,
        );
      }
      given[at] = gradients[i] ?? null;
    });
    return this.#step(given, false);
  }

  /** Copies of the variables' numbers. */
  async getVariables(): Promise<WeightValue[]> {
    return [...(await this.#client.call("getVariables", null))];
  }

  /** Overwrites the variables' numbers. @throws ValueError when count or shapes differ; nothing is written then */
  async setVariables(values: readonly WeightInput[]): Promise<void> {
    const packing = new Packing("setVariables", false);
    await this.#client.call("setVariables", packing.weights(values), packing.moved);
  }

  /** The optimizer's state, as its own `getWeights` gives it: iterations first, then slots. */
  async getWeights(): Promise<WeightValue[]> {
    return [...(await this.#client.call("getState", null))];
  }

  /** Overwrites the optimizer's state. @throws ValueError when count or shapes differ; nothing is written then */
  async setWeights(weights: readonly WeightInput[]): Promise<void> {
    const packing = new Packing("setWeights", false);
    await this.#client.call("setState", packing.weights(weights), packing.moved);
  }

  /** Ends the worker; calls under way reject. A second call does nothing. */
  async dispose(): Promise<void> {
    await this.#client.dispose();
  }

  /** For `await using`, the same as {@link RemoteOptimizer.dispose}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #step(given: readonly (Gradient | null | undefined)[], clip: boolean): Promise<Float32Array[]> {
    given.forEach((gradient, i) => {
      if (gradient !== null && gradient !== undefined) checkGradient(gradient, this.#variables[i] as Variable);
    });
    const buffer = this.#idle.pop() ?? new Float32Array(this.#size);
    let at = 0;
    for (const [i, { size }] of this.#variables.entries()) {
      const gradient = given[i];
      if (gradient !== null && gradient !== undefined) buffer.set(numbersOf(gradient), at);
      at += size;
    }
    const states = given.map((gradient) => (gradient === undefined ? "absent" : gradient === null ? "none" : "given"));
    const moved = [buffer.buffer];
    const back = await this.#client.call("step", { buffer, states, clip }, moved);
    const weights = back.buffer as Float32Array<ArrayBuffer>;
    this.#idle.push(weights);
    at = 0;
    return this.#variables.map(({ size }) => {
      at += size;
      return weights.subarray(at - size, at);
    });
  }
}

function numbersOf(gradient: Gradient): ArrayLike<number> {
  if (gradient instanceof Tensor) return gradient.value;
  if (gradient instanceof Float32Array) return gradient;
  return flatValues("gradient", gradient, shapeOfNested(gradient as NestedNumbers), "float32");
}
