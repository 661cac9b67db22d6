/**
 * Model: layers connected as a graph, or a custom class.
 *
 * Over 300 lines: one class, whose methods are fully documented.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import { isCallable, isPlain } from "../brands.js";
import { type Config, savedConfig } from "../class-registry.js";
import { customName } from "../custom-objects.js";
import { INSPECT } from "../display.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { withRawFloats } from "../float-arguments.js";
import { answerForeignNames, asOwn } from "../foreign-names.js";
import { calledIn, INFERENCE } from "../layers/call-context.js";
import { tryOnZeros } from "../layers/inferred-shape.js";
import { checkForward } from "../layers/inputs.js";
import type { CallContext, Layer, SymbolicTensor } from "../layers/layer.js";
import { checkedShapes, isShapeList, type LayerShape, type LayerShapes, shapeList } from "../layers/layer-shape.js";
import { Operation } from "../layers/operation.js";
import { type OutputKeys, resultList, returned } from "../layers/results.js";
import { isBuiltInLayer } from "../layers/serialize.js";
import type { IndexRange } from "../ops/indices.js";
import { checkKnownOptions, checkMethod, checkObject, counted, isList, shown } from "../options.js";
import { checkSavedArguments } from "../saved-arguments.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import { arrangedInputs } from "./arranged-inputs.js";
import { CURES } from "./foreign-names.js";
import { Graph, type GraphEnds, isNamedEnds } from "./graph.js";
import { layerOf } from "./layer-of.js";
import { savedOptimizers } from "./own-optimizers.js";
import { recordsModels } from "./recordable.js";
import type { Port } from "./samples.js";
import { compileConfig, functionalConfig } from "./save.js";
import type { SavedModel } from "./saved-model.js";
import { summaryText } from "./summary.js";
import { TrainableModel } from "./trainable-model.js";

/** Arguments of a functional {@link Model}. */
export interface ModelOptions {
  /** Results of {@link layers.Input}; several as a list, or by name. */
  readonly inputs?: GraphEnds | undefined;
  /** Results of layers' `apply`; several as a list, or by name. */
  readonly outputs?: GraphEnds | undefined;
  /** A name for messages and saved files. Default: null, from the class, made unique. */
  readonly name?: string | null | undefined;
  /** Whether training changes its weights. Default: true. */
  readonly trainable?: boolean | undefined;
}

const NAMES = ["inputs", "outputs", "name", "trainable"] as const satisfies readonly (keyof ModelOptions)[];

/** Whether it is an object of inputs or outputs by name, not of options. */
function isByName(given: unknown): given is Readonly<Record<string, SymbolicTensor>> {
  return isNamedEnds(given) && !NAMES.some((name) => name in given);
}

/**
 * A model of layers connected as a graph. Subclasses without inputs and outputs define `call`; layers in their public
 * fields are tracked.
 *
 * @see [keras.Model](https://keras.io/api/models/model/)
 * @example
 * ```ts
 * import { Input, layers, Model } from "gradstep";
 *
 * const input = Input({ shape: [4] });
 * const hidden = new layers.Dense(8, { activation: "relu" }).apply(input);
 * const both = new layers.Concatenate().apply([hidden, input]);
 * const model = new Model({ inputs: input, outputs: new layers.Dense(1).apply(both) });
 * console.log(model.countParams()); // 53
 * ```
 */
export class Model extends TrainableModel {
  static override readonly className: string = "Functional";
  /** @internal */
  static override readonly builtIn: true = true;
  readonly #graph: Graph | undefined;
  /** The layers of the graph, without operations. */
  #layers: readonly Layer[] | undefined;

