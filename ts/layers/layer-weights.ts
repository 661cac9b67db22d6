/**
 * Weights of a layer and of its sublayers.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { COPY, refuseProxy } from "../copies.js";
import { ValueError } from "../errors.js";
import { boolean, checkMethod, checkObject } from "../options.js";
import type { Tensor } from "../tensor.js";
import { beforeChange } from "../undo.js";
import { Variable } from "../variable.js";
import { type LayerWeight, readWeights, type WeightInput, writeWeights } from "../weights.js";
import { OwnWeights } from "./own-weights.js";
import { visitFields } from "./public-fields.js";
import type { AnyRegularizer, WeightOptions } from "./weight-options.js";

/** The part of a layer that holds weights. */
export abstract class LayerWeights {
  /** Name for messages and saved files. */
  abstract readonly name: string;
  readonly #own = new OwnWeights();
  #trainable: boolean;
  /** Variables in fields that were trainable before the layer was frozen. */
  readonly #frozen = new Set<Variable>();

  /** For subclasses. @internal */
  constructor(trainable: boolean) {
    this.#trainable = trainable;
  }

  /** Refuses a proxy, of reactive state for instance: it has no private fields. @throws TypeError @internal */
  checkSelf(): void {
    if (!(#own in this)) refuseProxy("fit" in this ? "model" : "layer");
  }

  /** Class and name, for messages: `Dense "dense"`. */
  protected abstract get label(): string;

  /** Whether its weights were created. */
  abstract get built(): boolean;

  /**
   * Whether training changes its weights. Setting it applies to all its weights.
   *
   * @throws TypeError (`ERR_OPTION_TYPE`) for anything but booleans; ValueError (`ERR_BUSY`) while a run uses them
   */
  get trainable(): boolean {
    this.checkSelf();
    return this.#trainable;
  }

  set trainable(trainable: boolean) {
    this.checkSelf();
    this.#trainable = boolean(this.label, "trainable", trainable);
    this.#own.setTrainable(trainable);
    if (trainable) {
      for (const variable of this.#frozen) variable.trainable = true;
      this.#frozen.clear();
    } else this.#freeze(this.#fieldVariables(this.#own.variables));
    for (const layer of this.sublayers) layer.trainable = trainable;
  }

  /** Layers that belong to it: those in public fields, alone or in containers. @internal */
  get sublayers(): readonly LayerWeights[] {
    // Called at every step: no arrays and sets for results that are mostly empty.
    const found: LayerWeights[] = [];
    visitFields(this, (value) => {
      if (value instanceof LayerWeights && value !== this && !found.includes(value)) found.push(value);
    });
    return found;
  }

  #freeze(variables: readonly Variable[]): void {
    for (const variable of variables) {
      if (!variable.trainable) continue;
      this.#frozen.add(variable);
      variable.trainable = false;
    }
  }

  /** Variables in public fields, alone or in containers, except those in `own`. Keras tracks them too. */
  #fieldVariables(own: readonly Variable[]): Variable[] {
    const found: Variable[] = [];
    visitFields(this, (value, path) => {
      if (!(value instanceof Variable) || own.includes(value) || found.includes(value)) return;
      if (this.#own.removed(value)) return;
      nameByField(value, `${this.name}/${path}`, own);
      found.push(value);
    });
    return found;
  }

  /**
   * All weights, in Keras's order: trainable weights of the layer, its other weights, variables in public fields, then
   * weights of sublayers.
   */
  get weights(): Variable[] {
    this.checkSelf();
    const own = this.#own.variables;
    const fields = this.#fieldVariables(own);
    // A field may be set after the layer was frozen.
    if (!this.#trainable) this.#freeze(fields);
    own.push(...fields);
    const { sublayers } = this;
    if (sublayers.length === 0) return own;
    const all = new Set(own);
    for (const layer of sublayers) for (const weight of layer.weights) all.add(weight);
    return [...all];
  }

  /** The weights that training changes. */
  get trainableWeights(): Variable[] {
    return this.trainable ? this.weights.filter(({ trainable }) => trainable) : [];
  }

  /** The weights that training does not change, such as moving averages, and all weights of a frozen layer. */
  get nonTrainableWeights(): Variable[] {
    return this.trainable ? this.weights.filter(({ trainable }) => !trainable) : this.weights;
  }

  /** The same as {@link LayerWeights.weights}. */
  get variables(): Variable[] {
    return this.weights;
  }

  /** The same as {@link LayerWeights.trainableWeights}. */
  get trainableVariables(): Variable[] {
    return this.trainableWeights;
  }

  /** The same as {@link LayerWeights.nonTrainableWeights}. */
  get nonTrainableVariables(): Variable[] {
    return this.nonTrainableWeights;
  }

  /**
   * Creates a weight, for `build`: `addWeight({ shape: [2, 3], name: "w" })`, or `addWeight([2, 3], "zeros", { name: "w" })`.
   *
   * @param options - {@link WeightOptions}: shape, name, initializer, whether it is trained; or the shape.
   * @param initializer - {@link WeightOptions.initializer}, or the options.
   * @param others - Options that follow positional arguments.
   * @returns A variable called `layer/name`.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`, `ERR_SHAPE`) for an option that is unknown
   * or of the wrong type; (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown initializer, regularizer or
   * constraint
   * @throws ValueError, TypeError (`ERR_VALUES_SHAPE`, `ERR_VALUES_DTYPE`) when a custom initializer does not return
   * numbers of the shape; OutOfMemoryError (`ERR_OUT_OF_MEMORY`) when memory is full
   */
  protected addWeight(
    options?: WeightOptions | WeightOptions["shape"],
    initializer?: WeightOptions["initializer"] | WeightOptions,
    others?: WeightOptions,
  ): Variable;
  protected addWeight(...given: unknown[]): Variable {
    checkObject(this, "addWeight");
    const options = placedOptions<WeightOptions>("addWeight", ["shape", "initializer"], given);
    this.beforeBuild();
    return this.#own.add(this.name, options, this.#trainable);
  }

  /** Regularizers of the weights, without those of sublayers. @internal */
  get ownRegularizers(): readonly AnyRegularizer[] {
    this.checkSelf();
    return this.#own.regularizers;
  }

  /** Penalties of trained weights, without those of sublayers. @internal */
  protected ownPenalties(): Tensor<"float32">[] {
    return this.#own.penalties();
  }

  /**
   * Copies the weights, in the order of {@link LayerWeights.weights}.
   *
   * @returns `{ data, shape, dtype }` for each.
   * @throws DisposedError (`ERR_DISPOSED`) after `dispose`
   */
  getWeights(): LayerWeight[] {
    checkMethod(this, "getWeights", arguments.length, 0);
    return readWeights(this.weights);
  }

  /**
   * Overwrites the weights with the result of {@link LayerWeights.getWeights}.
   *
   * @param weights - One for each weight; also tensors, variables, typed arrays, nested lists.
   * @throws ValueError (`ERR_WEIGHTS_COUNT`, `ERR_WEIGHTS_SHAPE`) when count or shapes differ; then nothing was written
   * @throws TypeError, ValueError (`ERR_OPTION_TYPE`, `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`)
   * for anything but numbers; DisposedError (`ERR_DISPOSED`) after `dispose`
   */
  setWeights(weights: readonly WeightInput[]): void {
    checkMethod(this, "setWeights", arguments.length, 1);
    this.checkSelf();
    const hint = this.built ? "" : "The layer is not built yet: call it, or build(inputShape), first.";
    writeWeights(this.label, this.weights, weights, hint);
  }

  /**
   * Counts the values in all weights.
   *
   * @returns Their number.
   * @throws ValueError (`ERR_NOT_BUILT`) when the layer is not built
   */
  countParams(): number {
    checkMethod(this, "countParams", arguments.length, 0);
    if (!this.built) {
      throw new ValueError(
        "ERR_NOT_BUILT",
        `${this.label} has no weights yet: call it, or build(inputShape), before countParams().`,
      );
    }
    return this.weights.reduce((count, { size }) => count + size, 0);
  }

  /** Frees the weights. Using the layer afterwards is an error. */
  dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    for (const weight of this.weights) weight.dispose();
  }

  /** The same as {@link LayerWeights.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** To be called before a build changes anything: a refused call must not change the layer. @internal */
  protected beforeBuild(): void {
    beforeChange(this, () => this.buildUndo());
  }

  /** Returns a function that restores the current unbuilt state. @internal */
  protected buildUndo(): () => void {
    const { length } = this.#own;
    return () => {
      this.#own.shorten(length);
    };
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}

/**
 * Names an unnamed variable after its field. A number among all variables of the program would differ in another
 * program that loads the saved weights.
 */
function nameByField(variable: Variable, path: string, others: readonly Variable[]): void {
  if (!/^variable(_\d+)?$/.test(variable.name)) return;
  let name = path;
  for (let i = 1; others.some((other) => other.name === name); i++) name = `${path}_${i}`;
  (variable as { name: string }).name = name;
}
