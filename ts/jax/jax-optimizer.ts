/**
 * gradstep's optimizers as gradient transformations of jax-js.
 *
 * @module
 */

import { type JsTree, numpy, tree } from "@jax-js/jax";
import { ArgumentTypeError, DisposedError } from "../errors.js";
import { refuseLossUser } from "../optimizers/loss-users.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { get, type OptimizerIdentifier } from "../optimizers/registry.js";
import { checkCount, shown } from "../options.js";
import { Variable } from "../variable.js";
import type { WeightInput, WeightValue } from "../weights.js";
import { checkSame, type Layout, type Leaves, leavesOf, namesOf } from "./leaves.js";

/** A tree of arrays: an array, or lists and objects of trees. */
export type Parameters = JsTree<numpy.Array>;

/** Optax's pair of functions. Both consume their arrays, like all functions of jax-js: pass `x.ref` to keep `x`. */
export interface JaxGradientTransformation {
  /** The optimizer of gradstep, with its options. */
  readonly optimizer: Optimizer;
  /**
   * Creates the state for parameters.
   *
   * @param params - The parameters, a tree of float32 arrays.
   * @throws TypeError (`ERR_OPTION_TYPE`) for other leaves
   */
  init(params: Parameters): JaxOptimizerState;
  /**
   * Takes a step.
   *
   * @param grads - Gradients: a tree with the structure of the parameters.
   * @param state - The state of `init`, or of the last step. It is consumed: use the returned state from then on.
   * @param params - The parameters at which the gradients were computed. Default: the previous parameters plus the last
   *   updates.
   * @returns The updates to add to the parameters, and the next state.
   * @throws ValueError (`ERR_VALUES_SHAPE`) for other trees or shapes, TypeError (`ERR_OPTION_TYPE`) for other leaves,
   * DisposedError (`ERR_DISPOSED`) for a state that another step has consumed; then nothing is changed or consumed
   */
  update<Tree extends Parameters>(grads: Tree, state: JaxOptimizerState, params?: Tree): [Tree, JaxOptimizerState];
}

/** The state of an optimizer. Each step consumes it, as functions consume arrays. */
export class JaxOptimizerState {
  readonly #optimizer: Optimizer;
  readonly #variables: readonly Variable[];
  readonly #layout: Layout;
  #isUsed = false;

  /** Holds the optimizer and its copies of the parameters. @internal */
  constructor(optimizer: Optimizer, variables: readonly Variable[], layout: Layout) {
    this.#optimizer = optimizer;
    this.#variables = variables;
    this.#layout = layout;
  }

  /** The number of steps. */
  get count(): number {
    return this.#optimizer.iterations;
  }

  /** Copies of the slots, the number of steps first, to store them. */
  getWeights(): WeightValue[] {
    this.#checkUnused("getWeights");
    return this.#optimizer.getWeights();
  }

  /** Continues from stored slots. */
  setWeights(weights: readonly WeightInput[]): void {
    this.#checkUnused("setWeights");
    this.#optimizer.setWeights(weights);
  }

