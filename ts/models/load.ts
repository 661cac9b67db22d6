/**
 * Models from JSON of `toJSON` or Python's Keras.
 *
 * @module
 */

import { isReadable } from "../brands.js";
import { type CustomObjects, customObject, own, unpackaged, withCustomObjects } from "../custom-objects.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { withKeysOf } from "../keras-names.js";
import type { Layer } from "../layers/layer.js";
import type { LayerShape } from "../layers/layer-shape.js";
import { deserialize as deserializeLayer } from "../layers/registry.js";
import { checkCount, isList, shown } from "../options.js";
import { copied, type PlainObject } from "../plain-json.js";
import { refusable } from "../undo.js";
import { compileOptionsOf } from "./load-compiled.js";
import { functionalEnds } from "./load-graph.js";
import { Model } from "./model.js";
import { isOperation } from "./operations.js";
import { addOptimizers } from "./own-optimizers.js";
import { Sequential } from "./sequential.js";

/**
 * Creates a model from JSON, compiled if the saved model was compiled. JSON contains no weights: set them with `setWeights`.
 *
 * @param json - Text or object, from `stringify(model)` or `toJSON()` here, or `to_json()` in Python.
 * @param customObjects - Custom classes and functions of any family (layers, optimizers, schedules, losses, metrics,
 * activations, initializers, regularizers, constraints), by the names under which they were saved.
 * @param customOptimizers - More of them. Default: none.
 * @returns A new model; a {@link Sequential} if the saved model was one.
 * @throws ValueError, TypeError (`ERR_CONFIG_INVALID`) for anything but a model, and for arguments that a class
 * refuses; (`ERR_CONFIG_UNKNOWN_CLASS`) for an unknown class or function
 * @throws TypeError (`ERR_OPTION_TYPE`, `ERR_OTHER_COPY`) for custom objects that are not an object of classes and
 * functions
 * @see [keras.models.model_from_json](https://keras.io/api/models/model_saving_apis/model_config_serialization/)
 * @example
 * ```ts
 * import { layers, modelFromJSON, Sequential, stringify } from "gradstep";
 *
 * const model = new Sequential([new layers.Dense(3, { inputShape: [4] })]);
 * const copy = modelFromJSON(stringify(model));
 * copy.setWeights(model.getWeights());
 * console.log(copy.countParams()); // 15
 * ```
 */
export function modelFromJSON(
  json: string | object,
  customObjects?: CustomObjects,
  customOptimizers?: CustomObjects,
): Model {
  checkCount("modelFromJSON", arguments.length, 3);
  const owner = "modelFromJSON";
  return withCustomObjects(owner, customObjects, () =>
    withCustomObjects(owner, customOptimizers, () => {
      const saved = checkedModel(copied(owner, parsed(json)));
      return refusable(() => {
        const model = made(saved);
        const compiled = own(saved, "compile_config");
        const options = compiled === undefined || compiled === null ? null : compileOptionsOf(compiled);
        const stats = own(saved, "stats") === true ? { stats: true } : {};
        if (options !== null) withKeysOf(compiled as PlainObject, () => model.compile({ ...options, ...stats }));
        addOptimizers(model, own(saved, "optimizers"));
        return model;
      });
    }),
  );
}

function parsed(json: unknown): unknown {
  if (typeof json !== "string") return json;
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ValueError("ERR_CONFIG_INVALID", `modelFromJSON: the text is not JSON: ${(cause as Error).message}`);
  }
}

/** A model's JSON with a class and a config. */
interface CheckedModel extends PlainObject {
  readonly class_name: string;
  readonly config: PlainObject;
}

function checkedModel(value: unknown): CheckedModel {
  if (isReadable(value) && !isList(value)) {
    const config = own(value, "config");
    const isNamed = typeof own(value, "class_name") === "string";
    if (isNamed && typeof config === "object" && config !== null && !isList(config)) return value as CheckedModel;
  }
  throw new ArgumentTypeError(
    "ERR_CONFIG_INVALID",
    `modelFromJSON: expected { class_name, config } of a model, got ${shown(value)}.`,
  );
}

const isSequential = (name: unknown) => name === "Sequential";
const isFunctional = (name: unknown) => name === "Functional" || name === "Model";

/** A subclass of a model. */
type ModelClass = { new (...args: never[]): Model; fromConfig(config: object): Model };

