/**
 * The base class of layers: calls and configs; and symbolic tensors, which connect layers before there is data.
 *
 * Both classes are in one file, because each refers to the other: a symbolic tensor comes from a layer, and a layer
 * that is called with one returns one.
 *
 * Over 300 lines: because of this, and because of complete doc comments.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isA } from "../brands.js";
import type { Config } from "../class-registry.js";
import { COPY, ofMade } from "../copies.js";
import { customName } from "../custom-objects.js";
import { fieldsOf, INSPECT } from "../display.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { answerForeignNames, asOwn, warnOfForeignNames } from "../foreign-names.js";
import { guardNew } from "../getters.js";
import { withKeysOf } from "../keras-names.js";
import type { IndexRange } from "../ops/indices.js";
import type { TensorLike } from "../ops/operand.js";
import type { OperationCall } from "../ops/symbolic.js";
import { boolean, checkCount, checkKnownOptions, checkMethod, checkObject, ownNames, texts } from "../options.js";
import type { Regularizer, RegularizerFunction } from "../regularizers/index.js";
import { get as regularizerOf } from "../regularizers/registry.js";
import { recorderNow } from "../runtime/recording.js";
import { checkPlaced } from "../saved-arguments.js";
import { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import type { DType } from "../values.js";
import { BuildableLayer } from "./buildable-layer.js";
import { type ApplyOptions, calledIn } from "./call-context.js";
import { callByHand } from "./calls-by-hand.js";
import { argumentsOf, FLOAT32 } from "./config.js";
import { connectStack } from "./connections.js";
import { checkCall, madeOutput } from "./inferred-shape.js";
import { checkInputs } from "./input-spec.js";
import { checkCallOptions, type InputCount, inputList } from "./inputs.js";
import { isShapeList, type LayerShape, type LayerShapes, shapeList } from "./layer-shape.js";
import { checkedLayerOptions, LAYER_OPTION_NAMES, type LayerOptions, OTHER_NAMES } from "./options.js";
import { resultList, returned } from "./results.js";
import { saved } from "./saved.js";
import { activityLoss } from "./weight-options.js";

export type { ApplyOptions, CallContext } from "./call-context.js";

/**
 * Base class of layers: a function with weights. Call a layer with `apply`; a custom layer defines `call`, and `build`
 * if it has weights.
 *
 * Layers and variables in public fields, alone or in arrays, plain objects, Maps and Sets, belong to the layer and
 * count among its weights. Private fields (`#w`) are not found.
 *
 * @see [keras.layers.Layer](https://keras.io/api/layers/base_layer/)
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
export abstract class Layer extends BuildableLayer {
  /** The name under which the class is saved, because minifiers rename classes. Built-in classes have Keras's names. */
  static readonly className?: string;
  /** Own property of the built-in classes: a custom class may have the name of one, or extend one. @internal */
  static readonly builtIn?: true;
  /** Names, in camelCase and in order, of the constructor's positional arguments, for `fromConfig`. */
  static readonly requiredArguments: readonly string[] = [];

  /**
   * Keras's arguments for which only these values are allowed, by Keras's names: configs contain them, options don't.
   *
   * @internal
   */
  static readonly fixedArguments: Config = {};

  /** Shape of its input with the batch axis, if `inputShape` was given. @internal */
  readonly batchInputShape: LayerShape | undefined;
  /** Its uses in functional models. @internal */
  readonly inboundNodes: LayerNode[] = [];
  readonly #activityRegularizer: Regularizer | RegularizerFunction | null;
  /** `call` of a built-in class. */
  #call: Layer["call"] | undefined;
  /** The same with checks, as the property `call`. */
  #byHand: Layer["call"] | undefined;

  /**
   * Reads the options of all layers; subclasses call it.
   *
   * @param options - {@link LayerOptions}, and options of the subclass.
   * @param own - Names of the subclass's options in `options`. Default: none.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options: LayerOptions = {}, own: readonly string[] = []) {
    checkCount("Layer", arguments.length, 2);
    texts("Layer", "own", own);
    const className = customName(new.target);
    checkKnownOptions(className, options, [...ownNames(className, own), ...LAYER_OPTION_NAMES], OTHER_NAMES);
    const { name, trainable, batchInputShape } = checkedLayerOptions(className, options);
    // Before a name is reserved: a refused option reserves none.
    const activityRegularizer = regularizerOf(options.activityRegularizer);
    super(className, name, trainable);
    warnOfForeignNames(this);
    this.#activityRegularizer = activityRegularizer;
    this.batchInputShape = batchInputShape;
    this.#checkCallByHand();
  }

  /** Built-in layers check the arguments of a `call` by hand; `apply` has checked its own. */
  #checkCallByHand(): void {
    const { call } = this;
    let owner: object = this;
    while (!Object.hasOwn(owner, "call")) {
      owner = Object.getPrototypeOf(owner);
      if (owner === Layer.prototype) return;
    }
    if (![this, owner].some((one) => Object.hasOwn(one.constructor, "builtIn"))) return;
    this.#call = call;
    const checked = () => {
      this.checkSelf();
      const { label, inputDtype, inputCount, inputSpec } = this;
      return { label, inputDtype, inputCount, inputSpec };
    };
    this.#byHand = callByHand(call.bind(this), checked, SymbolicTensor);
    Object.defineProperty(this, "call", { value: this.#byHand, configurable: true, writable: true });
  }

  /** Layers that belong to it: those in public fields, alone or in containers. @internal */
  override get sublayers(): readonly Layer[] {
    return super.sublayers as readonly Layer[];
  }

  /**
   * Calls the layer, and builds it first if it is not built yet.
   *
   * @param inputs - Numbers with the batch axis in any form, a list of these for a layer of several inputs, or symbolic
   *   tensors for a functional model.
   * @param options - {@link ApplyOptions}.
   * @returns The output, in the shape of `computeOutputShape`; a symbolic tensor for symbolic inputs. For several
   *   outputs a list, whose type may be given: `layer.apply<[SymbolicTensor, SymbolicTensor]>(x)`.
   * @throws ValueError, TypeError (`ERR_SHAPE`) when the shape does not fit; (`ERR_INDEX_RANGE`) for an index out of
   * range; (`ERR_NOT_IMPLEMENTED`) when a custom layer lacks `call`
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`) for an option that is
   * unknown or of the wrong type, and for a custom `call` that does not return a float32 tensor; ValueError
   * (`ERR_BUSY`) when a layer calls itself
   * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
   * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for freed inputs and weights
   */
  apply(inputs: TensorLike | readonly TensorLike[], options?: ApplyOptions): Tensor<"float32">;
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor;
  apply<R extends ResultList>(inputs: SeveralInputs, options?: ApplyOptions): R;
  apply(
    inputs: TensorLike | SymbolicTensor | readonly (TensorLike | SymbolicTensor)[],
    options: ApplyOptions = {},
  ): Tensor<"float32"> | SymbolicTensor {
    // Several inputs as separate arguments: the error about options has advice.
    if (arguments.length > 2 && typeof options === "object") checkCallOptions(this.label, options, SymbolicTensor);
    checkMethod(this, "apply", arguments.length, 2);
    this.checkSelf();
    return refusable(() => this.#applied(inputs, options));
  }

  #applied(
    inputs: TensorLike | SymbolicTensor | readonly (TensorLike | SymbolicTensor)[],
    options: ApplyOptions,
  ): Tensor<"float32"> | SymbolicTensor {
    checkCallOptions(this.label, options, SymbolicTensor);
    const given = this.arranged(inputs);
    const { list, isList } = inputList(this.label, given, this.inputDtype, this.inputCount, SymbolicTensor);
    const shapes = list.map(({ shape }) => shape as LayerShape);
    checkInputs(this.label, this.inputSpec, shapes);
    const training = options.training ?? undefined;
    if (training !== undefined) boolean(this.label, "training", training);
    if (list[0] instanceof SymbolicTensor) {
      const shape = isList ? shapes : shapes[0]!;
      this.ensureBuilt(shape);
      const output: LayerShapes = this.computeOutputShape(shape);
      const outputs = connect(this, list as SymbolicTensor[], shapeList(output), { isList, training });
      return returned(outputs, isShapeList(output), this.outputKeys) as SymbolicTensor;
    }
    if (!this.built) {
      const open = shapes.map((shape) => [null, ...shape.slice(1)]);
      this.ensureBuilt(isList ? open : open[0]!);
    }
    const operands = list as readonly Operand[];
    const input = isList ? operands : operands[0]!;
    checkCall(this);
    recorderNow()?.uses(this);
    const made: unknown = calledIn(this, training, (context) => this.uncheckedCall(input, context));
    const output = (isA(made, Tensor) ? made : madeOutput(this, made)) as Tensor<"float32">;
    const regularizer = this.#activityRegularizer;
    if (regularizer !== null) {
      for (const one of resultList(output, undefined)) this.addLoss(activityLoss(regularizer, one as typeof output));
    }
    return output;
  }

  /** `call` without those checks, of the object or its class. @internal */
  protected get uncheckedCall(): Layer["call"] {
    const { call } = this;
    // A caller may have replaced it since.
    return this.#call !== undefined && call === this.#byHand ? this.#call : call;
  }

  /**
   * The symbolic tensor of its first call, or a list of them: the start of a part of a model.
   *
   * @throws ValueError (`ERR_NOT_BUILT`) for a layer that is in no functional model, and in no built Sequential
   */
  get input(): SymbolicTensor | readonly SymbolicTensor[] {
    this.checkSelf();
    const { inputs, isList } = this.#firstNode("input");
    return isList ? inputs : inputs[0]!;
  }

  set input(value: unknown) {
    asOwn(this, "input", value);
  }

  /**
   * The symbolic tensor of its first call, for a model that ends there:
   * `new Model({ inputs: model.inputs, outputs: layer.output })`; a list for several outputs.
   *
   * @throws ValueError (`ERR_NOT_BUILT`) for a layer that is in no functional model, and in no built Sequential
   */
  get output(): SymbolicTensor | readonly SymbolicTensor[] {
    this.checkSelf();
    const { outputs } = this.#firstNode("output");
    return outputs.length === 1 ? outputs[0]! : outputs;
  }

  set output(value: unknown) {
    asOwn(this, "output", value);
  }

  #firstNode(name: string): LayerNode {
    if (this.inboundNodes.length === 0) connectStack(this);
    const [node] = this.inboundNodes;
    if (node !== undefined) return node;
    throw new ValueError(
      "ERR_NOT_BUILT",
      `${this.label} has no "${name}" yet: apply it to a symbolic tensor, such as Input({ shape }), or build its Sequential.`,
    );
  }

  /**
   * Range of the whole numbers that the layer accepts, if its inputs are indices. `fit` uses it to check complete
   * arrays before its first step. Default: `undefined`, any numbers.
   */
  get inputRange(): IndexRange | undefined {
    return undefined;
  }

  /** The ranges required of the numbers of one of its inputs. @internal */
  inputRanges(_input: number): readonly IndexRange[] {
    return this.inputRange === undefined ? [] : [this.inputRange];
  }

  /**
   * Whether the outputs are the input's numbers in another shape or order: then the next layer gets the same numbers.
   *
   * @internal
   */
  get keepsNumbers(): boolean {
    return false;
  }

  /** The inputs of a call, in the form that the layer takes. @throws ValueError @internal */
  protected arranged(inputs: unknown): unknown {
    return inputs;
  }

  /** Whether it takes a list of inputs, even for a single input. @internal */
  get takesList(): boolean {
    return false;
  }

  /** @internal */
  [INSPECT](): unknown {
    return fieldsOf(this, customName(this.constructor), /^(input(Dtype|Spec)|batchInputShape|inboundNodes)$/);
  }

  /** Custom classes take what they like. @internal */
  protected get inputCount(): InputCount {
    if (this.takesList) return "list";
    return Object.hasOwn(this.constructor, "builtIn") ? "one" : "any";
  }

  /**
   * Constructor arguments by Keras's names, which `fromConfig` reads.
   *
   * @returns An object that JSON can represent.
   * @throws TypeError, ValueError (`ERR_CONFIG_INVALID`) for an argument that cannot be saved, such as a function
   * without a name
   */
  getConfig(): Config {
    checkObject(this, "getConfig");
    const config: Config = { name: this.name, trainable: this.trainable, dtype: FLOAT32 };
    const regularizer = this.#activityRegularizer;
    return regularizer === null ? config : { ...config, activity_regularizer: saved.regularizer(regularizer) };
  }

  /**
   * Creates a layer from a config of {@link Layer.getConfig} or of Keras in Python.
   *
   * @param config - Constructor arguments by Keras's names.
   * @returns A new layer of this class, which is not built.
   * @throws ValueError, TypeError (`ERR_CONFIG_INVALID`) for anything but an object, a missing argument, and one that
   * is not supported; ValueError (`ERR_NOT_IMPLEMENTED`) for a custom constructor that takes an argument by position
   * that is not in `requiredArguments`; otherwise as the constructor
   */
  static fromConfig<T extends Layer>(
    this: { new (...args: never[]): T; readonly requiredArguments: readonly string[] },
    config: Config,
  ): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 1);
    // biome-ignore lint/complexity/noThisInStatic: the subclass's are meant.
    const { requiredArguments, fixedArguments } = this as typeof this & Pick<typeof Layer, "fixedArguments">;
    const args = argumentsOf(config, requiredArguments, fixedArguments);
    // biome-ignore lint/complexity/noThisInStatic: the subclass is meant.
    checkPlaced(this, config, requiredArguments, (name) => {
      const names = [...requiredArguments, name].map((argument) => `"${argument}"`).join(", ");
      return `Add: static requiredArguments = [${names}];`;
    });
    return withKeysOf(config, () => new this(...(args as never[])));
  }
}

