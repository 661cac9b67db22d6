/**
 * Models in the form of TensorFlow.js: the JSON of Keras 2.
 *
 * @module
 */

import { ValueError } from "../../errors.js";
import { firstCall } from "../../models/saved-model.js";
import { isList, shown } from "../../options.js";
import { SHARED_LAYERS, UNSAVED, WITHOUT_EFFECT } from "./tfjs-layers.js";
import { type Place, refuseArgument, toTfjs } from "./tfjs-parts.js";

type Config = Readonly<Record<string, unknown>>;

/** JSON of a layer or a model, of Keras 3. */
interface Saved {
  readonly class_name: string;
  readonly config: Config;
  readonly registered_name?: unknown;
  readonly build_config?: { readonly input_shape?: unknown } | undefined;
}

/** A layer of a functional model. */
interface SavedNode extends Saved {
  readonly name: string;
  readonly inbound_nodes: readonly { readonly args: readonly unknown[]; readonly kwargs: Config }[];
}

const OWNER = "saveModel";

const isModel = (name: string) => name === "Sequential" || name === "Functional";

/** The model for TensorFlow.js. @throws ValueError if it lacks something; names layer and argument */
export function topologyOf(model: Saved): { class_name: string; config: unknown } {
  if (model.class_name === "Sequential") return sequential(model);
  if (model.class_name === "Functional") return functional(model.config);
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `${OWNER}: ${shown(model.config.name)} is a ${model.class_name}; TensorFlow.js reads Sequential and functional models.`,
  );
}

function sequential({ config, build_config: built }: Saved) {
  const layers = config.layers as readonly Saved[];
  const input = layers[0]?.class_name === "InputLayer" ? layers[0].config.batch_shape : undefined;
  const shape = input ?? config.build_input_shape ?? built?.input_shape;
  const others = input === undefined ? layers : layers.slice(1);
  return {
    class_name: "Sequential",
    config: {
      name: config.name,
      layers: others.map((layer, i) => {
        if (isModel(layer.class_name)) return topologyOf(withShape(layer, i === 0 ? shape : undefined));
        const first = i === 0 && shape !== undefined ? { batch_input_shape: shape } : {};
        return { class_name: layer.class_name, config: { ...first, ...layerConfig(layer) } };
      }),
    },
  };
}

/** A Sequential without a shape has that of the outer model. */
function withShape(layer: Saved, shape: unknown): Saved {
  if (layer.class_name !== "Sequential" || shape === undefined || layer.config.build_input_shape !== undefined) {
    return layer;
  }
  return { ...layer, config: { ...layer.config, build_input_shape: shape } };
}

type History = readonly [name: string, node: number, tensor: number];

function functional(config: Config) {
  const layers = config.layers as readonly SavedNode[];
  const models = new Map(layers.flatMap((layer) => (isModel(layer.class_name) ? [[layer.name, layer]] : [])));
  // Node 0 of an inner model is its graph.
  const moved = ([name, node, tensor]: History) => [name, models.has(name) ? node + 1 : node, tensor];
  const movedEnd = ([name, node, tensor]: History) => {
    const model = models.get(name);
    return [name, model === undefined ? node : node + 1 - firstCall(model), tensor];
  };
  const ends = (value: unknown): unknown[] => {
    const list = isList(value) ? (typeof value[0] === "string" ? [value] : value) : Object.values(value as object);
    return list.map((history) => movedEnd(history as unknown as History));
  };
  return {
    class_name: "Model",
    config: {
      name: config.name,
      layers: layers.map((layer) => ({
        name: layer.name,
        ...(isModel(layer.class_name)
          ? topologyOf(layer)
          : { class_name: layer.class_name, config: layerConfig(layer) }),
        inbound_nodes: layer.inbound_nodes.map(({ args, kwargs }) => {
          const odd = Object.keys(kwargs).find((key) => kwargs[key] !== null);
          if (odd !== undefined) {
            refuseArgument(
              { owner: OWNER, layer: layer.name, className: layer.class_name, key: odd },
              `it is called with ${shown(kwargs[odd])}, and TensorFlow.js saves no arguments of calls. Save the model as "keras".`,
            );
          }
          const inputs = args.flatMap((arg) => (isNamed(arg) ? Object.values(arg) : arg));
          return inputs.map((tensor) => {
            const { keras_history: history } = (tensor as { config: { keras_history: History } }).config;
            return [...moved(history), {}];
          });
        }),
      })),
      input_layers: ends(config.input_layers),
      output_layers: ends(config.output_layers),
    },
  };
}

/** Inputs by name, of a nested model. */
function isNamed(arg: unknown): arg is object {
  return typeof arg === "object" && arg !== null && !isList(arg) && !("class_name" in arg);
}

/** Arguments of a layer for TensorFlow.js. */
function layerConfig(layer: Saved): Config {
  const { class_name: className, config } = layer;
  const at = (key: string): Place => ({ owner: OWNER, layer: String(config.name), className, key });
  if (className === "InputLayer") {
    const { name, batch_shape: shape, dtype } = config;
    return { batch_input_shape: shape, dtype, sparse: false, name };
  }
  const shared = Object.hasOwn(SHARED_LAYERS, className) ? SHARED_LAYERS[className] : undefined;
  if (shared === undefined || typeof layer.registered_name === "string") {
    return refuseArgument(
      at("class_name"),
      `TensorFlow.js has no such layer. Save the model as "keras", or use one of ${Object.keys(SHARED_LAYERS).join(", ")}.`,
    );
  }
  const written: Record<string, unknown> = { name: config.name, trainable: config.trainable, dtype: "float32" };
  for (const [key, value] of Object.entries(config)) {
    if (key === "name" || key === "trainable") continue;
    const only = shared.only?.[key];
    if (only !== undefined && !only.includes(value)) {
      refuseArgument(
        at(key),
        `TensorFlow.js has ${only.map(shown).join(" and ")} only, and it is ${shown(value)}. Save the model as "keras".`,
      );
    }
    if (key === shared.lastAxis && !isLastAxis(layer, value)) {
      refuseArgument(
        at(key),
        `TensorFlow.js has the last axis only, and it is ${shown(value)}. Save the model as "keras".`,
      );
    }
    if (shared.keys.includes(key)) written[shared.renamed?.[key] ?? key] = toTfjs(at(key), value);
    else if (!UNSAVED.has(key) && !hasNoEffect(key, value)) {
      refuseArgument(at(key), `TensorFlow.js lacks it, and it is ${shown(value)}. Save the model as "keras".`);
    }
  }
  return written;
}

function isLastAxis({ build_config: built }: Saved, axis: unknown): boolean {
  const shape = built?.input_shape;
  return axis === -1 || (isList(shape) && axis === shape.length - 1);
}

function hasNoEffect(key: string, value: unknown): boolean {
  const values = Object.hasOwn(WITHOUT_EFFECT, key) ? WITHOUT_EFFECT[key]! : [];
  return values.includes(isList(value) ? String(value) : value);
}
