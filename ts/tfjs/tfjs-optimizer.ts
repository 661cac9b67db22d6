/**
 * gradstep's optimizers as optimizers of TensorFlow.js.
 *
 * Over 300 lines: one class, whose methods share its private copies of variables.
 *
 * @module
 */

import {
  dispose,
  div,
  engine,
  mul,
  type NamedTensorMap,
  type Scalar,
  type serialization,
  Optimizer as TfOptimizer,
  type Tensor as TfTensor,
  type Variable as TfVariable,
  tensor,
} from "@tensorflow/tfjs-core";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { ascentOf, usesLoss } from "../optimizers/loss-users.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { get, type OptimizerIdentifier } from "../optimizers/registry.js";
import type { OptimizerVariable } from "../optimizers/state.js";
import { checkCount, shown } from "../options.js";
import { optimizerOf, type TfjsConfig, tfjsConfigOf } from "./config.js";
import { Mirror } from "./mirrors.js";
import { repeatedLoss, withoutMetrics } from "./repeated-loss.js";

type NamedTensor = Awaited<ReturnType<TfOptimizer["getWeights"]>>[number];

/** One variable of the state, in TensorFlow.js's form. */
interface NamedState {
  readonly name: string;
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
}

/**
 * A `tf.Optimizer` that updates TensorFlow.js's variables with an optimizer of gradstep. {@link tfjsOptimizer} creates
 * it.
 */
export class TfjsOptimizer extends TfOptimizer {
  /** The name in saved models. */
  static readonly className = "GradstepOptimizer";

  /** The optimizer of gradstep, with its options and its state. */
  readonly optimizer: Optimizer;
  readonly #mirrors = new Map<string, Mirror>();
  /** Copies of disposed variables whose names other variables now have. */
  readonly #replaced = new Set<Mirror>();
  /** Weights that were loaded before the variables are known. */
  #loaded: readonly NamedState[] | undefined;

  /** Wraps an optimizer. Call {@link tfjsOptimizer} rather than this. @internal */
  constructor(optimizer: Optimizer) {
    super();
    this.optimizer = optimizer;
  }

  /** The rate of the next step. Callbacks set it, unless it is a schedule. */
  get learningRate(): number {
    return this.optimizer.learningRate;
  }

  set learningRate(rate: number) {
    this.optimizer.learningRate = rate;
  }

  /** The number of steps. */
  override get iterations(): number {
    return this.#loaded?.[0]?.data[0] ?? this.optimizer.iterations;
  }