answerForeignNames(Layer.prototype, {
  addVariable: "Create weights with addWeight.",
  toJson: "It is toJSON(), or stringify(layer) for text.",
});

/** Results of a call with several outputs: a list, or an object by name. */
export type ResultList =
  | readonly (SymbolicTensor | Tensor<"float32">)[]
  | Readonly<Record<string, SymbolicTensor | Tensor<"float32">>>;

/** Inputs of a call: one, a list, or by name. */
export type SeveralInputs =
  | SymbolicTensor
  | TensorLike
  | readonly (SymbolicTensor | TensorLike)[]
  | Readonly<Record<string, SymbolicTensor | TensorLike>>;

/** One use of a layer in a functional model. */
export interface LayerNode {
  /** The layer. */
  readonly layer: Layer;
  /** Index among the uses of its layer. */
  readonly index: number;
  /** The symbolic tensors with which it was called. */
  readonly inputs: readonly SymbolicTensor[];
  /** Whether the layer was given a list of inputs. */
  readonly isList: boolean;
  /** The symbolic tensors that it returned. */
  readonly outputs: readonly SymbolicTensor[];
  /** Adds an operation of `ops` on its outputs to the model: see `ops/symbolic.ts`. @internal */
  readonly operate: (call: OperationCall) => unknown;
  /** The `training` argument of this call, which overrides the model's; undefined if omitted. */
  readonly training: boolean | undefined;
}

