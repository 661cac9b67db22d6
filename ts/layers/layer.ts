/**
 * The base of all layers: weights, building, calling, configs.
 *
 * Over 150 lines, because it is the one class whose methods people look up.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { camelCased } from "../keras-names.js";
import { snakeCase, uniqueName } from "../names.js";
import type { TensorLike } from "../ops/operand.js";
import { boolean, checkKnownOptions, shown } from "../options.js";
import type { Regularizer, RegularizerFunction } from "../regularizers/index.js";
import { get as regularizerOf } from "../regularizers/registry.js";
import { currentArena } from "../runtime/arena.js";
import type { Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import type { Variable } from "../variable.js";
import { readWeights, type WeightInput, type WeightValue, writeWeights } from "../weights.js";
import { inferredShape } from "./inferred-shape.js";
import { checkInput, type InputSpec } from "./input-spec.js";
import { inputList } from "./inputs.js";
import { isShapeList, type LayerShape, type LayerShapes } from "./layer-shape.js";
import { checkedLayerOptions, LAYER_OPTION_NAMES, type LayerOptions } from "./options.js";
import { saved } from "./saved.js";
import { connect, type LayerNode, SymbolicTensor } from "./symbolic.js";
import { activityLoss, makeWeight, type Penalty, type WeightOptions } from "./weight-options.js";

/** What a call is for. */
export interface CallContext {
  /** Whether it is a step of training: dropout drops, batch statistics are used. */
  readonly training: boolean;
}

/** Options of {@link Layer.apply}. */
export interface ApplyOptions {
  /** Whether it is a step of training. Default: false. */
  readonly training?: boolean | undefined;
}

/** A weight of a layer's own. */
interface OwnWeight {
  readonly variable: Variable;
  readonly penalty: Penalty | null;
  /** It was made to be left alone by training, whatever the layer is. */
  readonly isFixed: boolean;
}

/**
 * A function with weights. Use one by `apply`; for one of your own write `call`, and `build` if it has
 * weights.
 *
 * Layers in public fields, alone or in arrays, belong to it: their weights are among its own.
 *
 * @example
 * ```ts
 * import { layers, ops, type Tensor, type Variable } from "gradstep";
 *
 * class Scale extends layers.Layer {
 *   #factor!: Variable;
 *
 *   override build([, length]: readonly number[]) {
 *     this.#factor = this.addWeight({ name: "factor", shape: [length ?? 1], initializer: "ones" });
 *   }
 *
 *   override call(x: Tensor) {
 *     return ops.multiply(x, this.#factor);
 *   }
 * }
 *
 * const layer = new Scale({ name: "scale" });
 * console.log(layer.apply([[1, 2, 3]]).array()); // Float32Array [1, 2, 3]
 * console.log(layer.weights.map(({ name }) => name)); // ["scale/factor"]
 * ```
 */
export abstract class Layer {
  /** The name under which the class is saved. Minifiers change JavaScript's own; the built-in ones have Keras's. */
  static readonly className?: string;
  /** Options, in camelCase, that the constructor takes by position, in their order: what `fromConfig` goes by. */
  static readonly requiredArguments: readonly string[] = [];

  /** Arguments of Keras's that can only have these values, by Keras's names: configs have them, options don't. */
  static readonly fixedArguments: Config = {};

  /** Name for messages and saved files. */
  readonly name: string;
  /** Shape of its input with the batch axis, if `inputShape` was given. */
  readonly batchInputShape: LayerShape | undefined;
  /** Element type of its inputs. Others are converted. */
  readonly inputDtype: DType = "float32";
  /** Its uses in functional models. @internal */
  readonly inboundNodes: LayerNode[] = [];
  /** What it expects of each input. */
  protected inputSpec: InputSpec | undefined;
  readonly #activityRegularizer: Regularizer | RegularizerFunction | null;
  readonly #own: OwnWeight[] = [];
  #activityLosses: Tensor<"float32">[] = [];
  #trainable: boolean;
  #builtShapes: LayerShapes | undefined;

  /**
   * @param own - Names of the subclass's own options, where `options` holds them too.
   * @throws ValueError, TypeError for options that are not known, or out of range
   */
  constructor(options: LayerOptions = {}, own: readonly string[] = []) {
    const { className } = this;
    checkKnownOptions(className, options, [...own, ...LAYER_OPTION_NAMES]);
    const { name, trainable, batchInputShape } = checkedLayerOptions(className, options);
    this.#activityRegularizer = regularizerOf(options.activityRegularizer);
    this.#trainable = trainable;
    this.batchInputShape = batchInputShape;
    this.name = name ?? uniqueName(snakeCase(className));
  }

  /** Class name, as Keras has it. */
  get className(): string {
    const made = this.constructor as typeof Layer;
    return made.className ?? made.name;
  }