  /**
   * Makes a model from symbolic tensors; a subclass that defines `call` passes no inputs and outputs.
   *
   * @param options - {@link ModelOptions}, or {@link ModelOptions.inputs}.
   * @param outputs - {@link ModelOptions.outputs}, or the options.
   * @param name - {@link ModelOptions.name}, or the options.
   * @param trainable - {@link ModelOptions.trainable}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_CONFIG_INVALID`, `ERR_SHAPE`) for a graph that is not connected, and for inputs
   * or outputs that are not symbolic tensors; ValueError (`ERR_BUSY`) for a model that contains itself,
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`) from a layer that this call builds
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an option that is unknown, given twice, out of range or of the wrong type
   */
  constructor(
    options?: ModelOptions | GraphEnds,
    outputs?: ModelOptions["outputs"] | ModelOptions,
    name?: ModelOptions["name"] | ModelOptions,
    trainable?: ModelOptions["trainable"] | ModelOptions,
    others?: ModelOptions,
  );
  constructor(...given: unknown[]) {
    const [first, second] = given;
    // Inputs and outputs by name cannot be mistaken for options.
    const byName: ModelOptions = {
      ...(given.length > 1 && isByName(first) && { inputs: first }),
      ...(isByName(second) && { outputs: second }),
    };
    const placed = given.map((one, i) => ((NAMES[i] ?? "") in byName ? undefined : one));
    const options = { ...placedOptions<ModelOptions>("Model", NAMES, placed), ...byName };
    checkKnownOptions("Model", options, NAMES);
    const { inputs, outputs, name, trainable } = options;
    super({ name, trainable });
    if (inputs === undefined && outputs === undefined) return;
    try {
      const graph = new Graph(this.name, inputs ?? [], outputs ?? []);
      this.#graph = graph;
      const shapes = graph.inputs.map(({ shape }) => shape);
      super.build(shapes.length === 1 ? shapes[0]! : shapes);
    } catch (error) {
      throw this.refused(error);
    }
  }

  /** As in Keras, building a subclass by hand also builds its layers, with a call on zeros. @internal */
  protected override builtByHand(inputShape: LayerShapes): void {
    this.checkSelf();
    const isOwn = this.#graph === undefined && this.uncheckedCall !== Model.prototype.call;
    if (isOwn && this.sublayers.some(({ built }) => !built)) tryOnZeros(this, checkedShapes(this.label, inputShape));
  }

  /** The graph of a functional model. @internal */
  get graph(): Graph | undefined {
    return this.#graph;
  }

  /**
   * The symbolic tensors of its inputs, for models that are a part of this one.
   *
   * @throws ValueError (`ERR_NOT_BUILT`) for a custom model without a graph, and a Sequential that is not built
   */
  get inputs(): readonly SymbolicTensor[] {
    return this.ends("inputs").inputs;
  }

  set inputs(value: unknown) {
    asOwn(this, "inputs", value);
  }

  /**
   * The symbolic tensors of its outputs.
   *
   * @throws ValueError (`ERR_NOT_BUILT`) for a custom model without a graph, and a Sequential that is not built
   */
  get outputs(): readonly SymbolicTensor[] {
    return this.ends("outputs").outputs;
  }

  set outputs(value: unknown) {
    asOwn(this, "outputs", value);
  }

  /** The symbolic tensor of its input; a list for several. @throws ValueError (`ERR_NOT_BUILT`) as `inputs` */
  override get input(): SymbolicTensor | readonly SymbolicTensor[] {
    const { inputs } = this.ends("input");
    return inputs.length === 1 ? inputs[0]! : inputs;
  }

  override set input(value: unknown) {
    asOwn(this, "input", value);
  }

  /** The symbolic tensor of its output; a list for several. @throws ValueError (`ERR_NOT_BUILT`) as `outputs` */
  override get output(): SymbolicTensor | readonly SymbolicTensor[] {
    const { outputs } = this.ends("output");
    return outputs.length === 1 ? outputs[0]! : outputs;
  }

  override set output(value: unknown) {
    asOwn(this, "output", value);
  }

