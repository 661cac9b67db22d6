/**
 * Input: the start of a functional model.
 *
 * @module
 */

import { linear } from "../activations/functions.js";
import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ofMade } from "../copies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { argumentName, withKeysOf } from "../keras-names.js";
import { checkKnownOptions, checkMethod, checkObject, integer, MOST, shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import type { DType } from "../values.js";
import { argumentsOf } from "./config.js";
import { connect, Layer, type SymbolicTensor } from "./layer.js";
import { checkedLayerShape, type LayerShape } from "./layer-shape.js";
import { operate } from "./operation.js";

/** Options of {@link Input} and {@link InputLayer}. */
export interface InputOptions {
  /** Shape of one sample, without the batch axis; `null` for unknown lengths. Default: null, from `batchShape`. */
  readonly shape?: LayerShape | null | undefined;
  /** Length of the batch axis. Default: null, not known. */
  readonly batchSize?: number | null | undefined;
  /** Shape with the batch axis, instead of `shape` and `batchSize`. Default: null, computed from these. */
  readonly batchShape?: LayerShape | null | undefined;
  /** A name for messages and saved files. Default: `"input_layer"`, made unique. */
  readonly name?: string | null | undefined;
  /** Element type: `"int32"` for indices. Default: null, float32. */
  readonly dtype?: DType | null | undefined;
}

/**
 * Layer behind {@link Input}, which returns its input.
 *
 * @see [keras.layers.Input](https://keras.io/api/layers/core_layers/input/)
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 *
 * const model = new Sequential([new layers.InputLayer({ shape: [3] }), new layers.Dense(2)]);
 * console.log(model.countParams()); // 8
 * ```
 */
export class InputLayer extends Layer {
  static override readonly className = "InputLayer";
  /** @internal */
  static override readonly builtIn = true;
  /** @internal */
  override readonly batchInputShape: LayerShape;
  override readonly inputDtype: DType;

  /**
   * Creates the layer behind {@link Input}.
   *
   * @param options - {@link InputOptions}, at least the shape; or {@link InputOptions.shape}.
   * @param batchSize - {@link InputOptions.batchSize}, or the options.
   * @param dtype - {@link InputOptions.dtype}, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, given twice, missing, out of range or of the wrong type; (`ERR_SHAPE`) for a shape
   * that is not a list of lengths
   */
  constructor(
    options: InputOptions | InputOptions["shape"],
    batchSize?: InputOptions["batchSize"] | InputOptions,
    dtype?: InputOptions["dtype"] | InputOptions,
    others?: InputOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<InputOptions>("InputLayer", PLACED, given);
    checkKnownOptions("InputLayer", options, INPUT_OPTIONS);
    super({ name: options.name });
    try {
      this.inputDtype = checkedDtype(this.label, options.dtype ?? "float32");
      this.batchInputShape = checkedBatchShape(this.label, options);
      this.inputSpec = { rank: this.batchInputShape.length };
      super.build(this.batchInputShape);
      connect(this, [], [this.batchInputShape], { isList: false, dtype: this.inputDtype, operate });
    } catch (error) {
      throw this.refused(error);
    }
  }

  /** The symbolic tensor that {@link Input} returns. */
  override get output(): SymbolicTensor {
    return ofMade("layer", this.inboundNodes)[0]!.outputs[0]!;
  }

  override call(x: Operand): Tensor<"float32"> {
    // Returns its input; the only layer whose output may be int32.
    return this.inputDtype === "int32" ? (x as Tensor<"float32">) : linear(x);
  }

  override computeOutputShape(): LayerShape {
    return this.batchInputShape;
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    const { name, batchInputShape, inputDtype } = this;
    return {
      batch_shape: [...batchInputShape],
      dtype: inputDtype,
      sparse: false,
      ragged: false,
      name,
      optional: false,
    };
  }

  static override fromConfig<T extends Layer>(this: new (options: never) => T, config: Config): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 1);
    const [options] = argumentsOf(config, [], {}) as [Record<string, unknown>];
    const odd = NOT_HERE.find((key) => (config[key] ?? false) !== false);
    if (odd !== undefined) {
      throw new ValueError("ERR_CONFIG_INVALID", `InputLayer: "${odd}" can only be false, got ${shown(config[odd])}.`);
    }
    for (const key of NOT_HERE) delete options[key];
    // Keras 2's name of it.
    const { batchInputShape, ...others } = options;
    const given = batchInputShape === undefined ? others : { batchShape: batchInputShape, ...others };
    return withKeysOf(config, () => new this(given as never));
  }
}

/**
 * Starts a functional model: creates a symbolic tensor, to which layers are applied.
 *
 * @param options - {@link InputOptions}, at least the shape of one sample; or {@link InputOptions.shape}.
 * @param batchSize - {@link InputOptions.batchSize}, or the options.
 * @param dtype - {@link InputOptions.dtype}, or the options.
 * @param others - Options that follow positional arguments.
 * @returns A symbolic tensor of shape `[batchSize, ...shape]`.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
 * for an argument that is unknown, given twice, missing, out of range or of the wrong type; (`ERR_SHAPE`) for a shape
 * that is not a list of lengths
 * @see [keras.Input](https://keras.io/api/layers/core_layers/input/)
 * @example
 * ```ts
 * import { Input, layers } from "gradstep";
 *
 * const x = Input({ shape: [28, 28] });
 * const y = new layers.Dense(10).apply(new layers.Flatten().apply(x));
 * console.log(y.shape); // [null, 10]
 * ```
 */
export function Input(
  options: InputOptions | InputOptions["shape"],
  batchSize?: InputOptions["batchSize"] | InputOptions,
  dtype?: InputOptions["dtype"] | InputOptions,
  others?: InputOptions,
): SymbolicTensor;
export function Input(...given: unknown[]): SymbolicTensor {
  return new InputLayer(placedOptions<InputOptions>("Input", PLACED, given)).output;
}

const PLACED = ["shape", "batchSize", "dtype"];

/** Keras's arguments of which only the default is supported. */
const NOT_HERE = ["sparse", "ragged", "optional"];
const INPUT_OPTIONS = ["shape", "batchSize", "batchShape", "name", "dtype"];

function checkedDtype(owner: string, dtype: unknown): DType {
  if (dtype === "float32" || dtype === "int32") return dtype;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "dtype" must be "float32" or "int32", got ${shown(dtype)}.`,
  );
}

function checkedBatchShape(owner: string, options: InputOptions): LayerShape {
  const { shape: given, batchSize, batchShape: whole } = options;
  const [shape, batchShape] = [given ?? undefined, whole ?? undefined];
  if ((shape === undefined) === (batchShape === undefined)) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `${owner}: pass either "shape" or "${argumentName("batchShape")}", got ${shape === undefined ? "neither" : "both"}.`,
    );
  }
  if (batchShape !== undefined) return checkedLayerShape(owner, "batchShape", batchShape);
  const batch = batchSize === undefined || batchSize === null ? null : integer(owner, "batchSize", batchSize, 1, MOST);
  return [batch, ...checkedLayerShape(owner, "shape", shape)];
}
