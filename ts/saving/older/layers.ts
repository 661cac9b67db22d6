/**
 * Layers' configs of Keras 1 and 2, and of TensorFlow.js, in the form of Keras 3.
 *
 * @module
 */

import type { CustomObjects } from "../../custom-objects.js";
import { own, unpackaged } from "../../custom-objects.js";
import { ValueError } from "../../errors.js";
import { add, clip, mul } from "../../ops/index.js";
import type { TensorLike } from "../../ops/operand.js";
import { isList, shown } from "../../options.js";
import type { PlainObject } from "../../plain-json.js";
import type { Tensor } from "../../tensor.js";
import { HARD_SIGMOID } from "../formats/hard-sigmoid.js";

/** Keras 2's hard sigmoid: steeper than that of Keras 3, which is `relu6(x + 3) / 6`. */
const hardSigmoid = Object.assign((x: TensorLike): Tensor<"float32"> => clip(add(mul(x, 0.2), 0.5), 0, 1), {
  // The name under which it is saved again; different from Keras 3's function.
  className: HARD_SIGMOID,
});

/** Functions to which upgraded configs refer, to be passed as custom objects. */
export const OLDER_FUNCTIONS: CustomObjects = { [HARD_SIGMOID]: hardSigmoid };

/** Classes without a counterpart, and the cure. */
const REFUSED: Readonly<Record<string, string>> = {
  Lambda: "Pass a custom layer of this name in customObjects.",
  TFOpLambda: "It is a TensorFlow operation in the graph: write it as a layer, in Python, and save again.",
  TensorFlowOpLayer: "It is a TensorFlow operation in the graph: write it as a layer, in Python, and save again.",
  SlicingOpLambda: "It is a slice of a tensor in the graph: write it as a layer, in Python, and save again.",
  Merge: "It is of Keras 1: save the model by Keras 2 first.",
};

/** Keys that a class no longer has, and the values that are accepted. */
const DROPPED: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  BatchNormalization: {
    fused: [true, false, null],
    renorm: [false],
    renorm_clipping: [null],
    renorm_momentum: [],
    virtual_batch_size: [null],
    adjustment: [null],
    mode: [0],
  },
  Conv2DTranspose: { groups: [1] },
  DepthwiseConv2D: { groups: [1] },
  Embedding: { input_length: [] },
  InputLayer: { sparse: [false, null], ragged: [false, null] },
};

/** Keys that were renamed, by class. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LeakyReLU: { alpha: "negative_slope" },
  InputLayer: { batch_input_shape: "batch_shape" },
};

/** A layer's class and config, upgraded. @throws ValueError for parts without a counterpart */
export function currentLayer(saved: PlainObject, isCustom: (name: string) => boolean): PlainObject {
  const full = String(own(saved, "class_name"));
  const name = unpackaged(full);
  const registered = name === full ? {} : { class_name: name, registered_name: full };
  const given = own(saved, "config");
  if (typeof given !== "object" || given === null || isList(given)) return saved;
  if (isCustom(full) || isCustom(name)) return { ...saved, ...registered };
  const cure = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  const label = JSON.stringify(own(given, "name") ?? name);
  if (cure !== undefined) refuse(`the layer ${label} is a ${name}, which has no counterpart here. ${cure}`);
  const config: PlainObject = {};
  for (const [key, value] of Object.entries(given)) {
    const dropped = DROPPED[name]?.[key];
    if (dropped !== undefined) {
      if (dropped.length > 0 && !dropped.includes(value)) {
        refuse(
          `"${key}" of the ${name} ${label} can only be ${shown(dropped[0])}, got ${shown(value)}. Set it so in Python, and save again`,
        );
      }
      continue;
    }
    // Of the first layer; a Sequential has an input layer instead.
    if (key === "batch_input_shape" && name !== "InputLayer") continue;
    config[RENAMED[name]?.[key] ?? key] = part(key, value, isCustom);
  }
  const { axis } = config;
  if (name === "BatchNormalization" && isList(axis) && axis.length === 1) config.axis = axis[0];
  return { ...saved, ...registered, config };
}

/** An argument: activations and initializers changed too. */
function part(key: string, value: unknown, isCustom: (name: string) => boolean): unknown {
  if (/activation$/.test(key) && !isCustom("hard_sigmoid")) {
    const isFunction = typeof value === "object" && value !== null && own(value, "class_name") === "function";
    const name = isFunction ? own(value as object, "config") : value;
    return name === "hard_sigmoid" ? HARD_SIGMOID : value;
  }
  // TensorFlow 1 wrote the dtype of each initializer.
  if (/initializer$/.test(key) && typeof value === "object" && value !== null) {
    const config = own(value, "config");
    if (typeof config === "object" && config !== null && Object.hasOwn(config, "dtype")) {
      const { dtype: _, ...others } = config as PlainObject;
      return { ...value, config: others };
    }
  }
  return value;
}

/** Throws the error for an older config. */
export function refuse(message: string): never {
  throw new ValueError("ERR_CONFIG_INVALID", `A config of older Keras: ${message}.`);
}
