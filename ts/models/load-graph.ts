/**
 * The graph of a functional model from its JSON: the recorded calls of layers are repeated.
 *
 * @module
 */

import { isPlain } from "../brands.js";
import { own } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { InputLayer } from "../layers/input-layer.js";
import type { Layer, SymbolicTensor } from "../layers/layer.js";
import { resultList } from "../layers/results.js";
import { isList, shown } from "../options.js";
import type { PlainObject } from "../plain-json.js";
import type { GraphEnds } from "./graph.js";
import { readOperation } from "./operations.js";
import { firstCall, type KerasHistory } from "./saved-model.js";

/** A call of a layer, as in the file. */
interface SavedCall {
  readonly name: string;
  readonly layer: Layer | undefined;
  /** An operation instead of a layer. */
  readonly operation?: PlainObject;
  /** Index among the calls of its layer. */
  readonly index: number;
  /** Sources of its inputs. */
  readonly inputs: Histories;
  readonly training: boolean | undefined;
  /** Arguments of an operation. */
  readonly call?: CallParts;
}

/** Sources of one input, of a list of them, or of inputs by name. */
type Histories = KerasHistory | readonly KerasHistory[] | Readonly<Record<string, KerasHistory>>;

/** The same form, with `change` of each. */
function mapHistories<T>(inputs: Histories, change: (history: KerasHistory) => T): T | T[] | Record<string, T> {
  if (isHistory(inputs)) return change(inputs);
  if (isList(inputs)) return (inputs as readonly KerasHistory[]).map(change);
  return Object.fromEntries(Object.entries(inputs).map(([name, history]) => [name, change(history)]));
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
  const first = new Map<string, 0 | 1>();
  for (const [node, layer] of layers) {
    const name = own(node, "name") ?? layer?.name;
    if (typeof name !== "string" || results.has(name)) {
      refuse(`each layer needs a unique name, got ${shown(name)}`);
    }
    first.set(name, firstCall(node));
    results.set(name, layer instanceof InputLayer ? [[layer.output]] : []);
    for (const [index, call] of nodesOf(node, name).entries()) {
      if (layer !== undefined) calls.push({ name, layer, index, ...callOf(name, call) });
      else
        calls.push({ name, layer, index, operation: node, call: partsOf(name, call), inputs: [], training: undefined });
    }
  }
  const find = ([name, call, at]: KerasHistory): SymbolicTensor | undefined => results.get(name)?.[call]?.[at ?? 0];
  run(calls, results, find);
  /** Keras reads 0 as the last call, where it counts from 1. */
  const findEnd = ([name, call, at]: KerasHistory) => results.get(name)?.at(call - first.get(name)!)?.[at ?? 0];
  const end = (key: string, value: unknown): SymbolicTensor => {
    const found = isHistory(value) ? findEnd(value) : undefined;
    return found ?? refuse(`"${key}" names ${shown(value)}, which no layer outputs`);
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
  const made = new Set<SavedCall>();
  for (const saved of inTurn(calls, results)) {
    const { name, layer, operation, call, index, inputs, training } = saved;
    const list = results.get(name) as (readonly SymbolicTensor[])[];
    if (list.length !== index || historiesFor(saved).some((history) => find(history) === undefined)) continue;
    made.add(saved);
    if (layer === undefined) {
      list.push(
        readOperation(name, operation as PlainObject, call as CallParts, (json) => {
          const [history] = historiesOf(json);
          return history === undefined ? undefined : find(history);
        }),
      );
      continue;
    }
    const returned: unknown = layer.apply(mapHistories(inputs, find) as SymbolicTensor, { training });
    list.push(resultList(returned, layer.outputKeys) as readonly SymbolicTensor[]);
  }
  const left = calls.filter((call) => !made.has(call));
  if (left.length === 0) return;
  refuse(
    `no layer outputs the tensors that these layers are called with: ${left.map(({ name }) => `"${name}"`).join(", ")}`,
  );
}

/**
 * The calls whose inputs exist, in Keras's order. Keras makes passes over the file, and repeats each call in the first pass in
 * which its inputs exist. Here the number of that pass is computed, so each call is visited once.
 */
function inTurn(calls: readonly SavedCall[], results: ReadonlyMap<string, readonly unknown[]>): SavedCall[] {
  const places = new Map<string, number[]>();
  calls.forEach(({ name }, place) => {
    const list = places.get(name);
    if (list === undefined) places.set(name, [place]);
    else list.push(place);
  });
  const followers = calls.map((): number[] => []);
  const rounds = calls.map(() => 0);
  const missing = calls.map((call, place) => {
    const isInput = ([name, index]: KerasHistory) => (results.get(name)?.length ?? 0) > index;
    const before: KerasHistory[] = call.index > 0 ? [[call.name, call.index - 1, 0]] : [];
    const needed = [...historiesFor(call), ...before].filter((history) => !isInput(history));
    for (const [name, index] of needed) {
      const source = places.get(name)?.[index];
      if (source !== undefined) followers[source]?.push(place);
    }
    return needed.length;
  });
  const ready = calls.flatMap((_, place) => (missing[place] === 0 ? [place] : []));
  for (let i = 0; i < ready.length; i++) {
    const source = ready[i]!;
    for (const place of followers[source]!) {
      rounds[place] = Math.max(rounds[place]!, rounds[source]! + (source > place ? 1 : 0));
      missing[place] = missing[place]! - 1;
      if (missing[place] === 0) ready.push(place);
    }
  }
  const sorted = ready.sort((a, b) => rounds[a]! - rounds[b]! || a - b);
  return sorted.map((place) => calls[place]!);
}

/** Sources of the inputs of a call. */
function historiesFor({ layer, call, inputs }: SavedCall): readonly KerasHistory[] {
  if (layer === undefined) return historiesIn([call?.args, call?.kwargs]);
  return isHistory(inputs) ? [inputs] : Object.values(inputs);
}

function nodesOf(node: PlainObject, name: string): readonly unknown[] {
  const nodes = own(node, "inbound_nodes");
  return isList(nodes) ? nodes : refuse(`"inbound_nodes" of "${name}" must be a list, got ${shown(nodes)}`);
}

/** Inputs and arguments of one call. Keras writes inputs by position, or as "inputs" if they were passed by name. */
function callOf(name: string, call: unknown): Pick<SavedCall, "inputs" | "training"> {
  const { args, kwargs } = partsOf(name, call);
  const { inputs = args[0], training = null, ...others } = kwargs;
  const unknown = Object.keys(others).find((key) => !isNone(others[key]));
  if (unknown !== undefined || args.length > 1) {
    const what = unknown === undefined ? `${args.length} arguments by position` : `the argument "${unknown}"`;
    refuse(`"${name}" is called with ${what}; here layers take their inputs, one or a list, and "training"`);
  }
  if (training !== null && typeof training !== "boolean") {
    refuse(`"${name}" is called with "training" ${shown(training)}, which must be true, false or null`);
  }
  const history = (tensor: unknown) => historyOf(name, tensor);
  const isNamed = isPlain(inputs) && own(inputs, "class_name") === undefined;
  return {
    inputs: isList(inputs)
      ? inputs.map(history)
      : isNamed
        ? Object.fromEntries(Object.entries(inputs).map(([key, tensor]) => [key, history(tensor)]))
        : history(inputs),
    training: training ?? undefined,
  };
}

/** Keras writes the absent masks of several inputs as a list, or by name. */
function isNone(argument: unknown): boolean {
  if (isPlain(argument)) return Object.values(argument).every(isNone);
  return argument === null || (isList(argument) && argument.every(isNone));
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
