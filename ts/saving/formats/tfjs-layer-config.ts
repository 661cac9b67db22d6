/**
 * Models and layers of TensorFlow.js in the form of Keras 2, which older-configs.ts upgrades.
 *
 * @module
 */

import { isPlain } from "../../brands.js";
import { isList } from "../../options.js";
import { SHARED_LAYERS } from "./tfjs-layers.js";
import { fromTfjs, refuseArgument } from "./tfjs-parts.js";

type Config = Readonly<Record<string, unknown>>;

/** Layers of TensorFlow.js with different names or values of arguments. */
const OTHERS: Readonly<Record<string, (config: Config) => readonly [className: string, config: Config]>> = {
  Reshape: ({ target_shape: shape, ...config }) => [
    "Reshape",
    { ...config, target_shape: isList(shape) ? shape.map((length) => length ?? -1) : shape },
  ],
  ThresholdedReLU: ({ theta, ...config }) => ["ReLU", { ...config, threshold: theta ?? 1 }],
};

/** A model or a layer, with its contents. JSON of another form is returned unchanged, for later readers. */
export function kerasNode(file: string, saved: unknown): unknown {
  if (!isPlain(saved)) return saved;
  const { class_name: className, config, ...others } = saved as Config;
  if (typeof className !== "string") return saved;
  const layers = isList(config) ? config : isPlain(config) ? (config as Config).layers : undefined;
  if (!isList(layers)) {
    if (!isPlain(config)) return saved;
    const [name, converted] = layer(file, className, config as Config);
    return { ...others, class_name: name, config: converted };
  }
  const inner = layers.map((each) => kerasNode(file, each));
  if (isList(config)) return { ...saved, config: inner };
  const shape = className === "Sequential" ? shapeOfInner(layers[0]) : undefined;
  // Keras 2 builds a Sequential whose first layer is a built model.
  const built = shape === undefined ? {} : { build_input_shape: shape };
  return { ...saved, config: { ...built, ...(config as Config), layers: inner } };
}

/** Shape of the input of an inner model, `undefined` for layers and for several inputs. */
function shapeOfInner(saved: unknown): unknown {
  const { class_name: className, layers, input_layers: ends } = { ...objectIn(saved), ...objectIn(saved, "config") };
  if (!isList(layers) || (className !== "Sequential" && !(isList(ends) && ends.length === 1))) return undefined;
  const shapes = layers.map((each) => objectIn(each, "config").batch_input_shape);
  return shapes.find(isList) ?? shapeOfInner(layers[0]);
}

/** The object, or the one under `key`; an empty object instead of other values. */
function objectIn(value: unknown, key?: string): Config {
  const found = isPlain(value) && key !== undefined ? (value as Config)[key] : value;
  return isPlain(found) ? (found as Config) : {};
}

/** Arguments without meaning in gradstep: Embedding's input length, which is that of the data. */
const DROPPED: ReadonlySet<string> = new Set(["input_length", "input_dtype"]);

/** A layer's class and config. @throws ValueError for masks */
function layer(file: string, className: string, given: Config): readonly [string, Config] {
  const renamed = Object.hasOwn(SHARED_LAYERS, className) ? SHARED_LAYERS[className]?.renamed : undefined;
  const names = new Map(Object.entries(renamed ?? {}).map(([ours, theirs]) => [theirs, ours]));
  const config: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    // As always in Keras, null stands for the default.
    if (DROPPED.has(name) || value === null) continue;
    const key = names.get(name) ?? name;
    config[key] = fromTfjs({ owner: file, layer: String(given.name), className, key: name }, value);
  }
  if (config.mask_zero === true) {
    refuseArgument(
      { owner: file, layer: String(given.name), className, key: "mask_zero" },
      "masks are not supported; set it to false if padding may be treated as data.",
    );
  }
  const other = Object.hasOwn(OTHERS, className) ? OTHERS[className] : undefined;
  return other === undefined ? [className, config] : other(config);
}
