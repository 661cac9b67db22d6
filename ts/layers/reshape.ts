/**
 * Reshape.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { reshape } from "../ops/index.js";
import { entriesOf, isList, shown } from "../options.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import { type LayerShape, productOf, shapeText } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/**
 * Reshapes its input; the batch axis stays.
 *
 * @see [keras.layers.Reshape](https://keras.io/api/layers/reshaping_layers/reshape/)
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Reshape([-1, 2]).apply([[1, 2, 3, 4, 5, 6]]).shape); // [1, 3, 2]
 * ```
 */
export class Reshape extends Layer {
  static override readonly className = "Reshape";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["targetShape"];
  /** Lengths of the axes without the batch axis; -1 is inferred. */
  readonly targetShape: readonly number[];

  /**
   * Creates a layer that reshapes its input.
   *
   * @param targetShape - Lengths of the axes without the batch axis; one may be -1 and is inferred. Or the options with
   * it.
   * @param options - {@link LayerOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    targetShape: readonly number[] | (LayerOptions & { readonly targetShape: readonly number[] }),
    options?: LayerOptions,
  );
  constructor(...given: unknown[]) {
    const { targetShape, ...options } = placedOptions<LayerOptions & { readonly targetShape: readonly number[] }>(
      "Reshape",
      ["targetShape"],
      given,
    );
    super(options, ["targetShape"]);
    try {
      this.targetShape = checkedTarget(this.label, targetShape);
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    const [batch = 1, ...rest] = x.shape;
    return reshape(x, [batch, ...(this.#target(rest) as number[])]);
  }

  /** @internal */
  override get keepsNumbers(): boolean {
    return true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [inputShape[0] ?? null, ...this.#target(inputShape.slice(1))];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), target_shape: [...this.targetShape] };
  }

  /** @throws ValueError when the sizes differ */
  #target(from: LayerShape): LayerShape {
    const size = productOf(from);
    const known = sizeOf(this.targetShape.filter((length) => length !== -1));
    const hasRest = this.targetShape.includes(-1);
    if (size !== null && (hasRest ? known === 0 || size % known !== 0 : size !== known)) {
      throw new ValueError(
        "ERR_SHAPE",
        `${this.label}: cannot make [${this.targetShape.join(", ")}] of ${size} values per sample (${shapeText(from)}).`,
      );
    }
    const rest = size === null ? null : size / Math.max(1, known);
    return this.targetShape.map((length) => (length === -1 ? rest : length));
  }
}

function checkedTarget(owner: string, shape: unknown): readonly number[] {
  const lengths = isList(shape) ? (entriesOf(shape) as readonly number[]) : undefined;
  if (lengths === undefined) {
    throw new ArgumentTypeError(
      "ERR_SHAPE",
      `${owner}: "${argumentName("targetShape")}" must be an array of lengths without the batch axis, such as [4, 4], got ${shown(shape)}.`,
    );
  }
  const isFit = lengths.every((length) => Number.isSafeInteger(length) && (length > 0 || length === -1));
  if (!isFit || lengths.filter((length) => length === -1).length > 1) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: the lengths in "${argumentName("targetShape")}" must be whole numbers above 0, and one may be -1, got [${lengths.map(shown).join(", ")}].`,
    );
  }
  return lengths;
}