/**
 * The output of a layer before there is data: its shape, and the layer that returned it. Created by `Input` and layers,
 * for functional models.
 *
 * @see [keras.KerasTensor](https://keras.io/guides/functional_api/)
 * @example
 * ```ts
 * import { Input, layers } from "gradstep";
 *
 * const output = new layers.Dense(2).apply(Input({ shape: [3] }));
 * console.log(output.shape, output.dtype); // [null, 2] float32
 * ```
 */
export class SymbolicTensor {
  /** Lengths of the axes, batch axis first; `null` for unknown lengths. */
  readonly shape: LayerShape;
  /** Element type. */
  readonly dtype: DType;
  /** Name for messages, derived from that of the layer. */
  readonly name: string;
  /** The use of a layer that returned it. */
  readonly node: LayerNode;
  /** Index among the outputs of that use. */
  readonly index: number;

  /** Use `Input` and layers. @internal */
  constructor(shape: LayerShape, dtype: DType, name: string, node: LayerNode, index: number) {
    guardNew(this, SymbolicTensor.prototype);
    this.shape = shape;
    this.dtype = dtype;
    this.name = name;
    this.node = node;
    this.index = index;
  }

  /** The layer that returned it. */
  get layer(): Layer {
    return ofMade("symbolic tensor", this.node).layer;
  }

