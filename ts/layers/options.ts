/**
 * The options that all layers share, and their checks.
 *
 * @module
 */

import { isReadable } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import type { NamedOptions } from "../named-options.js";
import { boolean, type OtherNames, shown, text } from "../options.js";
import type { RegularizerIdentifier } from "../regularizers/index.js";
import { checkedLayerShape, type LayerShape } from "./layer-shape.js";

/** Options of every layer, in addition to those of its class. */
export interface LayerOptions extends NamedOptions {
  /** Whether training changes its weights. Default: true. */
  readonly trainable?: boolean | undefined;
  /** Shape of one sample, without the batch axis: then a model that starts with this layer is built immediately. */
  readonly inputShape?: LayerShape | null | undefined;
  /** A penalty on the outputs, divided by the batch size. Default: none. */
  readonly activityRegularizer?: RegularizerIdentifier | null | undefined;
  /** Only float32 is supported. Default: null, float32. */
  readonly dtype?: "float32" | null | undefined;
}

/** Names of the options that every layer takes. */
export const LAYER_OPTION_NAMES: readonly string[] = [
  "name",
  "trainable",
  "inputShape",
  "activityRegularizer",
  "dtype",
];

/** Names in Keras 1 and 2, TensorFlow.js and torch, where no word of them is in ours. */
export const OTHER_NAMES: OtherNames = {
  alpha: "negativeSlope",
  bias: "useBias",
  bordermode: "padding",
  bregularizer: "biasRegularizer",
  decay: "momentum",
  dim: "axis",
  dimordering: "dataFormat",
  embeddingdim: "outputDim",
  fn: "function",
  inputdim: "inputShape",
  inputlength: "inputShape",
  numembeddings: "inputDim",
  outfeatures: "units",
  outputdim: "units",
  p: "rate",
  prob: "rate",
  sigma: "stddev",
  size: "units",
  std: "stddev",
  subsample: "strides",
  times: "n",
  vocabsize: "inputDim",
  wregularizer: "kernelRegularizer",
};

/** Options that have been checked. */
export interface CheckedLayerOptions {
  readonly name: string | undefined;
  readonly trainable: boolean;
  readonly batchInputShape: LayerShape | undefined;
}

/** @throws TypeError, ValueError for invalid values */
export function checkedLayerOptions(owner: string, options: LayerOptions): CheckedLayerOptions {
  const { trainable, inputShape } = options;
  const name = options.name ?? undefined;
  checkDtype(owner, options.dtype);
  if (name !== undefined) {
    text(owner, "name", name);
    if (name === "" || name.includes("/")) {
      throw new ValueError("ERR_OPTION_RANGE", `${owner}: "name" must be a word without "/", got ${shown(name)}.`);
    }
  }
  return {
    name,
    trainable: boolean(owner, "trainable", trainable ?? true),
    batchInputShape:
      inputShape === undefined || inputShape === null
        ? undefined
        : [null, ...checkedLayerShape(owner, "inputShape", inputShape)],
  };
}

/** Keras writes a policy object instead of a name. */
function checkDtype(owner: string, dtype: unknown): void {
  const config = isReadable(dtype) ? (dtype as { config?: { name?: unknown } }).config : null;
  const name = config?.name ?? dtype ?? "float32";
  if (name !== "float32") {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "dtype" must be "float32", got ${shown(name)}.`);
  }
}
