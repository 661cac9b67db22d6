/**
 * Sequential: a stack of layers.
 *
 * Over 300 lines: one class, whose methods are fully documented.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isA } from "../brands.js";
import { Busy } from "../busy.js";
import { ValueError } from "../errors.js";
import { refuseAssignments } from "../getters.js";
import { calledIn, INFERENCE } from "../layers/call-context.js";
import { inStack } from "../layers/connections.js";
import { InputLayer } from "../layers/input-layer.js";
import { checkForward } from "../layers/inputs.js";
import { type CallContext, Layer, SymbolicTensor } from "../layers/layer.js";
import { isShapeList, type LayerShape, type LayerShapes } from "../layers/layer-shape.js";
import { namesOf, type OutputKeys, resultList } from "../layers/results.js";
import type { IndexRange } from "../ops/indices.js";
import { checkKnownOptions, checkMethod, checkObject, isList } from "../options.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import { arrangedInputs } from "./arranged-inputs.js";
import { refuseUnderWay } from "./busy.js";
import { fittingInput, withDeclaredAxes, withLastAxis } from "./last-axis.js";
import { layerList, refuseLayer } from "./layer-arguments.js";
import { Model } from "./model.js";
import { recordsModels } from "./recordable.js";
import type { Port } from "./samples.js";
import { compileConfig, sequentialConfig } from "./save.js";
import type { SavedModel } from "./saved-model.js";

/** Options of a {@link Sequential}. */
export interface SequentialOptions {
  /** A name for messages and saved files. Default: null, from the class, made unique. */
  readonly name?: string | null | undefined;
  /** Whether training changes its weights. Default: true. */
  readonly trainable?: boolean | undefined;
}

/**
 * A stack of layers. With an `Input`, or an `inputShape` in the first layer, it is built immediately, otherwise by the
 * first data.
 *
 * @see [keras.Sequential](https://keras.io/api/models/sequential/)
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 *
 * const model = new Sequential([
 *   new layers.Dense(64, { activation: "relu", inputShape: [10] }),
 *   new layers.Dense(3, { activation: "softmax" }),
 * ]);
 * model.compile({ optimizer: "adam", loss: "categorical_crossentropy", metrics: ["accuracy"] });
 * console.log(model.countParams()); // 899
 * ```
 */
export class Sequential extends Model {
  static override readonly className: string = "Sequential";
  /** @internal */
  static override readonly builtIn: true = true;
  readonly #layers: Layer[] = [];
  /** Whether a layer is being added: its build cannot change the list. */
  readonly #busy = new Busy();
  /** The symbolic outputs of the layers, as far as they were needed. */
  readonly #tensors: SymbolicTensor[] = [];
  #input: InputLayer | undefined;
  /** Whether the input was declared instead of inferred from data. */
  #isDeclared = false;
  /** Output shape of the last built layer. */
  #end: LayerShape | undefined;

  /**
   * Creates a stack of layers.
   *
   * @param layers - The layers in their order; the first may be `Input({ shape })`. Default: none.
   * @param options - {@link SequentialOptions}.
   * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_RANGE`, `ERR_OTHER_COPY`) for layers
   * that do not fit together, and for anything but layers; (`ERR_CONFIG_INVALID`, `ERR_CONFIG_UNKNOWN_CLASS`,
   * `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`) for weights that cannot be created
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`) for an option that is unknown, or a
   * name that is taken; ValueError (`ERR_BUSY`) when a model contains itself
   */
  constructor(layers: readonly (Layer | SymbolicTensor)[] | null = [], options: SequentialOptions = {}) {
    const all = layerList(layers ?? [], options, arguments.length);
    checkKnownOptions("Sequential", options, ["name", "trainable"]);
    super(options);
    try {
      refusable(() => {
        for (const layer of all) this.add(layer);
      });
    } catch (error) {
      throw this.refused(error);
    }
  }

