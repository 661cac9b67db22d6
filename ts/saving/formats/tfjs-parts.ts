/**
 * Initializers, regularizers, constraints and activations of layers, in the forms of TensorFlow.js and of Keras.
 *
 * @module
 */

import { isPlain } from "../../brands.js";
import { ValueError } from "../../errors.js";
import { shown } from "../../options.js";
import { HARD_SIGMOID } from "./hard-sigmoid.js";
import { ACTIVATIONS } from "./tfjs-layers.js";

/** An argument of a layer, for messages. */
export interface Place {
  /** `saveModel`, or the file that is read. */
  readonly owner: string;
  readonly layer: string;
  readonly className: string;
  readonly key: string;
}

/** Throws the error for an argument that only one of the two libraries supports. */
export function refuseArgument({ owner, layer, className, key }: Place, fault: string): never {
  throw new ValueError("ERR_CONFIG_INVALID", `${owner}: "${key}" of the layer "${layer}" (${className}): ${fault}`);
}

interface Part {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const INITIALIZERS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...["Zeros", "Ones", "Constant", "RandomUniform", "RandomNormal", "TruncatedNormal", "Identity", "VarianceScaling"],
    ...["GlorotUniform", "GlorotNormal", "HeNormal", "HeUniform", "Orthogonal"],
    ...["LecunNormal", "LecunUniform"],
  ].map((name) => [name, name.replace("Lecun", "LeCun")]),
);

const CONSTRAINTS = new Set(["MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"]);

/** Keys of Keras's initializers that TensorFlow.js lacks; only `null` has no effect. */
const AXES = ["input_axes", "output_axes"];

/** An argument of Keras in the form of TensorFlow.js. @throws ValueError if TensorFlow.js lacks it */
export function toTfjs(place: Place, value: unknown): unknown {
  const { key } = place;
  if (key === "activation") return activation(place, value);
  const kind = /_(initializer|regularizer|constraint)$/.exec(key)?.[1];
  if (kind === undefined || value === null) return value;
  if (!isPart(value)) return lacking(place, shown(value));
  const { class_name: name, config } = value;
  // A class of another package may have the name of a built-in one.
  const isCustom = typeof (value as { registered_name?: unknown }).registered_name === "string";
  if (isCustom) return lacking(place, name);
  if (kind === "regularizer") return regularizer(place, value);
  if (kind === "constraint") return CONSTRAINTS.has(name) ? { class_name: name, config } : lacking(place, name);
  const theirs = Object.hasOwn(INITIALIZERS, name) ? INITIALIZERS[name] : undefined;
  const odd = AXES.find((axes) => (config[axes] ?? null) !== null);
  if (theirs === undefined || odd !== undefined || config.distribution === "untruncated_normal") {
    return lacking(place, odd === undefined ? name : `${name} with ${odd}`);
  }
  const { distribution } = config;
  return {
    class_name: theirs,
    config: {
      ...Object.fromEntries(Object.entries(config).filter(([name]) => !AXES.includes(name))),
      ...(distribution === "truncated_normal" ? { distribution: "normal" } : {}),
    },
  };
}

/** An argument of TensorFlow.js in the form of Keras 3. */
export function fromTfjs(place: Place, value: unknown): unknown {
  const { key } = place;
  if (key === "activation") return value === "swish" ? "silu" : value;
  if (!isPart(value)) return value;
  const { class_name: name, config } = value;
  // TensorFlow.js 4.22 writes the regularizer of DepthwiseConv2D instead of its constraint.
  if (key.endsWith("_constraint") && name === "L1L2") return null;
  if (name === "VarianceScaling" && config.distribution === "normal") {
    return { ...value, config: { ...config, distribution: "truncated_normal" } };
  }
  return value;
}

function isPart(value: unknown): value is Part {
  return isPlain(value) && typeof (value as Record<string, unknown>).class_name === "string" && "config" in value;
}

function lacking(place: Place, what: string): never {
  return refuseArgument(
    place,
    `TensorFlow.js lacks ${what}. Save the model as "keras", or choose what both libraries have.`,
  );
}

function activation(place: Place, value: unknown): unknown {
  // That of Keras 2 is the same as TensorFlow.js's.
  if (isPart(value) && (value.config as unknown) === HARD_SIGMOID) return "hard_sigmoid";
  const name = typeof value === "string" && Object.hasOwn(ACTIVATIONS, value) ? ACTIVATIONS[value] : undefined;
  if (name !== undefined) return name;
  const what = value === "hard_sigmoid" ? "Keras 3's hard_sigmoid (relu6(x + 3) / 6)" : shown(value);
  return lacking(place, what);
}

function regularizer(place: Place, { class_name: name, config }: Part): unknown {
  const { l1 = 0, l2 = 0 } = config;
  if (name === "L1" || name === "L2" || name === "L1L2") return { class_name: "L1L2", config: { l1, l2 } };
  return lacking(place, name);
}