  /**
   * Minimizes a loss by one step, in which `SAM` and `LBFGS` compute the loss several times. `fit` calls this method.
   *
   * @returns the loss before the step if `returnCost`, otherwise `null`
   * @throws what `minimize` of the optimizer throws; the variables are unchanged then
   */
  override minimize(f: () => Scalar, returnCost = false, varList?: TfVariable[]): Scalar | null {
    const { optimizer } = this;
    if (!usesLoss(optimizer)) return super.minimize(f, returnCost, varList);
    const first = this.computeGradients(f, varList);
    const { value } = first;
    const mirrors = new Map<string, Mirror>();
    let isDone = false;
    try {
      const names = varList?.map(({ name }) => name) ?? Object.keys(first.grads);
      for (const name of names) mirrors.set(name, this.#mirrorOf(name));
      const copies = [...mirrors.values()].map(({ copy }) => copy);
      this.#restore(copies);
      if (ascentOf(optimizer) !== undefined) this.#follow(copies);
      for (const mirror of mirrors.values()) mirror.read();
      const again = () => super.computeGradients(withoutMetrics(f), varList);
      try {
        optimizer.minimize(repeatedLoss(first, mirrors, again), copies);
      } finally {
        for (const mirror of mirrors.values()) mirror.write();
      }
      isDone = true;
      return returnCost ? value : null;
    } finally {
      dispose(first.grads);
      if (!(isDone && returnCost)) value.dispose();
    }
  }

  /**
   * Computes gradients of a loss. An optimizer with a loss scale multiplies the loss by it, and its step divides the
   * gradients. After {@link TfjsOptimizer.evalMode}, the variables get their weights back.
   */
  override computeGradients(f: () => Scalar, varList?: TfVariable[]): { value: Scalar; grads: NamedTensorMap } {
    if (this.optimizer.showsAverages) this.trainMode();
    const scale = this.optimizer.scaleLoss(1);
    if (scale === 1) return super.computeGradients(f, varList);
    const { value, grads } = super.computeGradients(() => mul(f(), scale), varList);
    const unscaled: Scalar = div(value, scale);
    value.dispose();
    return { value: unscaled, grads };
  }

  /**
   * Takes one step, with clipping, like `apply` of gradstep's optimizers.
   *
   * @param variableGradients - Gradients by the names of the variables. Variables without a gradient do not change.
   * @throws ValueError (`ERR_VARIABLE_UNKNOWN`) for a name that TensorFlow.js has no variable of
   * @throws what `apply` of the optimizer throws; the variables are unchanged then
   */
  applyGradients(variableGradients: NamedTensorMap | NamedTensor[]): void {
    const given = Array.isArray(variableGradients)
      ? variableGradients.map(({ name, tensor }) => [name, tensor] as const)
      : Object.entries(variableGradients);
    const mirrors = given.map(([name]) => this.#mirrorOf(name));
    const { optimizer } = this;
    const copies = mirrors.map((mirror) => mirror.copy);
    const scale = optimizer.scaleLoss(1);
    this.#restore(copies);
    // The loss scale is part of the state, which did not exist yet when the gradients were computed.
    const factor = optimizer.scaleLoss(1) / scale;
    const gradients = given.map(([, gradient]) => numbersOf(gradient, factor));
    this.#follow(copies);
    for (const mirror of mirrors) mirror.read();
    optimizer.apply(gradients, copies);
    mirrors.forEach((mirror, i) => {
      if (gradients[i] !== null || optimizer.useEma) mirror.write();
    });
  }

  /** The state as tensors, the number of steps first. Dispose of them. */
  override async getWeights(): Promise<NamedTensor[]> {
    const state = this.#loaded ?? this.optimizer.weights.map((one) => ({ name: one.path, ...heldState(one) }));
    return state.map(({ name, data, shape, dtype }) => ({ name, tensor: tensor(data, [...shape], dtype) }));
  }

  /**
   * Restores the state of {@link TfjsOptimizer.getWeights}: immediately, or at the first step if the variables are not
   * known yet.
   */
  override async setWeights(weightValues: NamedTensor[]): Promise<void> {
    const read = weightValues.map(async ({ name, tensor }) => {
      const data = await tensor.data<"float32" | "int32">();
      return { name, data, shape: tensor.shape, dtype: tensor.dtype === "int32" ? "int32" : "float32" } as const;
    });
    const state = await Promise.all(read);
    const { optimizer } = this;
    // An optimizer without steps has no slots.
    if (optimizer.built || state.length === optimizer.weights.length) optimizer.setWeights(state);
    else this.#loaded = state;
  }

  /**
   * Writes the averages of an optimizer with `useEma` or of a schedule-free rule to TensorFlow.js's variables, at the
   * end of training.
   */
  finalizeVariableValues(): void {
    this.optimizer.finalizeVariableValues(this.optimizer.trained);
    this.#writeAll();
  }

  /**
   * Writes the averages to TensorFlow.js's variables, for evaluating or saving, like `evalMode` of gradstep's
   * optimizers.
   */
  evalMode(): void {
    this.optimizer.evalMode();
    this.#writeAll();
  }

  /** Writes the weights back to TensorFlow.js's variables; computing gradients does so too. */
  trainMode(): void {
    this.optimizer.trainMode();
    this.#writeAll();
  }

  /** Options, for saved models. */
  getConfig(): serialization.ConfigDict & TfjsConfig {
    return tfjsConfigOf(this.optimizer);
  }

  /** Creates an optimizer from saved options. */
  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    return new cls(optimizerOf(config));
  }

  /** Frees the memory of the optimizer and of its copies of the variables. TensorFlow.js's variables are not freed. */
  override dispose(): void {
    this.optimizer.dispose();
    for (const { copy } of [...this.#mirrors.values(), ...this.#replaced]) copy.dispose();
    this.#mirrors.clear();
    this.#replaced.clear();
  }

  #mirrorOf(name: string): Mirror {
    const variable = engine().registeredVariables[name];
    if (variable === undefined) {
      throw new ValueError("ERR_VARIABLE_UNKNOWN", `tfjsOptimizer: TensorFlow.js has no variable "${name}".`);
    }
    const known = this.#mirrors.get(name);
    if (known?.isOf(variable)) return known;
    const mirror = new Mirror(variable);
    if (known !== undefined) this.#replaced.add(known);
    this.#mirrors.set(name, mirror);
    return mirror;
  }

  /** Writes all copies to the variables that TensorFlow.js still has. */
  #writeAll(): void {
    for (const mirror of this.#mirrors.values()) if (!mirror.isGone) mirror.write();
  }

  /** Creates state for new variables, and frees that of disposed ones. */
  #follow(copies: readonly Mirror["copy"][]): void {
    const { optimizer } = this;
    if (!optimizer.built) return;
    const known = new Set(optimizer.trained);
    const later = copies.filter((copy) => !known.has(copy));
    if (later.length === 0) return;
    if (optimizer.showsAverages) this.trainMode();
    const gone = new Set([...this.#replaced, ...[...this.#mirrors.values()].filter(({ isGone }) => isGone)]);
    const left = new Set([...gone].map(({ copy }) => copy));
    const stay = optimizer.trained.filter((copy) => !left.has(copy));
    // In two steps: a new variable may have the name of a disposed one, and state is stored by name.
    if (stay.length < optimizer.trained.length) rebuild(optimizer, stay);
    rebuild(optimizer, [...stay, ...later]);
    for (const [name, mirror] of this.#mirrors) if (mirror.isGone) this.#mirrors.delete(name);
    for (const copy of left) copy.dispose();
    this.#replaced.clear();
  }

  /** Builds the optimizer before the first step, and writes the state that was loaded. */
  #restore(copies: Mirror["copy"][]): void {
    if (this.#loaded === undefined) return;
    this.optimizer.build(copies);
    this.optimizer.setWeights(this.#loaded);
    this.#loaded = undefined;
  }
}

/**
 * Rebuilds an optimizer for other variables; variables that it already had keep their state. @throws OutOfMemoryError
 * with nothing changed
 */
function rebuild(optimizer: Optimizer, copies: readonly Mirror["copy"][]): void {
  const before = optimizer.trained;
  const kept = new Map(optimizer.weights.map((one) => [one.path, one.array()]));
  const build = (variables: readonly Mirror["copy"][]) => {
    optimizer.unbuild();
    if (variables.length === 0) return;
    optimizer.build(variables);
    for (const one of optimizer.weights) {
      const values = kept.get(one.path);
      if (values !== undefined) one.write(values);
    }
  };
  try {
    build(copies);
  } catch (error) {
    build(before);
    throw error;
  }
}

/** TensorFlow.js has no float64; only counters of 2^31 steps or more need it. */
function heldState(state: OptimizerVariable): Omit<NamedState, "name"> {
  const { shape, dtype } = state;
  const data = state.array();
  return dtype === "int32"
    ? { data: data as Int32Array, shape, dtype }
    : { data: Float32Array.from(data), shape, dtype: "float32" };
}

/** Reads a gradient back from the backend. */
function numbersOf(gradient: TfTensor | null | undefined, factor: number): Float32Array | null {
  if (gradient === null || gradient === undefined) return null;
  const numbers = gradient.dataSync<"float32">();
  return factor === 1 ? numbers : numbers.map((value) => value * factor);
}

/**
 * Creates an optimizer for TensorFlow.js from one of gradstep's, for `model.compile`, `fit` and `minimize`.
 *
 * Gradients are read back and weights are written at each step: cheap with the backends "cpu" and "wasm"; with a GPU,
 * each step waits for it.
 *
 * @param optimizer - An optimizer of gradstep, or its name. The result owns it: don't use it elsewhere.
 * @returns A `tf.Optimizer`.
 * @throws ValueError, TypeError for what `compile` of gradstep would refuse
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core";
 * import "@tensorflow/tfjs-backend-cpu";
 * import "@tensorflow/tfjs-layers";
 * import { AdamW, schedules } from "gradstep";
 * import { tfjsOptimizer } from "gradstep/tfjs";
 *
 * const rate = new schedules.CosineDecay(0.1, 100);
 * const optimizer = tfjsOptimizer(new AdamW({ learningRate: rate, globalClipnorm: 1 }));
 * const w = tf.variable(tf.scalar(3));
 * for (let i = 0; i < 100; i++) optimizer.minimize(() => tf.square(w));
 * const [value = 3] = w.dataSync();
 * console.log(Math.abs(value) < 0.5); // true
 * ```
 * @see [tf.train.Optimizer](https://js.tensorflow.org/api/latest/#class:train.Optimizer)
 */
export function tfjsOptimizer(optimizer: OptimizerIdentifier): TfjsOptimizer {
  checkCount("tfjsOptimizer", arguments.length, 1);
  const made = get(optimizer);
  if (made === null) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `tfjsOptimizer: expected an optimizer, got ${shown(optimizer)}.`);
  }
  return new TfjsOptimizer(made);
}