  /**
   * Returns the parameters for evaluation, as new arrays: the averages of a schedule-free rule, of `SWA` or of
   * `useEma`; without averages, the parameters of the last step. Training continues from the parameters that are passed
   * to `update`, not from these.
   *
   * @returns A tree with the structure of the parameters.
   * @throws DisposedError (`ERR_DISPOSED`) for a state that another step has consumed
   */
  evalParams(): Parameters {
    this.#checkUnused("evalParams");
    const trained = this.#variables.map((variable) => variable.array());
    this.#optimizer.evalMode();
    const arrays = this.#variables.map((variable) => arrayOf(variable.array(), variable.shape));
    this.#optimizer.trainMode();
    // Compared bit by bit: different numbers would restart the averages.
    this.#variables.forEach((variable, i) => variable.value.set(trained[i]!));
    return tree.unflatten(this.#layout.structure, arrays) as Parameters;
  }

  /** Frees the memory. */
  dispose(): void {
    if (this.#isUsed) return;
    this.#isUsed = true;
    for (const variable of this.#variables) variable.dispose();
    this.#optimizer.dispose();
  }

  /** @internal */
  step(grads: Leaves, params: Leaves | undefined): [Float32Array[], JaxOptimizerState] {
    this.#checkUnused("update");
    if (params !== undefined) checkSame("update", "params", params, this.#layout);
    checkSame("update", "grads", grads, this.#layout);
    const variables = this.#variables;
    params?.arrays.forEach((array, i) => {
      variables[i]!.assign(numbersOf(array));
    });
    const before = variables.map((variable) => variable.array());
    this.#optimizer.apply(grads.arrays.map(numbersOf), variables);
    const updates = variables.map(({ value }, i) => value.map((after, j) => after - before[i]![j]!));
    // The caller's sum may differ in the last bit. Averages would treat it as weights that were set directly.
    variables.forEach(({ value }, i) => {
      const [from, by] = [before[i]!, updates[i]!];
      for (let j = 0; j < value.length; j++) value[j] = from[j]! + by[j]!;
    });
    this.#isUsed = true;
    return [updates, new JaxOptimizerState(this.#optimizer, variables, this.#layout)];
  }

  #checkUnused(call: string): void {
    if (!this.#isUsed) return;
    throw new DisposedError(
      `${call}: this state was consumed by a step or by dispose: continue from the state that the last update returned.`,
    );
  }
}

/** Reads an array without consuming it. */
function numbersOf(array: numpy.Array): Float32Array {
  return array.ref.dataSync() as Float32Array;
}

/** An empty array of jax-js, which `array` cannot create. */
function arrayOf(values: Float32Array, shape: readonly number[]): numpy.Array {
  return values.length === 0 ? numpy.zeros([...shape]) : numpy.array(values, { shape: [...shape] });
}

/**
 * Creates a gradient transformation for jax-js from one of gradstep's optimizers.
 *
 * `init` and `update` have optax's signatures, so training loops need no change; clipping, schedules, decay and
 * averages are options of the optimizer. A step reads gradients and parameters back to the CPU: call `update` outside
 * of `jit`. With a GPU, each step waits for it.
 *
 * @param optimizer - An optimizer of gradstep, or its name. The first `init` uses it, later ones use copies of it.
 * @returns {@link JaxGradientTransformation}
 * @throws ValueError, TypeError for what `compile` of gradstep would refuse
 * @example
 * ```ts
 * import { grad, init, numpy as np } from "@jax-js/jax";
 * import { Adam } from "gradstep";
 * import { jaxOptimizer } from "gradstep/jax";
 *
 * await init("wasm");
 * const solver = jaxOptimizer(new Adam({ learningRate: 0.1 }));
 * let params = np.array([3, 4]);
 * let state = solver.init(params.ref);
 * for (let i = 0; i < 100; i++) {
 *   const grads = grad((x) => np.square(x).sum())(params.ref);
 *   let updates;
 *   [updates, state] = solver.update(grads, state, params.ref);
 *   params = params.add(updates);
 * }
 * console.log(state.count); // 100
 * ```
 * @see [optax.GradientTransformation](https://optax.readthedocs.io/en/latest/api/transformations.html)
 */
export function jaxOptimizer(optimizer: OptimizerIdentifier): JaxGradientTransformation {
  checkCount("jaxOptimizer", arguments.length, 1);
  const made = get(optimizer);
  if (made === null) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `jaxOptimizer: expected an optimizer, got ${shown(optimizer)}.`);
  }
  refuseLossUser("jaxOptimizer", made);
  let isTaken = false;
  return {
    optimizer: made,
    init(params) {
      const leaves = leavesOf("init", "params", params);
      const owner = isTaken || made.built ? copyOf(made) : made;
      const names = namesOf(leaves.structure);
      const variables = leaves.arrays.map(
        (array, i) => new Variable(numbersOf(array), { shape: array.shape, name: names[i] }),
      );
      owner.build(variables);
      isTaken = true;
      tree.dispose(params);
      return new JaxOptimizerState(owner, variables, { structure: leaves.structure, shapes: leaves.shapes });
    },
    update<Tree extends Parameters>(grads: Tree, state: JaxOptimizerState, params?: Tree) {
      const given = params === undefined ? undefined : leavesOf("update", "params", params);
      if (!(state instanceof JaxOptimizerState)) {
        throw new ArgumentTypeError(
          "ERR_OPTION_TYPE",
          `update: "state" must be what init returned, got ${shown(state)}.`,
        );
      }
      const leaves = leavesOf("update", "grads", grads);
      const { structure, shapes } = leaves;
      const [updates, next] = state.step(leaves, given);
      tree.dispose(grads);
      if (params !== undefined) tree.dispose(params);
      const made = updates.map((values, i) => arrayOf(values, shapes[i] ?? []));
      return [tree.unflatten(structure, made) as Tree, next] as [Tree, JaxOptimizerState];
    },
  };
}

/** An optimizer with the same options and no state. */
function copyOf(optimizer: Optimizer): Optimizer {
  const made = optimizer.constructor as unknown as { fromConfig(config: object): Optimizer };
  const copy = made.fromConfig(optimizer.getConfig());
  copy.excludeFromWeightDecay({ varNames: optimizer.decayExclusions.names });
  return copy;
}
