/**
 * An optimizer in a worker, with the variables that it trains.
 *
 * @module
 */

import { isArrayBuffer } from "../brands.js";
import type { CustomObjects } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { deserialize } from "../optimizers/registry.js";
import { withStats } from "../optimizers/with-stats.js";
import { Variable } from "../variable.js";
import { readWeights, type WeightValue, writeWeights } from "../weights.js";
import type { OptimizerArgs, StepArgs } from "./data/protocol.js";
import { exclude } from "./data/sent-exclusions.js";
import { views } from "./data/step-buffers.js";
import { withExposedObjects } from "./exposed-objects.js";
import type { Handlers } from "./handlers.js";

type Names =
  | "makeOptimizer"
  | "step"
  | "getVariables"
  | "setVariables"
  | "getState"
  | "setState"
  | "getLearningRate"
  | "setLearningRate";

/** Holds one optimizer. */
export class OptimizerService {
  readonly handlers: Handlers<Names> = {
    makeOptimizer: (args) => {
      this.#make(args);
      return { value: null };
    },
    step: (args) => {
      const back = this.#step(args);
      return { value: back, moved: back === null ? [] : [back.buffer as ArrayBuffer] };
    },
    getVariables: () => sent(readWeights(this.#given().variables)),
    setVariables: (values) => {
      const { optimizer, variables } = this.#given();
      writeWeights(optimizer.name, variables, values);
      return { value: null };
    },
    getState: () => sent(this.#given().optimizer.getWeights()),
    setState: (state) => {
      this.#given().optimizer.setWeights(state as never);
      return { value: null };
    },
    getLearningRate: () => ({ value: this.#given().optimizer.learningRate }),
    setLearningRate: (rate) => {
      this.#given().optimizer.learningRate = rate;
      return { value: null };
    },
  };
  readonly #customObjects: readonly CustomObjects[];
  /** Shared buffers by their number. */
  readonly #shared = new Map<number, Float32Array>();
  #made: { readonly optimizer: Optimizer; readonly variables: readonly Variable[] } | undefined;

  constructor(customObjects: readonly CustomObjects[]) {
    this.#customObjects = customObjects;
  }

  /** The optimizer, if any. */
  get optimizer(): Optimizer | undefined {
    return this.#made?.optimizer;
  }

  #given(): { readonly optimizer: Optimizer; readonly variables: readonly Variable[] } {
    if (this.#made !== undefined) return this.#made;
    throw new ValueError("ERR_NOT_BUILT", "This worker has no optimizer.");
  }

  #make({ optimizer: json, state, isBuilt, hasStats, exclusions, variables: list }: OptimizerArgs): void {
    const optimizer = withExposedObjects(this.#customObjects, () => deserialize(json));
    const variables = list.map(({ name, shape, data }) => new Variable(data, { name, shape }));
    if (hasStats) withStats(optimizer);
    exclude(optimizer, variables, exclusions);
    if (!isBuilt) optimizer.setWeights(state);
    optimizer.build(variables);
    if (isBuilt) optimizer.setWeights(state);
    optimizer.followers?.close();
    // Creating another optimizer replaces the first.
    this.#made?.optimizer.dispose();
    for (const variable of this.#made?.variables ?? []) variable.dispose();
    this.#shared.clear();
    this.#made = { optimizer, variables };
  }

  /** @returns the reply: the weights in the buffer of the gradients, or nothing if both are in shared memory */
  #step({ id, buffer, states, clip }: StepArgs): Float32Array | null {
    const { optimizer, variables } = this.#given();
    const isShared = buffer === null || !isArrayBuffer(buffer.buffer);
    if (isShared && buffer !== null) this.#shared.set(id, buffer);
    const numbers = buffer ?? (this.#shared.get(id) as Float32Array);
    const sizes = variables.map(({ size }) => size);
    const gradients = views(numbers, sizes, 0);
    const pairs = gradients.flatMap((gradient, i): [Float32Array | null, Variable][] => {
      const state = states?.[i] ?? "given";
      return state === "absent" ? [] : [[state === "given" ? gradient : null, variables[i]!]];
    });
    if (clip)
      optimizer.apply(
        pairs.map(([gradient]) => gradient),
        variables,
      );
    else optimizer.applyGradients(pairs);
    const weights = isShared ? views(numbers, sizes, numbers.length / 2) : gradients;
    for (const [i, place] of weights.entries()) place.set(variables[i]!.value);
    return isShared ? null : numbers;
  }
}

function sent<T extends WeightValue>(value: T[]): { value: T[]; moved: ArrayBuffer[] } {
  return { value, moved: value.map(({ data }) => data.buffer as ArrayBuffer) };
}