  /** Class and name, for messages: `Dense "dense"`. */
  protected get label(): string {
    return `${this.className} "${this.name}"`;
  }

  /** Whether {@link Layer.build} was done. */
  get built(): boolean {
    return this.#builtShapes !== undefined;
  }

  /** The shape, or shapes, that it was built for. */
  get builtShape(): LayerShapes | undefined {
    return this.#builtShapes;
  }

  /** Whether training changes its weights. Setting it sets that of all its weights. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(trainable: boolean) {
    this.#trainable = boolean(this.label, "trainable", trainable);
    for (const { variable, isFixed } of this.#own) if (!isFixed) variable.trainable = trainable;
    for (const layer of this.sublayers) layer.trainable = trainable;
  }

  /** Layers that belong to it: those in public fields, alone or in arrays. */
  get sublayers(): readonly Layer[] {
    const values: unknown[] = Object.values(this).flat();
    return [...new Set(values.filter((value) => value instanceof Layer))];
  }

  /** All weights, in Keras's order: its own trainable ones, its own others, then those of its layers. */
  get weights(): Variable[] {
    const own = [...this.#own.filter(({ isFixed }) => !isFixed), ...this.#own.filter(({ isFixed }) => isFixed)];
    return [...new Set([...own.map(({ variable }) => variable), ...this.sublayers.flatMap(({ weights }) => weights)])];
  }

  /** The weights that training changes. */
  get trainableWeights(): Variable[] {
    return this.#trainable ? this.weights.filter(({ trainable }) => trainable) : [];
  }

  /** The weights that training leaves to the layer, such as moving averages, and all of a frozen layer. */
  get nonTrainableWeights(): Variable[] {
    return this.#trainable ? this.weights.filter(({ trainable }) => !trainable) : this.weights;
  }

  /** The same as {@link Layer.weights}. */
  get variables(): Variable[] {
    return this.weights;
  }

  /** The same as {@link Layer.trainableWeights}. */
  get trainableVariables(): Variable[] {
    return this.trainableWeights;
  }

  /** The same as {@link Layer.nonTrainableWeights}. */
  get nonTrainableVariables(): Variable[] {
    return this.nonTrainableWeights;
  }

  /**
   * Makes the weights, with {@link Layer.addWeight}. The first `apply` does it by itself. In a layer of
   * your own call `super.build(inputShape)` last if `build` is to be called by hand.
   *
   * @param inputShape - With the batch axis; a list of shapes for a layer of several inputs.
   */
  build(inputShape: LayerShapes): void {
    this.#builtShapes = inputShape;
  }

  /**
   * What the layer does, by operations that have gradients.
   *
   * @param inputs - A tensor (or a variable), or a list of them for a layer of several inputs.
   */
  abstract call(inputs: Operand | readonly Operand[], context: CallContext): Tensor<"float32">;

  /** Shape of the output, with the batch axis. Found by trying where a layer does not say it. */
  computeOutputShape(inputShape: LayerShapes): LayerShape {
    this.ensureBuilt(inputShape);
    return inferredShape(this, inputShape);
  }

  /**
   * Calls the layer, and builds it first if it is not yet.
   *
   * @param inputs - Numbers with the batch axis in any form, a list of those for a layer of several inputs,
   * or symbolic tensors, for a functional model.
   * @throws ValueError when the shape does not fit
   */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor;
  apply(inputs: TensorLike | readonly TensorLike[], options?: ApplyOptions): Tensor<"float32">;
  apply(
    inputs: TensorLike | SymbolicTensor | readonly (TensorLike | SymbolicTensor)[],
    options: ApplyOptions = {},
  ): Tensor<"float32"> | SymbolicTensor {
    checkKnownOptions(this.label, options, ["training"]);
    const { list, isList } = inputList(this.label, inputs, this.inputDtype, this.takesList);
    const shapes = list.map(({ shape }) => shape as LayerShape);
    for (const shape of shapes) if (this.inputSpec !== undefined) checkInput(this.label, this.inputSpec, shape);
    const { training } = options;
    if (list[0] instanceof SymbolicTensor) {
      const shape = isList ? shapes : (shapes[0] as LayerShape);
      this.ensureBuilt(shape);
      const output = this.computeOutputShape(shape);
      return connect(this, list as SymbolicTensor[], [output], { isList, training })[0] as SymbolicTensor;
    }
    if (!this.built) {
      const open = shapes.map((shape) => [null, ...shape.slice(1)]);
      this.ensureBuilt(isList ? open : (open[0] as LayerShape));
    }
    const operands = list as readonly Operand[];
    const output = this.call(isList ? operands : (operands[0] as Operand), { training: training ?? false });
    if (this.#activityRegularizer !== null) this.addLoss(activityLoss(this.#activityRegularizer, output));
    return output;
  }

  /** Whether it takes a list of inputs, even if there is one. @internal */
  get takesList(): boolean {
    return false;
  }

  /** Builds it unless it is built. A failed build leaves no weights behind. @internal */
  ensureBuilt(inputShape: LayerShapes): void {
    if (this.built) return;
    const shapes = isShapeList(inputShape) ? inputShape : [inputShape];
    for (const shape of shapes) if (this.inputSpec !== undefined) checkInput(this.label, this.inputSpec, shape);
    const before = this.#own.length;
    try {
      this.build(inputShape);
      this.#builtShapes = inputShape;
    } catch (error) {
      for (const { variable } of this.#own.splice(before)) variable.dispose();
      this.#builtShapes = undefined;
      throw error;
    }
  }

  /**
   * Makes a weight, for {@link Layer.build}.
   *
   * @returns a variable called `layer/name`
   */
  protected addWeight(options: WeightOptions = {}): Variable {
    const isFixed = options.trainable === false;
    const { variable, penalty } = makeWeight(this.name, options);
    if (!this.#trainable) variable.trainable = false;
    this.#own.push({ variable, penalty, isFixed });
    return variable;
  }

  /** Adds a number, computed from inputs or outputs in this step, to the loss. For use in `call`. */
  protected addLoss(loss: Tensor<"float32">): void {
    // Only a step has a loss; and those of steps that have ended are of no use.
    if (currentArena() === undefined) return;
    this.#activityLosses = [...this.#activityLosses.filter(({ disposed }) => !disposed), loss];
  }

  /**
   * What is added to the loss: the penalties of all weights that are trained, and those on outputs since
   * the last time, each a tensor of one number. For use inside a step.
   */
  regularizationLosses(): Tensor<"float32">[] {
    const losses: Tensor<"float32">[] = [];
    for (const { variable, penalty } of this.#own) {
      if (penalty !== null && variable.trainable) losses.push(penalty(variable));
    }
    losses.push(...this.#activityLosses.filter(({ disposed }) => !disposed));
    this.#activityLosses = [];
    for (const layer of this.sublayers) losses.push(...layer.regularizationLosses());
    return losses;
  }

  /** Copies of {@link Layer.weights}: `{ data, shape, dtype }` each. */
  getWeights(): WeightValue[] {
    return readWeights(this.weights);
  }

  /**
   * Overwrites the weights by what {@link Layer.getWeights} gave.
   *
   * @param weights - Also tensors, variables, typed arrays, nested numbers.
   * @throws ValueError when count or shapes differ; nothing has been written then
   */
  setWeights(weights: readonly WeightInput[]): void {
    const hint = this.built ? "" : "The layer is not built yet: call it, or build(inputShape), first.";
    writeWeights(this.label, this.weights, weights, hint);
  }

  /** Number of values in all weights. @throws ValueError when it is not built */
  countParams(): number {
    if (!this.built) {
      throw new ValueError(
        "ERR_NOT_BUILT",
        `${this.label} has no weights yet: call it, or build(inputShape), before countParams().`,
      );
    }
    return this.weights.reduce((count, { size }) => count + size, 0);
  }

  /** Constructor arguments by Keras's names. */
  getConfig(): Config {
    const config: Config = { name: this.name, trainable: this.#trainable, dtype: FLOAT32 };
    const regularizer = this.#activityRegularizer;
    return regularizer === null ? config : { ...config, activity_regularizer: saved.regularizer(regularizer) };
  }

  /** A layer from what {@link Layer.getConfig}, here or in Python, gave. */
  static fromConfig<T extends Layer>(
    this: {
      new (...args: never[]): T;
      readonly requiredArguments: readonly string[];
      readonly fixedArguments: Config;
    },
    config: Config,
  ): T {
    // biome-ignore lint/complexity/noThisInStatic: the subclass's are meant.
    const { requiredArguments, fixedArguments } = this;
    const options = camelCased(withoutFixed(config, fixedArguments));
    const required = requiredArguments.map((name) => options[name]);
    for (const name of requiredArguments) delete options[name];
    return new this(...([...required, options] as never[]));
  }

  /** Frees the weights. Using the layer afterwards is an error. */
  dispose(): void {
    for (const weight of this.weights) weight.dispose();
  }

  /** For `using`, the same as {@link Layer.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

function withoutFixed(config: Config, fixed: Config): Config {
  const odd = Object.keys(fixed).find((name) => name in config && config[name] !== fixed[name]);
  if (odd !== undefined) {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `${shown(config.name)}: "${odd}" can only be ${shown(fixed[odd])}, got ${shown(config[odd])}.`,
    );
  }
  return Object.fromEntries(Object.entries(config).filter(([name]) => !(name in fixed)));
}

/** Keras's word for computing in float32. */
const FLOAT32 = {
  module: "keras",
  class_name: "DTypePolicy",
  config: { name: "float32" },
  registered_name: null,
} as const;