  /**
   * Appends a layer.
   *
   * @param layer - A layer; the first may be `Input({ shape })`.
   * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`) when it
   * does not fit, its name is taken, or it is not a layer; ValueError (`ERR_BUSY`) during a call of the model
   */
  add(layer: Layer | SymbolicTensor): void {
    checkMethod(this, "add", arguments.length, 1);
    this.checkSelf();
    refuseUnderWay(this, "add");
    this.#busy.during(this.name, () => this.#add(layer));
  }

  #add(layer: Layer | SymbolicTensor): void {
    // Only an input: a called layer would lose its inputs.
    const given = isA(layer, SymbolicTensor) && layer.layer instanceof InputLayer ? layer.layer : layer;
    if (!isA(given, Layer)) refuseLayer(this.name, layer);
    given.checkSelf();
    if (holds(given, this)) {
      throw new ValueError("ERR_OPTION_CONFLICT", `${this.name}: a model cannot be a layer of itself.`);
    }
    if (given instanceof InputLayer) {
      if (this.#layers.length > 0) this.#refuseInput();
      this.#begin(given, true);
      return;
    }
    if (this.#layers.some(({ name }) => name === given.name)) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${this.name}: there is a layer called "${given.name}" already. Names must differ in a model.`,
      );
    }
    refusable(() => {
      if (this.#layers.length === 0 && this.#input === undefined && given.batchInputShape !== undefined) {
        this.#begin(new InputLayer({ batchShape: given.batchInputShape, dtype: given.inputDtype }), true);
      }
      // Before it is kept: a layer that does not fit is refused, and the model does not change.
      if (this.#end !== undefined) this.#end = built(given, this.#end);
    });
    this.#layers.push(given);
    inStack(given, () => this.#connect());
  }

  /** Inputs and outputs of its graph, which is created lazily. @internal */
  protected override ends(name: string): { inputs: readonly SymbolicTensor[]; outputs: readonly SymbolicTensor[] } {
    this.checkSelf();
    this.#connect();
    if (this.#input === undefined) return super.ends(name);
    return { inputs: [this.#input.output], outputs: [this.#tensors.at(-1) ?? this.#input.output] };
  }

  /** Calls the remaining layers with symbolic tensors. */
  #connect(): void {
    if (this.#input === undefined) return;
    const tensors = this.#tensors;
    for (const layer of this.#layers.slice(tensors.length)) {
      tensors.push(onlyOne(layer, layer.apply(tensors.at(-1) ?? this.#input.output)) as SymbolicTensor);
    }
  }

  /**
   * Removes the last layer.
   *
   * @returns That layer.
   * @throws ValueError (`ERR_OPTION_RANGE`) when there is none; (`ERR_BUSY`) during a call of the model; (`ERR_SHAPE`)
   * for a custom layer's shape that is malformed
   */
  pop(): Layer {
    checkMethod(this, "pop", arguments.length, 0);
    this.checkSelf();
    refuseUnderWay(this, "pop");
    this.#busy.refuse(this.name);
    const last = this.#layers.pop();
    this.#tensors.length = Math.min(this.#tensors.length, this.#layers.length);
    if (last === undefined)
      throw new ValueError("ERR_SHAPE", `${this.name}: there is no layer to remove. Call add(layer) first.`);
    if (this.inputShape !== undefined) this.#end = this.#shapeBehind(this.inputShape);
    return last;
  }

  override get layers(): readonly Layer[] {
    this.checkSelf();
    return this.#layers;
  }

  /** Shape of the input with the batch axis, `null` for unknown lengths; `undefined` until it is known. */
  override get inputShape(): LayerShape | undefined {
    this.checkSelf();
    return this.#input?.batchInputShape;
  }

  /** Shape of the output with the batch axis, `null` for unknown lengths; `undefined` until it is known. */
  override get outputShape(): LayerShape | undefined {
    this.checkSelf();
    return this.#end;
  }

  /** @internal */
  override get inputPorts(): readonly Port[] {
    const rowShape = this.#isDeclared ? this.inputShape?.slice(1) : undefined;
    const rank = this.inputShape === undefined ? undefined : this.inputShape.length - 1;
    return [{ name: this.#input?.name ?? `${this.name}_input`, rowShape, rank }];
  }

  /** @internal */
  protected override arranged(inputs: unknown): unknown {
    return arrangedInputs(this.label, this.inputPorts, inputs);
  }

  /** @internal */
  override get takesNames(): boolean {
    return false;
  }

  /** @internal */
  override outputShapesFor([inputShape]: readonly LayerShape[]): readonly (LayerShape | undefined)[] {
    if (inputShape === undefined) return [this.#end];
    if (this.#end !== undefined) return [this.#fitting(inputShape) ?? this.#end];
    return [this.#layers.every(knowsShape) ? foreseen(this.#layers, inputShape) : undefined];
  }

  /** @internal */
  override checksAll([inputShape]: readonly LayerShape[]): boolean {
    return inputShape === undefined || this.#fitting(inputShape) !== undefined;
  }

  /**
   * The output shape of the built layers for new inputs; undefined after a layer that would have to be run.
   *
   * @throws ValueError (`ERR_SHAPE`) for inputs that do not fit one of them
   */
  #fitting(inputShape: LayerShape): LayerShape | undefined {
    let shape: LayerShape | undefined = inputShape;
    for (const layer of this.#layers) {
      // A built layer only checks the shape.
      layer.build(shape);
      if (layer instanceof Sequential) shape = layer.#fitting(shape);
      else if (isForeseeing(layer)) shape = layer.computeOutputShape(shape);
      else return undefined;
      if (shape === undefined) return undefined;
    }
    return shape;
  }

  /** @internal */
  override inputRanges(_input: number): readonly IndexRange[] {
    // Including those after layers that only move numbers.
    const last = this.#layers.findIndex((layer) => !layer.keepsNumbers);
    const layers = last < 0 ? this.#layers : this.#layers.slice(0, last + 1);
    return layers.flatMap((layer) => layer.inputRanges(0));
  }

  override get outputNames(): readonly string[] {
    this.checkSelf();
    return this.outputKeys ?? [this.#layers.at(-1)?.name ?? this.name];
  }

  /** Those of the last layer. @internal */
  override get outputKeys(): OutputKeys {
    return this.#layers.at(-1)?.outputKeys;
  }

  /** @internal */
  override get outputLayers(): readonly (Layer | undefined)[] {
    return [[...this.#layers].reverse().find((layer) => !layer.keepsNumbers)];
  }

  /** Builds all layers for inputs of this shape. */
  override build(inputShape: LayerShapes): void {
    checkMethod(this, "build", arguments.length, 1);
    if (this.#input !== undefined) return;
    this.#busy.during(this.name, () =>
      refusable(() => {
        const dtype = this.#layers[0]?.inputDtype;
        this.#begin(new InputLayer({ batchShape: inputShape as LayerShape, dtype }), false);
      }),
    );
  }

  override call(inputs: Operand | readonly Operand[], context: CallContext = INFERENCE): Tensor<"float32"> {
    if (this.#layers.length === 0) {
      throw new ValueError("ERR_NOT_BUILT", `${this.name} has no layers yet: call add(layer) first.`);
    }
    const shape = this.inputShape;
    let value = inputs as Operand;
    if (shape !== undefined && !isList(inputs)) value = withDeclaredAxes(value, shape);
    // A copy: code inside a layer may add others.
    let made: unknown;
    for (const layer of [...this.#layers]) {
      made = layer.apply(value, context);
      value = onlyOne(layer, made) as Operand;
    }
    return made as Tensor<"float32">;
  }

  /** @internal */
  override forward(inputs: readonly Operand[], training: boolean): readonly Tensor<"float32">[] {
    checkForward(this.name, inputs);
    const [input] = inputs as [Operand];
    return refusable(() => {
      if (!this.built) this.ensureBuilt([null, ...input.shape.slice(1)]);
      const made: unknown = calledIn(this, training, (context) => this.uncheckedCall(input, context));
      return resultList(made, this.outputKeys) as readonly Tensor<"float32">[];
    });
  }

  override computeOutputShape(inputShape: LayerShapes): LayerShape {
    const given = inputShape as LayerShape;
    const declared = this.#input?.output;
    // As in Keras, the layers decide on inputs of another rank.
    const isOfRank = declared !== undefined && withLastAxis(given, declared.shape) !== undefined;
    const first = isOfRank ? fittingInput(this.label, given, declared) : given;
    return this.#layers.reduce<LayerShape>((shape, layer) => layer.computeOutputShape(shape), first);
  }

  /** @internal */
  override shapeBehind(layer: Layer): LayerShape | undefined {
    let shape = this.inputShape;
    if (shape === undefined) return undefined;
    for (const own of this.#layers) {
      shape = own.computeOutputShape(shape);
      if (own === layer) return shape;
    }
    return undefined;
  }

  /** Its `Input`, if it has one. @internal */
  get inputLayer(): InputLayer | undefined {
    this.checkSelf();
    return this.#input;
  }

  override getConfig(): Record<string, unknown> {
    checkObject(this, "getConfig");
    this.checkSelf();
    return sequentialConfig(
      this,
      [...(this.#input === undefined ? [] : [this.#input]), ...this.#layers],
      this.inputShape,
    );
  }

  /** @internal */
  protected override saved(): SavedModel {
    const shape = this.inputShape;
    return {
      ...this.savedClass("keras", "Sequential", null),
      ...(shape === undefined ? {} : { build_config: { input_shape: shape } }),
      compile_config: compileConfig(this),
    };
  }

  #begin(input: InputLayer, isDeclared: boolean): void {
    if (this.#input !== undefined) this.#refuseInput();
    const shape = input.batchInputShape;
    this.beforeBuild();
    this.#end = this.#shapeBehind(shape);
    this.#input = input;
    this.#isDeclared = isDeclared;
    super.build(shape);
  }

  /** @internal */
  protected override buildUndo(): () => void {
    const undoLayer = super.buildUndo();
    const input = this.#input;
    const isDeclared = this.#isDeclared;
    const end = this.#end;
    return () => {
      undoLayer();
      this.#input = input;
      this.#isDeclared = isDeclared;
      this.#end = end;
    };
  }

  #refuseInput(): never {
    throw new ValueError("ERR_SHAPE", `${this.name}: an Input must be the first layer, and there can be only one.`);
  }

  #shapeBehind(inputShape: LayerShape): LayerShape {
    return this.#layers.reduce(
      (shape, layer) => (layer.built ? layer.computeOutputShape(shape) : built(layer, shape)),
      inputShape,
    );
  }
}

recordsModels(Sequential);
refuseAssignments(Sequential.prototype);

/** Whether `model` is the layer, or nested in it at any depth. */
function holds(layer: Layer, model: Layer): boolean {
  return layer === model || layer.sublayers.some((inner) => holds(inner, model));
}

/** Builds a layer. @returns its output shape */
function built(layer: Layer, inputShape: LayerShape): LayerShape {
  return refusable(() => {
    layer.ensureBuilt(inputShape);
    const shape: LayerShapes = layer.computeOutputShape(inputShape);
    if (!isShapeList(shape)) return shape;
    throw new ValueError(
      "ERR_SHAPE",
      `A Sequential passes one tensor from layer to layer, and "${layer.name}" has ${shape.length} outputs. Use new Model({ inputs, outputs }).`,
    );
  });
}

/** The result of a layer, without a name if it is one by name. */
function onlyOne({ outputKeys }: Layer, made: unknown): unknown {
  return namesOf(made, outputKeys)?.length === 1 ? resultList(made, outputKeys)[0] : made;
}

/** Whether a layer knows its output's shape without being built. */
function knowsShape(layer: Layer): boolean {
  return layer.built || isForeseeing(layer);
}

/** Whether a layer defines its output shape. */
function isForeseeing(layer: Layer): boolean {
  return (
    !(layer instanceof Model) && Object.getPrototypeOf(layer).computeOutputShape !== Layer.prototype.computeOutputShape
  );
}

/** The output shape of layers that are not built; undefined if they do not fit, which building them will report. */
function foreseen(layers: readonly Layer[], inputShape: LayerShape): LayerShape | undefined {
  try {
    return layers.reduce((shape, layer) => layer.computeOutputShape(shape), inputShape);
  } catch {
    return undefined;
  }
}
