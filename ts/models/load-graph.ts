/**
 * The graph of a functional model from its JSON: the recorded calls of layers are repeated.
 *
 * @module
 */

import { own } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { InputLayer } from "../layers/input-layer.js";
import type { Layer, SymbolicTensor } from "../layers/layer.js";
import { isList, shown } from "../options.js";
import type { PlainObject } from "../plain-json.js";
import type { GraphEnds } from "./graph.js";
import { readOperation } from "./operations.js";
import type { KerasHistory } from "./saved-model.js";

/** A call of a layer, as in the file. */
interface SavedCall {
  readonly name: string;
  readonly layer: Layer | undefined;
  /** An operation instead of a layer. */
  readonly operation?: PlainObject;
  /** Index among the calls of its layer. */
  readonly index: number;
  /** Sources of its inputs: one, or a list. */
  readonly inputs: KerasHistory | readonly KerasHistory[];
  readonly training: boolean | undefined;
  /** Arguments of an operation. */
  readonly call?: CallParts;
}

interface CallParts {
  readonly args: readonly unknown[];
  readonly kwargs: PlainObject;
}

/**
 * Calls the layers.
 *
 * @param layers - Each with its JSON, in the file's order; undefined for operations.
 * @throws ValueError for unreachable calls and malformed JSON
 */
export function functionalEnds(
  config: PlainObject,
  layers: readonly (readonly [PlainObject, Layer | undefined])[],
): { inputs: GraphEnds; outputs: GraphEnds } {
  /** Results of each call of a layer, in the order of its calls. */
  const results = new Map<string, (readonly SymbolicTensor[])[]>();
  const calls: SavedCall[] = [];
  for (const [node, layer] of layers) {
    const name = own(node, "name") ?? layer?.name;
    if (typeof name !== "string" || results.has(name)) {
      refuse(`each layer must have its own name, got ${shown(name)}`);
    }
    results.set(name, layer instanceof InputLayer ? [[layer.output]] : []);
    for (const [index, call] of nodesOf(node, name).entries()) {
      if (layer !== undefined) calls.push({ name, layer, index, ...callOf(name, call) });
      else
        calls.push({ name, layer, index, operation: node, call: partsOf(name, call), inputs: [], training: undefined });
    }
  }
  const find = ([name, call, at]: KerasHistory): SymbolicTensor | undefined => results.get(name)?.[call]?.[at ?? 0];
  run(calls, results, find);
  const end = (key: string, value: unknown): SymbolicTensor => {
    const found = isHistory(value) ? find(value) : undefined;
    return found ?? refuse(`"${key}" names ${shown(value)}, which no layer gives`);
  };
  const ends = (key: string): GraphEnds => {
    const value = own(config, key);
    // One end is written flat, ["a", 0, 0]; several as a list of such, or by name.
    if (isList(value)) {
      return typeof value[0] === "string" ? end(key, value) : value.map((entry) => end(key, entry));
    }
    if (typeof value !== "object" || value === null) refuse(`"${key}" must name layers, got ${shown(value)}`);
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, end(key, entry)]));
  };
  return { inputs: ends("input_layers"), outputs: ends("output_layers") };
}

/** Makes the calls in an order in which each has its inputs. */
function run(
  calls: readonly SavedCall[],
  results: ReadonlyMap<string, (readonly SymbolicTensor[])[]>,
  find: (history: KerasHistory) => SymbolicTensor | undefined,
): void {
  let waiting = calls;
  while (waiting.length > 0) {
    const later = waiting.filter(({ name, layer, operation, call, index, inputs, training }) => {
      const list = results.get(name) as (readonly SymbolicTensor[])[];
      if (layer === undefined) {
        const { args, kwargs } = call as CallParts;
        const histories = historiesIn([args, kwargs]);
        if (list.length !== index || histories.some((history) => find(history) === undefined)) return true;
        list.push(
          readOperation(name, operation as PlainObject, { args, kwargs }, (json) => {
            const [history] = historiesOf(json);
            return history === undefined ? undefined : find(history);
          }),
        );
        return false;
      }
      const found = isHistory(inputs) ? [find(inputs)] : inputs.map(find);
      if (list.length !== index || found.some((input) => input === undefined)) return true;
      const given = isHistory(inputs) ? found[0] : found;
      list.push([layer.apply(given as never, { training }) as SymbolicTensor]);
      return false;
    });
    if (later.length === waiting.length) {
      refuse(
        `no layer gives the tensors that these are called with: ${later.map(({ name }) => `"${name}"`).join(", ")}`,
      );
    }
    waiting = later;
  }
}

function nodesOf(node: PlainObject, name: string): readonly unknown[] {
  const nodes = own(node, "inbound_nodes");
  return isList(nodes) ? nodes : refuse(`"inbound_nodes" of "${name}" must be a list, got ${shown(nodes)}`);
}

/** Inputs and arguments of one call. Keras writes inputs by position, or as "inputs" if they were passed by name. */
function callOf(name: string, call: unknown): Pick<SavedCall, "inputs" | "training"> {
  const { args, kwargs } = partsOf(name, call);
  const { inputs = args[0], training = null, ...others } = kwargs;
  const unknown = Object.keys(others).find((key) => others[key] !== null);
  if (unknown !== undefined || args.length > 1) {
    const what = unknown === undefined ? `${args.length} arguments by position` : `the argument "${unknown}"`;
    refuse(`"${name}" is called with ${what}; here layers take their inputs, one or a list, and "training"`);
  }
  if (training !== null && typeof training !== "boolean") {
    refuse(`"${name}" is called with "training" ${shown(training)}, which must be true, false or null`);
  }
  const history = (tensor: unknown) => historyOf(name, tensor);
  return {
    inputs: isList(inputs) ? inputs.map(history) : history(inputs),
    training: training ?? undefined,
  };
}

/** Arguments of a call by position, and by name. */
function partsOf(name: string, call: unknown): CallParts {
  const isObject = typeof call === "object" && call !== null && !isList(call);
  const args = isObject ? own(call, "args") : undefined;
  const kwargs = (isObject ? own(call, "kwargs") : undefined) ?? {};
  if (!isList(args) || typeof kwargs !== "object" || isList(kwargs)) {
    refuse(`"inbound_nodes" of "${name}" must have { args, kwargs }, got ${shown(call)}`);
  }
  return { args, kwargs: kwargs as PlainObject };
}

/** The origin of the tensor that JSON names; undefined for other JSON. */
function historiesOf(json: unknown): readonly KerasHistory[] {
  const config = typeof json === "object" && json !== null ? own(json, "config") : undefined;
  const found = typeof config === "object" && config !== null ? own(config, "keras_history") : undefined;
  return isHistory(found) ? [found] : [];
}

/** All of them in the arguments of an operation. */
function historiesIn(json: unknown): readonly KerasHistory[] {
  const own = historiesOf(json);
  if (own.length > 0 || typeof json !== "object" || json === null) return own;
  return Object.values(json).flatMap(historiesIn);
}

function historyOf(name: string, tensor: unknown): KerasHistory {
  const config = typeof tensor === "object" && tensor !== null ? own(tensor, "config") : undefined;
  const found = typeof config === "object" && config !== null ? own(config, "keras_history") : undefined;
  return isHistory(found)
    ? found
    : refuse(`the layer "${name}" is called with ${shown(tensor)}, which is not a tensor`);
}

function isHistory(value: unknown): value is KerasHistory {
  return isList(value) && typeof value[0] === "string" && Number.isSafeInteger(value[1]);
}

function refuse(message: string): never {
  throw new ValueError("ERR_CONFIG_INVALID", `modelFromJSON: ${message}.`);
}