  /** The inputs of that layer. */
  get inputs(): readonly SymbolicTensor[] {
    return ofMade("symbolic tensor", this.node).inputs;
  }

  /**
   * Describes it for `console.log` and messages.
   *
   * @returns Such as `SymbolicTensor "dense" float32 [null, 2]`.
   */
  toString(): string {
    checkMethod(this, "toString", arguments.length, 0);
    return `SymbolicTensor "${this.name}" ${this.dtype} [${ofMade("symbolic tensor", this.shape).map(String).join(", ")}]`;
  }

  /** For `+`, `*`, `<` and the like, which would make NaN of it. @internal */
  [Symbol.toPrimitive](hint: string): string {
    if (hint !== "number") return this.toString();
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `JavaScript's operators take numbers, got the symbolic tensor "${this.name}". Write ops.multiply(a, b) for a * b, or use a layer, such as new layers.Multiply().apply([a, b]).`,
    );
  }

  /** @internal */
  [INSPECT](): string {
    return this.toString();
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

/** Records a use of a layer, and returns its outputs. @internal */
export function connect(
  layer: Layer,
  inputs: readonly SymbolicTensor[],
  outputShapes: readonly LayerShape[],
  options: {
    readonly isList: boolean;
    readonly training?: boolean | undefined;
    /** Of all outputs, or of each. */
    readonly dtype?: DType | readonly DType[];
    /** For an `Input`; others have the type of their inputs. */
    readonly operate?: LayerNode["operate"];
  },
): readonly SymbolicTensor[] {
  const { isList, training, dtype = "float32" } = options;
  const outputs: SymbolicTensor[] = [];
  const operate = options.operate ?? inputs[0]!.node.operate;
  const node: LayerNode = { layer, index: layer.inboundNodes.length, inputs, isList, outputs, operate, training };
  const suffix = node.index === 0 ? "" : `_${node.index}`;
  outputShapes.forEach((shape, i) => {
    const type = typeof dtype === "string" ? dtype : dtype[i]!;
    outputs.push(new SymbolicTensor(shape, type, `${layer.name}${suffix}${i === 0 ? "" : `:${i}`}`, node, i));
  });
  layer.inboundNodes.push(node);
  return outputs;
}
