/**
 * Models' configs of Keras 1 and 2, and of TensorFlow.js: Sequential lists, and the calls of functional models.
 *
 * @module
 */

import { own } from "../../custom-objects.js";
import { isList, shown } from "../../options.js";
import type { PlainObject } from "../../plain-json.js";
import { currentLayer, refuse } from "./layers.js";

type IsCustom = (name: string) => boolean;

const isSequential = (name: unknown) => name === "Sequential";
const isFunctional = (name: unknown) => name === "Functional" || name === "Model";

/** A model or a layer, upgraded with its contents. */
export function currentNode(saved: unknown, isCustom: IsCustom): PlainObject {
  if (typeof saved !== "object" || saved === null || isList(saved)) {
    return refuse(`a layer must be { class_name, config }, got ${shown(saved)}`);
  }
  const [name, config] = [own(saved, "class_name"), own(saved, "config")];
  if (isSequential(name)) return { ...saved, config: sequential(config, isCustom) };
  if (isFunctional(name) && isPlainObject(config)) {
    return { ...saved, class_name: "Functional", config: functional(config, isCustom) };
  }
  return currentLayer(saved as PlainObject, isCustom);
}

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !isList(value);
}

function listIn(config: PlainObject, key: string): readonly unknown[] {
  const list = own(config, key);
  return isList(list) ? list : refuse(`"${key}" must be a list, got ${shown(list)}`);
}

/** Keras 1, and Keras 2 up to 2.2.2, only saved the layers. */
function sequential(config: unknown, isCustom: IsCustom): PlainObject {
  const given = isList(config) ? { layers: config } : config;
  if (!isPlainObject(given)) return refuse(`the config of a Sequential must be an object, got ${shown(config)}`);
  const layers = listIn(given, "layers");
  const first = layers[0];
  const ofFirst = isPlainObject(first) ? own(first, "config") : undefined;
  const shape = isPlainObject(ofFirst) ? own(ofFirst, "batch_input_shape") : undefined;
  const needsInput = isList(shape) && own(first as object, "class_name") !== "InputLayer";
  const name = needsInput ? own(ofFirst as object, "name") : undefined;
  const input = {
    class_name: "InputLayer",
    config: { batch_shape: shape, ...(typeof name === "string" ? { name: `${name}_input` } : {}) },
  };
  return { ...given, layers: [...(needsInput ? [input] : []), ...layers.map((layer) => currentNode(layer, isCustom))] };
}

function functional(config: PlainObject, isCustom: IsCustom): PlainObject {
  const nodes = listIn(config, "layers").filter(isPlainObject);
  const shift = shifts(nodes, config);
  const history = (value: unknown) => {
    if (!isList(value) || typeof value[0] !== "string") return value;
    return [value[0], Number(value[1]) - (shift.get(value[0]) ?? 0), value[2] ?? 0];
  };
  const first = new Map(nodes.map((node) => [nameOf(node), isFunctional(own(node, "class_name")) ? 1 : 0]));
  const end = (value: unknown) => {
    const now = history(value);
    return isList(now) ? [now[0], Number(now[1]) + (first.get(now[0]) ?? 0), now[2]] : now;
  };
  const ends = (key: string) => {
    const value = own(config, key);
    if (!isList(value)) return value;
    if (typeof value[0] === "string") return end(value);
    return value.length === 1 ? end(value[0]) : value.map(end);
  };
  const layers = nodes.map((node) => ({
    ...currentNode(node, isCustom),
    name: nameOf(node),
    inbound_nodes: callsOf(node).map((call) => currentCall(nameOf(node), call, history)),
  }));
  return { ...config, layers, input_layers: ends("input_layers"), output_layers: ends("output_layers") };
}

function nameOf(node: PlainObject): unknown {
  const config = own(node, "config");
  return own(node, "name") ?? (isPlainObject(config) ? own(config, "name") : undefined);
}

function callsOf(node: PlainObject): readonly unknown[] {
  const calls = own(node, "inbound_nodes");
  return isList(calls) ? calls : [];
}

/** Inputs of a call, as [name, node, tensor, arguments]. */
function inputsOf(call: unknown): readonly unknown[] {
  if (!isList(call)) return [];
  return typeof call[0] === "string" ? [call] : call;
}

/** A call in the form of Keras 3. A single input is passed directly, several as a list. */
function currentCall(name: unknown, call: unknown, history: (value: unknown) => unknown): unknown {
  if (!isList(call)) return call;
  const inputs = inputsOf(call);
  const kwargs: PlainObject = {};
  const tensors = inputs.map((input) => {
    if (!isList(input) || typeof input[0] !== "string") {
      return refuse(`${shown(name)} is called with ${shown(input)}, where [layer, node, tensor, arguments] must stand`);
    }
    if (isPlainObject(input[3])) Object.assign(kwargs, input[3]);
    return { class_name: "__keras_tensor__", config: { keras_history: history(input) } };
  });
  return { args: tensors.length === 1 ? tensors : [tensors], kwargs };
}

/**
 * 1 for nested models: Keras 2 and TensorFlow.js count the call that created a nested model as its first one, which is
 * not in the file. Detected by an index that no call in the file has.
 */
function shifts(nodes: readonly PlainObject[], config: PlainObject): Map<string, number> {
  const highest = new Map<string, number>();
  const see = (value: unknown) => {
    if (!isList(value) || typeof value[0] !== "string") return;
    highest.set(value[0], Math.max(highest.get(value[0]) ?? 0, Number(value[1])));
  };
  for (const node of nodes) for (const call of callsOf(node)) for (const input of inputsOf(call)) see(input);
  for (const key of ["input_layers", "output_layers"]) for (const end of inputsOf(own(config, key))) see(end);
  const found = new Map<string, number>();
  for (const node of nodes) {
    const [kind, name] = [own(node, "class_name"), nameOf(node)];
    if (!(isSequential(kind) || isFunctional(kind)) || typeof name !== "string") continue;
    if ((highest.get(name) ?? 0) >= callsOf(node).length) found.set(name, 1);
  }
  return found;
}
