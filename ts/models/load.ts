/**
 * Models from JSON that `toJSON`, or Python's Keras, wrote.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { InputLayer } from "../layers/input-layer.js";
import type { Layer } from "../layers/layer.js";
import { type CustomLayers, deserialize as deserializeLayer } from "../layers/registry.js";
import type { SymbolicTensor } from "../layers/symbolic.js";
import { type CustomOptimizers, deserialize as deserializeOptimizer } from "../optimizers/registry.js";
import { shown } from "../options.js";
import type { GraphEnds } from "./graph.js";
import { Model } from "./model.js";
import type { KerasHistory, SavedModel, SavedNode, SavedTensor } from "./saved-model.js";
import { Sequential } from "./sequential.js";

/**
 * A model from JSON, compiled if it was when it was saved. Weights are not in it: `setWeights` has them.
 *
 * @param json - Text or object, of `toJSON()` here or `to_json()` in Python.
 * @param customLayers - Layer classes of your own, by the names they were saved under.
 * @param customOptimizers - Optimizer classes of your own, likewise.
 * @throws ValueError, TypeError for what is no model, or has layers that nobody knows
 * @example
 * ```ts
 * import { layers, modelFromJSON, Sequential } from "gradstep";
 *
 * const model = new Sequential([new layers.Dense(3, { inputShape: [4] })]);
 * const copy = modelFromJSON(JSON.stringify(model));
 * copy.setWeights(model.getWeights());
 * console.log(copy.countParams()); // 15
 * ```
 */
export function modelFromJSON(
  json: string | object,
  customLayers: CustomLayers = {},
  customOptimizers: CustomOptimizers = {},
): Model {
  const saved = parsed(json);
  const model = made(saved, customLayers);
  const { compile_config: compiled } = saved;
  if (compiled && Object.keys(compiled).length > 0) {
    model.compile({
      optimizer: deserializeOptimizer(compiled.optimizer, customOptimizers),
      loss: (compiled.loss ?? null) as never,
      lossWeights: (compiled.loss_weights ?? null) as never,
      metrics: (compiled.metrics ?? null) as never,
      weightedMetrics: (compiled.weighted_metrics ?? null) as never,
    });
  }
  return model;
}

function parsed(json: unknown): SavedModel {
  let value = json;
  if (typeof json === "string") {
    try {
      value = JSON.parse(json);
    } catch (cause) {
      throw new ValueError("ERR_CONFIG_INVALID", `modelFromJSON: this is no JSON: ${(cause as Error).message}`);
    }
  }
  if (typeof value !== "object" || value === null || !("class_name" in value) || !("config" in value)) {
    throw new ArgumentTypeError(
      "ERR_CONFIG_INVALID",
      `modelFromJSON: expected { class_name, config } of a model, got ${shown(value)}.`,
    );
  }
  return value as SavedModel;
}

function made(saved: SavedModel, customLayers: CustomLayers): Model {
  if (saved.class_name === "Sequential") return sequential(saved, customLayers);
  if (saved.class_name === "Functional" || saved.class_name === "Model") return functional(saved, customLayers);
  throw new ValueError(
    "ERR_CONFIG_UNKNOWN_CLASS",
    `modelFromJSON makes Sequential and Functional models, not ${shown(saved.class_name)}.`,
  );
}

function sequential({ config, build_config }: SavedModel, customLayers: CustomLayers): Sequential {
  const list = entries<SavedNode>("layers", config.layers);
  const model = new Sequential(
    list.map((layer) => layerOf(layer, customLayers)),
    options(config),
  );
  const shape = config.build_input_shape ?? build_config?.input_shape;
  if (Array.isArray(shape) && !model.built) model.build(shape);
  return model;
}

function functional({ config }: SavedModel, customLayers: CustomLayers): Model {
  const nodes = entries<SavedNode>("layers", config.layers);
  const layers = new Map<string, Layer>(nodes.map((node) => [node.name, layerOf(node, customLayers)]));
  /** What each call of a layer gave, in the order of its calls. */
  const results = new Map<string, SymbolicTensor[]>();
  for (const [name, layer] of layers) {
    results.set(name, layer instanceof InputLayer ? [layer.output] : []);
  }
  const find = ([name, call]: KerasHistory): SymbolicTensor | undefined => results.get(name)?.[call];
  let waiting = nodes.flatMap((node) => node.inbound_nodes.map((call, index) => ({ node, call, index })));
  while (waiting.length > 0) {
    const before = waiting.length;
    waiting = waiting.filter(({ node, call, index }) => {
      const list = results.get(node.name) as SymbolicTensor[];
      const [argument] = call.args;
      const tensors = (Array.isArray(argument) ? argument : [argument]) as SavedTensor[];
      const inputs = tensors.map((tensor) => find(history(tensor)));
      if (list.length !== index || inputs.some((input) => input === undefined)) return true;
      const layer = layers.get(node.name) as Layer;
      const given = Array.isArray(argument) ? inputs : inputs[0];
      list.push(layer.apply(given as never) as SymbolicTensor);
      return false;
    });
    if (waiting.length === before) {
      throw new ValueError(
        "ERR_CONFIG_INVALID",
        `modelFromJSON: the layers ${waiting.map(({ node }) => `"${node.name}"`).join(", ")} are called with tensors that no layer gives.`,
      );
    }
  }
  const end = (key: string, value: unknown): SymbolicTensor => {
    const found = find(value as KerasHistory);
    if (found !== undefined) return found;
    throw new ValueError("ERR_CONFIG_INVALID", `modelFromJSON: "${key}" names ${shown(value)}, which no layer gives.`);
  };
  const ends = (key: string): GraphEnds => {
    const value = config[key] as unknown;
    // One end is written flat, ["a", 0, 0]; several as a list of such, or by name.
    if (Array.isArray(value))
      return typeof value[0] === "string" ? end(key, value) : value.map((entry) => end(key, entry));
    return Object.fromEntries(Object.entries(value ?? {}).map(([name, entry]) => [name, end(key, entry)]));
  };
  return new Model({ ...options(config), inputs: ends("input_layers"), outputs: ends("output_layers") });
}

/** A layer, or a model that is one. */
function layerOf(saved: SavedNode, customLayers: CustomLayers): Layer {
  const isModel = /^(Sequential|Functional)$/.test(saved.class_name);
  return isModel ? made(saved, customLayers) : deserializeLayer(saved, customLayers);
}

function options({ name, trainable }: Record<string, unknown>): { name?: string; trainable?: boolean } {
  return {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof trainable === "boolean" ? { trainable } : {}),
  };
}

function history(tensor: unknown): KerasHistory {
  const found = (tensor as Partial<SavedTensor> | undefined)?.config?.keras_history;
  if (Array.isArray(found)) return found as unknown as KerasHistory;
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `modelFromJSON: a layer is called with ${shown(tensor)}, which is no tensor.`,
  );
}

function entries<T>(key: string, value: unknown): readonly T[] {
  if (Array.isArray(value)) return value as T[];
  throw new ValueError("ERR_CONFIG_INVALID", `modelFromJSON: "${key}" must be a list, got ${shown(value)}.`);
}
