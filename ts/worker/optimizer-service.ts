/**
 * An optimizer in a worker, with the variables that it trains.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { deserialize } from "../optimizers/registry.js";
import { Variable } from "../variable.js";
import { readWeights, type WeightValue, writeWeights } from "../weights.js";
import type { OptimizerArgs, StepArgs } from "./protocol.js";
import type { Handlers } from "./service.js";

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
      const buffer = this.#step(args);
      return { value: { buffer }, moved: [buffer.buffer as ArrayBuffer] };
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
  #made: { readonly optimizer: Optimizer; readonly variables: readonly Variable[] } | undefined;

  /** Of the optimizer, where there is one. */
  get iterations(): number | undefined {
    return this.#made?.optimizer.iterations;
  }

  #given(): { readonly optimizer: Optimizer; readonly variables: readonly Variable[] } {
    if (this.#made !== undefined) return this.#made;
    throw new ValueError("ERR_NOT_BUILT", "This worker has no optimizer.");
  }

  #make({ optimizer: json, state, variables: list }: OptimizerArgs): void {
    const optimizer = deserialize(json);
    const variables = list.map(({ name, shape, data }) => new Variable(data, { name, shape }));
    optimizer.build(variables);
    if (state !== null) optimizer.setWeights(state);
    this.#made = { optimizer, variables };
  }

  /** Gradients are where the weights shall be. */
  #step({ buffer, states, clip }: StepArgs): Float32Array {
    const { optimizer, variables } = this.#given();
    let at = 0;
    const parts = variables.map(({ size }) => {
      at += size;
      return buffer.subarray(at - size, at);
    });
    const pairs = parts.flatMap((part, i): [Float32Array | null, Variable][] =>
      states[i] === "absent" ? [] : [[states[i] === "given" ? part : null, variables[i] as Variable]],
    );
    if (clip)
      optimizer.apply(
        pairs.map(([gradient]) => gradient),
        variables,
      );
    else optimizer.applyGradients(pairs);
    parts.forEach((part, i) => {
      part.set((variables[i] as Variable).value);
    });
    return buffer;
  }
}

function sent(value: WeightValue[]): { value: WeightValue[]; moved: ArrayBuffer[] } {
  return { value, moved: value.map(({ data }) => data.buffer as ArrayBuffer) };
}
