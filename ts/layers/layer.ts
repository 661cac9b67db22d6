/**
 * The base of all layers: weights, building, calling, configs.
 *
 * Long, because it is the one class whose methods people look up; what it does them with is in the files
 * beside it.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isA } from "../brands.js";
import type { Config } from "../class-registry.js";
import { customName } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { withKeysOf } from "../keras-names.js";
import { giveNameBack, snakeCase, uniqueName } from "../names.js";
import type { IndexRange } from "../ops/indices.js";
import type { TensorLike } from "../ops/operand.js";
import { boolean, checkCount, checkKnownOptions, oneOrMore, ownNames, texts } from "../options.js";
import type { Regularizer, RegularizerFunction } from "../regularizers/index.js";
import { get as regularizerOf } from "../regularizers/registry.js";
import { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import type { DType } from "../values.js";
import { type ApplyOptions, type CallContext, calledWith } from "./call-context.js";
import { argumentsOf, FLOAT32 } from "./config.js";
import { checkOutput, inferredShape } from "./inferred-shape.js";
import { checkInputs, type InputSpec } from "./input-spec.js";
import { inputList } from "./inputs.js";
import { checkedOutputShape, checkedShapes, isShapeList, type LayerShape, type LayerShapes } from "./layer-shape.js";
import { LayerWeights } from "./layer-weights.js";
import { checkedLayerOptions, LAYER_OPTION_NAMES, type LayerOptions } from "./options.js";
import { saved } from "./saved.js";
import { connect, type LayerNode, SymbolicTensor } from "./symbolic.js";
import { activityLoss } from "./weight-options.js";

export type { ApplyOptions, CallContext } from "./call-context.js";

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
export abstract class Layer extends LayerWeights {
  /** The name under which the class is saved. Minifiers change JavaScript's own; the built-in ones have Keras's. */
  static readonly className?: string;
  /** Own property of Keras's classes: a custom class may have the name of one, or extend one. @internal */
  static readonly builtIn?: true;
  /** Options, in camelCase, that the constructor takes by position, in their order: what `fromConfig` goes by. */
  static readonly requiredArguments: readonly string[] = [];

  /** Arguments of Keras's that can only have these values, by Keras's names: configs have them, options don't. */
  static readonly fixedArguments: Config = {};

  /** Name for messages and saved files. */
  override readonly name: string;
  /** Shape of its input with the batch axis, if `inputShape` was given. */
  readonly batchInputShape: LayerShape | undefined;
  /** Element type of its inputs. Others are converted. */
  readonly inputDtype: DType = "float32";
  /** Its uses in functional models. @internal */
  readonly inboundNodes: LayerNode[] = [];
  /** What it expects of each input. */
  protected inputSpec: InputSpec | undefined;
  readonly #activityRegularizer: Regularizer | RegularizerFunction | null;
  #builtShapes: LayerShapes | undefined;
  /** Of its build: `"begun"` until `build` itself runs. */
  #phase: "begun" | "building" | undefined;
  /** Of its name, where it was given none. */
  readonly #stem: string | undefined;

  /**
   * A function with weights.
   *
   * @param own - Names of the subclass's own options, where `options` holds them too.
   * @throws ValueError, TypeError for options that are not known, or out of range
   */
  constructor(options: LayerOptions = {}, own: readonly string[] = []) {
    checkCount("Layer", arguments.length, 2);
    texts("Layer", "own", own);
    const className = customName(new.target);
    checkKnownOptions(className, options, [...ownNames(className, own), ...LAYER_OPTION_NAMES]);
    const { name, trainable, batchInputShape } = checkedLayerOptions(className, options);
    super(trainable);
    this.#activityRegularizer = regularizerOf(options.activityRegularizer);
    this.batchInputShape = batchInputShape;
    this.#stem = name === undefined ? snakeCase(className) : undefined;
    this.name = name ?? uniqueName(this.#stem as string);
    this.#checkCallsByHand();
  }

  /** For a constructor that is refused behind `super`: gives back the name that this took. @returns the error @internal */
  protected refused(error: unknown): unknown {
    if (this.#stem !== undefined) giveNameBack(this.#stem, this.name);
    return error;
  }

  /**
   * `build` and `computeOutputShape`, of subclasses too, get checked shapes where they are called by hand; and `build`
   * makes weights once. Keras wraps `build` in the same way.
   */
  #checkCallsByHand(): void {
    const { build, computeOutputShape } = this;
    const checked = {
      build: (inputShape: LayerShapes): void => {
        if (this.#phase === "begun") {
          this.#phase = "building";
          build.call(this, inputShape);
        } else this.#buildByHand(checkedShapes(this.label, inputShape));
      },
      computeOutputShape: (inputShape: LayerShapes): LayerShape => {
        const takesNone = computeOutputShape.length === 0;
        const shapes = takesNone ? inputShape : checkedShapes(this.label, inputShape);
        return checkedOutputShape(this.label, computeOutputShape.call(this, shapes));
      },
    };
    for (const [name, value] of Object.entries(checked)) {
      Object.defineProperty(this, name, { value, configurable: true, writable: true });
    }
  }

  /** Class name, as Keras has it. */
  get className(): string {
    return customName(this.constructor);
  }

  /** Class and name, for messages: `Dense "dense"`. */
  protected override get label(): string {
    return `${this.className} "${this.name}"`;
  }

  /** Layers that belong to it: those in public fields, alone or in arrays. */
  override get sublayers(): readonly Layer[] {
    return super.sublayers as readonly Layer[];
  }

  /** Whether {@link Layer.build} was done. */
  override get built(): boolean {
    return this.#builtShapes !== undefined;
  }

  /** The shape, or shapes, that it was built for. */
  get builtShape(): LayerShapes | undefined {
    return this.#builtShapes;
  }

  /**
   * Makes the weights, with {@link Layer.addWeight}. The first `apply` does it by itself. In a layer of
   * your own call `super.build(inputShape)` last. A layer that is built stays as it is.
   *
   * @param inputShape - With the batch axis; a list of shapes for a layer of several inputs.
   */
  build(inputShape: LayerShapes): void {
    checkCount("build", arguments.length, 1);
    this.beforeBuild();
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
    return refusable(() => {
      this.ensureBuilt(inputShape);
      return inferredShape(this, inputShape);
    });
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
    checkCount("apply", arguments.length, 2);
    return refusable(() => this.#applied(inputs, options));
  }

  #applied(
    inputs: TensorLike | SymbolicTensor | readonly (TensorLike | SymbolicTensor)[],
    options: ApplyOptions,
  ): Tensor<"float32"> | SymbolicTensor {
    checkKnownOptions(this.label, options, ["training"]);
    const { list, isList } = inputList(this.label, inputs, this.inputDtype, this.takesList);
    const shapes = list.map(({ shape }) => shape as LayerShape);
    checkInputs(this.label, this.inputSpec, shapes);
    const training = options.training ?? undefined;
    if (training !== undefined) boolean(this.label, "training", training);
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
    const input = isList ? operands : (operands[0] as Operand);
    if (typeof this.call !== "function") {
      throw new ValueError("ERR_NOT_IMPLEMENTED", `${this.label}: a layer must override call(inputs, { training }).`);
    }
    const output = calledWith(this, input, training);
    // Models may give several.
    if (!isA(output, Tensor)) for (const each of oneOrMore(output)) checkOutput(this, each);
    if (this.#activityRegularizer !== null) this.addLoss(activityLoss(this.#activityRegularizer, output));
    return output;
  }

  /**
   * The numbers that the layer takes, where they are indices. `fit` checks whole arrays by it before its first step.
   * Default: `undefined`, any numbers.
   */
  get inputRange(): IndexRange | undefined {
    return undefined;
  }

  /** The ranges that numbers of one of its inputs have to be in. @internal */
  inputRanges(_input: number): readonly IndexRange[] {
    return this.inputRange === undefined ? [] : [this.inputRange];
  }

  /** Whether its outputs are the numbers of its input, in other places: what comes behind it takes the same numbers then. */
  get keepsNumbers(): boolean {
    return false;
  }

  /** Whether it takes a list of inputs, even if there is one. @internal */
  get takesList(): boolean {
    return false;
  }

  /** Builds it unless it is built. A failed build leaves no weights behind, and has drawn nothing. @internal */
  ensureBuilt(inputShape: LayerShapes): void {
    if (this.built) return;
    checkInputs(this.label, this.inputSpec, isShapeList(inputShape) ? inputShape : [inputShape]);
    this.#makeBuilt(inputShape);
  }

  /** A layer that is built stays as it is, if the shape fits. */
  #buildByHand(inputShape: LayerShapes): void {
    if (!this.built) this.#makeBuilt(inputShape);
    else checkInputs(this.label, this.inputSpec, isShapeList(inputShape) ? inputShape : [inputShape]);
  }

  #makeBuilt(inputShape: LayerShapes): void {
    if (this.#phase !== undefined) {
      throw new ValueError("ERR_BUSY", `${this.label} is being built: it cannot be used before its build has ended.`);
    }
    this.#phase = "begun";
    try {
      refusable(() => {
        this.beforeBuild();
        this.build(inputShape);
        this.#builtShapes = inputShape;
      });
    } finally {
      this.#phase = undefined;
    }
  }

  /** @internal */
  protected override buildUndo(): () => void {
    const undoWeights = super.buildUndo();
    const { inputSpec } = this;
    const shapes = this.#builtShapes;
    return () => {
      undoWeights();
      this.inputSpec = inputSpec;
      this.#builtShapes = shapes;
    };
  }

  /** Constructor arguments by Keras's names. */
  getConfig(): Config {
    const config: Config = { name: this.name, trainable: this.trainable, dtype: FLOAT32 };
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
    checkCount("fromConfig", arguments.length, 1);
    // biome-ignore lint/complexity/noThisInStatic: the subclass's are meant.
    const { requiredArguments, fixedArguments } = this;
    const args = argumentsOf(config, requiredArguments, fixedArguments);
    return withKeysOf(config, () => new this(...(args as never[])));
  }
}
