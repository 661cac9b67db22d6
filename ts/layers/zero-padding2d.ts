/**
 * ZeroPadding2D.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { checkDataFormat } from "../ops/data-format.js";
import { pad } from "../ops/index.js";
import { integer, isList, MOST, shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import { Layer } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";

/** Before and after. */
type Sides = readonly [number, number];

/** Options of {@link ZeroPadding2D}. */
export interface ZeroPadding2DOptions extends LayerOptions {
  /**
   * Rows and columns of zeros: a number for all sides, `[rows, columns]`, or `[[top, bottom], [left, right]]`.
   * Default: 1.
   */
  readonly padding?: number | Sides | readonly [Sides, Sides] | undefined;
  /** Only `"channels_last"`. Default: null, which means the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
}

/**
 * Adds rows and columns of zeros around images.
 *
 * @see [keras.layers.ZeroPadding2D](https://keras.io/api/layers/reshaping_layers/zero_padding2d/)
 * @example
 * ```ts
 * import { layers, tensor } from "gradstep";
 *
 * const image = tensor([7], [1, 1, 1, 1]);
 * console.log(new layers.ZeroPadding2D({ padding: [0, 1] }).apply(image).array()); // Float32Array [0, 7, 0]
 * ```
 */
export class ZeroPadding2D extends Layer {
  static override readonly className = "ZeroPadding2D";
  /** @internal */
  static override readonly builtIn = true;
  /** `[[top, bottom], [left, right]]`. */
  readonly padding: readonly [Sides, Sides];

  /**
   * Creates a layer that adds zeros around images.
   *
   * @param options - {@link ZeroPadding2DOptions}, or {@link ZeroPadding2DOptions.padding}.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(options?: ZeroPadding2DOptions | ZeroPadding2DOptions["padding"], others?: ZeroPadding2DOptions);
  constructor(...given: unknown[]) {
    const options = placedOptions<ZeroPadding2DOptions>("ZeroPadding2D", ["padding"], given);
    super(options, ["padding", "dataFormat"]);
    try {
      checkDataFormat(this.label, options.dataFormat);
      const { padding = 1 } = options;
      const [rows, columns] = pairOf(this.label, padding);
      this.padding = [sidesOf(this.label, rows), sidesOf(this.label, columns)];
      this.inputSpec = { rank: 4 };
    } catch (error) {
      throw this.refused(error);
    }
  }

  override call(x: Operand): Tensor<"float32"> {
    return pad(x, [[0, 0], ...this.padding, [0, 0]]);
  }

  override computeOutputShape([batch = null, height = null, width = null, channels = null]: LayerShape): LayerShape {
    const [rows, columns] = this.padding.map(([before, behind]) => before + behind) as [number, number];
    return [batch, height === null ? null : height + rows, width === null ? null : width + columns, channels];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), padding: this.padding.map((sides) => [...sides]), data_format: "channels_last" };
  }
}

function pairOf(owner: string, value: unknown): readonly [unknown, unknown] {
  if (!isList(value)) return [value, value];
  if (value.length === 2) return [value[0], value[1]];
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner}: "padding" must be a number, [rows, columns] or [[top, bottom], [left, right]], got ${shown(value)}.`,
  );
}

function sidesOf(owner: string, value: unknown): Sides {
  const [before, behind] = pairOf(owner, value);
  return [integer(owner, "padding", before, 0, MOST), integer(owner, "padding", behind, 0, MOST)];
}