/** The class of a model, among the custom objects. */
function customClass(saved: PlainObject): ModelClass | undefined {
  const names = [own(saved, "registered_name"), own(saved, "class_name")];
  const all = [names[0], typeof names[0] === "string" ? unpackaged(names[0]) : null, names[1]];
  const isModel = (found: object) => (found as { prototype?: unknown }).prototype instanceof Model;
  return customObject(all, "a class that extends Model", isModel) as ModelClass | undefined;
}

function made(saved: CheckedModel): Model {
  const isBuiltIn = isSequential(saved.class_name) || isFunctional(saved.class_name);
  const custom = isBuiltIn ? undefined : customClass(saved);
  const { config } = saved;
  // A subclass is saved as its base class, unless its config has another form.
  const isOwn = custom !== undefined && custom.fromConfig !== Model.fromConfig;
  if (custom !== undefined && (isOwn || !isList(own(config, "layers")))) {
    const model = withKeysOf(config, () => custom.fromConfig(config));
    buildFor(model, builtShape(saved));
    return model;
  }
  const isStack = custom === undefined ? isSequential(saved.class_name) : custom.prototype instanceof Sequential;
  if (isStack) return sequential(saved, (custom ?? Sequential) as typeof Sequential);
  if (custom !== undefined || isFunctional(saved.class_name)) {
    const layers = entries(config, "layers").map((entry) => {
      const node = nodeOf(entry);
      return [node, isOperation(node) ? undefined : layerOf(node)] as const;
    });
    const Made = (custom ?? Model) as typeof Model;
    return withKeysOf(config, () => new Made({ ...options(config), ...functionalEnds(config, layers) }));
  }
  throw new ValueError(
    "ERR_CONFIG_UNKNOWN_CLASS",
    `modelFromJSON creates Sequential and Functional models, not ${shown(saved.class_name)}. Pass a subclass in customObjects.`,
  );
}

/** The shape that a model was built for; Keras has an object of shapes if inputs have names. */
function builtShape({ build_config: built }: PlainObject): unknown {
  return typeof built === "object" && built !== null ? own(built, "input_shape") : undefined;
}

/** Creates missing weights, so that they can be set. */
function buildFor(layer: Layer, shape: unknown): void {
  if (isList(shape) && !layer.built) layer.build(shape as LayerShape);
}

function sequential(saved: CheckedModel, Made: typeof Sequential): Sequential {
  const { config } = saved;
  const layers = entries(config, "layers").map((layer) => layerOf(nodeOf(layer)));
  const model = withKeysOf(config, () => new Made(layers, options(config)));
  const shape = own(config, "build_input_shape") ?? builtShape(saved);
  if (model.built) return model;
  if (!isList(shape)) {
    // As in Keras, layers built by hand have weights, which can be set.
    entries(config, "layers").forEach((layer, i) => buildFor(layers[i]!, builtShape(nodeOf(layer))));
    return model;
  }
  if (shape.every((length) => length === null || (Number.isSafeInteger(length) && (length as number) >= 0))) {
    model.build(shape as LayerShape);
    return model;
  }
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `modelFromJSON: "build_input_shape" must be a list of lengths, null for unknown ones, got ${shown(shape)}.`,
  );
}

/** A layer, or a model that is one. */
function layerOf(saved: unknown): Layer {
  const name = typeof saved === "object" && saved !== null ? own(saved, "class_name") : undefined;
  return isSequential(name) || isFunctional(name) ? made(checkedModel(saved)) : deserializeLayer(saved);
}

function options(config: PlainObject): { name?: string; trainable?: boolean } {
  const [name, trainable] = [own(config, "name"), own(config, "trainable")];
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof trainable === "boolean" ? { trainable } : {}),
  };
}

function nodeOf(value: unknown): PlainObject {
  if (typeof value === "object" && value !== null && !isList(value)) return value as PlainObject;
  throw new ArgumentTypeError(
    "ERR_CONFIG_INVALID",
    `modelFromJSON: "layers" must be a list of layers, got ${shown(value)} in it.`,
  );
}

function entries(config: PlainObject, key: string): readonly unknown[] {
  const value = own(config, key);
  // A plain copy: map() of a list with its own "constructor" would call that.
  if (isList(value)) return Array.from(value);
  throw new ValueError("ERR_CONFIG_INVALID", `modelFromJSON: "${key}" must be a list, got ${shown(value)}.`);
}