  /** Shape of its input with the batch axis, `null` for unknown lengths; a list for several. `undefined` until it is known. */
  get inputShape(): LayerShapes | undefined {
    this.checkSelf();
    return oneOrAll(this.#graph?.inputs.map(({ shape }) => shape));
  }

  set inputShape(value: unknown) {
    asOwn(this, "inputShape", value);
  }

  /** Shape of its output with the batch axis, `null` for unknown lengths; a list for several. `undefined` until it is known. */
  get outputShape(): LayerShapes | undefined {
    this.checkSelf();
    return oneOrAll(this.#graph?.outputs.map(({ shape }) => shape));
  }

  set outputShape(value: unknown) {
    asOwn(this, "outputShape", value);
  }

  /** Names of the inputs, for data by name. */
  get inputNames(): readonly string[] {
    this.checkSelf();
    return this.inputPorts.map(({ name }) => name);
  }

  set inputNames(value: unknown) {
    asOwn(this, "inputNames", value);
  }

  /** Both ends of the graph. @throws ValueError without one @internal */
  protected ends(name: string): { inputs: readonly SymbolicTensor[]; outputs: readonly SymbolicTensor[] } {
    this.checkSelf();
    if (this.#graph !== undefined) return this.#graph;
    throw new ValueError(
      "ERR_NOT_BUILT",
      `${this.name} has no "${name}": a custom model has no graph, and a Sequential has one when it is built.`,
    );
  }

  /** The layers, in Keras's order. */
  get layers(): readonly Layer[] {
    this.checkSelf();
    const graph = this.#graph;
    if (graph === undefined) return super.sublayers;
    this.#layers ??= graph.layers.filter((layer) => !(layer instanceof Operation));
    return this.#layers;
  }

  /**
   * Finds a layer by its name, or by its position in {@link Model.layers}: `getLayer(null, 0)`.
   *
   * @param name - The layer's name; `null` to use `index`.
   * @param index - Position, from 0.
   * @returns The layer.
   * @throws ValueError, TypeError (`ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) when there is no such layer, or both or
   * neither are given
   */
  getLayer(name: string | null | undefined, index?: number): Layer {
    checkMethod(this, "getLayer", arguments.length, 2);
    this.checkSelf();
    return layerOf(this, name ?? undefined, index);
  }

  /** @internal */
  override get inputPorts(): readonly Port[] {
    if (this.#graph === undefined) {
      const { builtShape } = this;
      const rank = builtShape === undefined || isShapeList(builtShape) ? undefined : builtShape.length - 1;
      return [{ name: "input", rowShape: this.batchInputShape?.slice(1), rank }];
    }
    const { inputs, inputNames } = this.#graph;
    return inputs.map(({ name, shape }, i) => ({ name: inputNames?.[i] ?? name, rowShape: shape.slice(1) }));
  }

  /** @internal */
  get takesNames(): boolean {
    this.checkSelf();
    return this.#graph === undefined && (this.compiled?.steps.areLabelsFree ?? false);
  }

  override get outputNames(): readonly string[] {
    this.checkSelf();
    return this.#graph?.outputNames ?? this.#graph?.outputs.map(({ layer }) => layer.name) ?? [this.name];
  }

  /** Shapes of the outputs for inputs of these shapes, if they are known before the first batch. @internal */
  outputShapesFor(_inputShapes: readonly LayerShape[]): readonly (LayerShape | undefined)[] {
    return this.#graph?.outputs.map(({ shape }) => shape) ?? [undefined];
  }

  /** Whether {@link outputShapesFor} checks inputs wholly: custom layers only check theirs when they are called. @internal */
  checksAll(_inputShapes: readonly LayerShape[]): boolean {
    return this.#graph !== undefined;
  }

  /** @internal */
  override inputRanges(input: number): readonly IndexRange[] {
    const graph = this.#graph;
    const start = graph?.inputs[input];
    if (graph === undefined || start === undefined) return [];
    // Through layers that only move numbers, if there are any.
    const same = new Set([start]);
    return graph.steps.flatMap((step) => {
      const places = step.inputs.flatMap((tensor, place) => (same.has(tensor) ? [place] : []));
      if (places.length > 0 && step.layer.keepsNumbers) same.add(step);
      return places.flatMap((place) => step.layer.inputRanges(place));
    });
  }

  /** The output layers; `undefined` if unknown. @internal */
  override get outputLayers(): readonly (Layer | undefined)[] {
    return this.#graph?.outputs.map(({ layer }) => layer) ?? [undefined];
  }

  /** The layers, whose weights are the model's. @internal */
  override get sublayers(): readonly Layer[] {
    return this.layers;
  }

  /** @internal */
  override get takesList(): boolean {
    return (this.#graph?.inputs.length ?? 1) > 1;
  }

  /**
   * Computes outputs for inputs; custom subclasses define it.
   *
   * @param inputs - A tensor with the batch axis, or a list of them for several inputs.
   * @param context - {@link CallContext}: whether it is a training step.
   * @returns A tensor with the batch axis and the shape of the output; a list for several outputs, an object for
   * outputs by name.
   * @throws ValueError, TypeError (`ERR_NOT_IMPLEMENTED`) for a subclass that does not define it, (`ERR_SHAPE`) for a
   * wrong number of inputs; and errors of its layers
   */
  override call(inputs: Operand | readonly Operand[], context: CallContext = INFERENCE): Operand | readonly Operand[] {
    if (this.#graph === undefined) {
      throw new ArgumentTypeError(
        "ERR_NOT_IMPLEMENTED",
        `${this.name}: a model without inputs and outputs must override call(inputs, { training }).`,
      );
    }
    const list = isList(inputs) ? (inputs as readonly Operand[]) : [inputs as Operand];
    this.#checkCount(this.#graph, list);
    const outputs = this.#graph.run(list, context.training);
    return returned(outputs, outputs.length > 1, this.outputKeys) as Tensor<"float32">;
  }

  /** @internal */
  override forward(inputs: readonly Operand[], training: boolean): readonly Tensor<"float32">[] {
    checkForward(this.name, inputs);
    const graph = this.#graph;
    if (graph !== undefined) {
      return refusable(() => calledIn(this, training, () => graph.run(inputs, training)));
    }
    const outputs: unknown = this.apply((inputs.length === 1 ? inputs[0] : inputs) as Operand, { training });
    return resultList(outputs, this.outputKeys) as readonly Tensor<"float32">[];
  }

  /** Output shape of a layer's first call, if known; for several outputs a list of them. @internal */
  shapeBehind(layer: Layer): LayerShapes | undefined {
    const tensors = [...(this.#graph?.inputs ?? []), ...(this.#graph?.steps ?? [])];
    return oneOrAll(tensors.find((tensor) => tensor.layer === layer)?.node.outputs.map(({ shape }) => shape));
  }

  /**
   * Prints a table of the layers, their output shapes and weights.
   *
   * @param printLine - Receives the text. Default: `console.log`.
   * @returns The table as text.
   * @throws TypeError (`ERR_OPTION_TYPE`) for anything but a function; ValueError (`ERR_NOT_BUILT`) before the model is
   * built
   */
  summary(printLine: (text: string) => void = console.log): string {
    checkMethod(this, "summary", arguments.length, 1);
    this.checkSelf();
    if (!isCallable(printLine)) {
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${this.name}: summary takes a function that gets the text, got ${shown(printLine)}.`,
      );
    }
    const table = summaryText(this);
    printLine(table);
    return table;
  }

  /** @internal */
  override [INSPECT](): string {
    this.checkSelf();
    return summaryText(this);
  }

  static override fromConfig<T extends Layer>(
    this: { new (...args: never[]): T; readonly requiredArguments: readonly string[] },
    config: Config,
  ): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 1);
    const list: unknown = isPlain(config) ? (config as Config).layers : undefined;
    if (isList(list) && list.some((layer) => isPlain(layer) && "class_name" in layer)) {
      // biome-ignore lint/complexity/noThisInStatic: the subclass's is meant.
      const name = customName(this);
      throw new ValueError(
        "ERR_CONFIG_INVALID",
        `${name}.fromConfig does not create the layers of a config. Call modelFromJSON({ class_name: "${name}", config }).`,
      );
    }
    // biome-ignore lint/complexity/noThisInStatic: the subclass's are meant.
    return super.fromConfig.call(this, config) as T;
  }

  override getConfig(): Record<string, unknown> {
    checkObject(this, "getConfig");
    this.checkSelf();
    if (this.#graph !== undefined) return functionalConfig(this, this.#graph);
    throw new ValueError(
      "ERR_NOT_IMPLEMENTED",
      `${this.name}: a custom model has no config. Override getConfig(), or save its weights with getWeights().`,
    );
  }

  /**
   * Describes the model as Keras's JSON. To get text for Python's `model_from_json`, use `stringify(model)`;
   * `JSON.stringify(model)` returns the same if the engine has `JSON.rawJSON`, and otherwise writes floats such as 1.0
   * as integers.
   *
   * @param key - `JSON.stringify` passes it.
   * @returns An object that {@link modelFromJSON} and Python's Keras read.
   * @throws ValueError, TypeError (`ERR_CONFIG_INVALID`, `ERR_NOT_IMPLEMENTED`) for values that cannot be saved, such
   * as a function without a name, or a custom model without `getConfig`
   */
  override toJSON(key?: string): SavedModel {
    checkObject(this, "toJSON");
    this.checkSelf();
    const optimizers = savedOptimizers(this);
    const hasStats = this.compileOptions?.stats === true;
    const saved = { ...this.saved(), ...(optimizers && { optimizers }), ...(hasStats && { stats: true }) };
    return key === undefined ? saved : withRawFloats(saved);
  }

  /** @internal */
  protected saved(): SavedModel {
    return {
      ...this.savedClass("keras.src.models.functional", "Functional", "Functional"),
      build_config: { input_shape: this.#graph === undefined ? (this.builtShape ?? null) : null },
      compile_config: compileConfig(this),
    };
  }

  /** Class and config; the class of a subclass, if it computes or trains differently. @internal */
  protected savedClass(
    module: string,
    builtIn: string,
    registered: string | null,
  ): Pick<SavedModel, "module" | "class_name" | "config" | "registered_name"> {
    const config = savedConfig(this);
    if (!isOfItself(this)) return { module, class_name: builtIn, config, registered_name: registered };
    checkSavedArguments(this, { ...config, inputs: null, outputs: null }, isBuiltInLayer);
    const name = customName(this.constructor);
    return { module: null, class_name: name, config, registered_name: name };
  }

  override computeOutputShape(inputShape: LayerShapes): LayerShape {
    const graph = this.#graph;
    if (graph === undefined) return super.computeOutputShape(inputShape);
    const given = shapeList(inputShape);
    this.#checkCount(graph, given);
    const shapes = graph.shapesFor(this.label, given);
    return (shapes.length === 1 ? shapes[0] : shapes) as LayerShape;
  }

  /** @internal */
  override get outputKeys(): OutputKeys {
    return this.#graph === undefined ? super.outputKeys : this.#graph.outputNames;
  }

  /** Inputs by name, and one in a list, as Keras takes them too. @internal */
  protected override arranged(inputs: unknown): unknown {
    return this.#graph === undefined ? inputs : arrangedInputs(this.label, this.inputPorts, inputs);
  }

  #checkCount({ inputs }: Graph, given: readonly unknown[]): void {
    if (given.length === inputs.length) return;
    throw new ValueError(
      "ERR_SHAPE",
      `${this.name}: expected ${counted(inputs.length, "input")}, got ${given.length}.`,
    );
  }
}

/** The shape of one, or the list of several. */
function oneOrAll(shapes: readonly LayerShape[] | undefined): LayerShapes | undefined {
  return shapes?.length === 1 ? shapes[0] : shapes;
}

recordsModels(Model);
answerForeignNames(Model.prototype, CURES);

/** Whether a class overrides what the model computes, or how it is trained or saved. */
function isOfItself(model: Model): boolean {
  if (model.overridden.length > 0) return true;
  const names = ["call", "compile", "getConfig"] as const;
  for (let at = Object.getPrototypeOf(model) as object; ; at = Object.getPrototypeOf(at) as object) {
    if (Object.hasOwn(at.constructor, "builtIn") && at.constructor.prototype === at) return false;
    if (names.some((name) => Object.hasOwn(at, name))) return true;
  }
}
