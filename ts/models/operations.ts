/**
 * Operations of functional models as Keras's JSON: classes of `keras.src.ops`, with arguments in the config or in the call.
 *
 * @module
 */

import { isPlain } from "../brands.js";
import { own } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { fromKeras, toKeras } from "../keras-names.js";
import type { SymbolicTensor } from "../layers/layer.js";
import { type Operation, operate, Place } from "../layers/operation.js";
import * as ops from "../ops/index.js";
import { isList, shown } from "../options.js";
import type { PlainObject } from "../plain-json.js";
import { isTensor, tensor } from "../tensor.js";
import { GET_ITEM, getItem, refuse } from "./get-item.js";

/** Operations whose arguments are all in the call. */
const OF_CALLS: readonly (readonly [module: string, args: string, names: string])[] = [
  ["numpy", "x", "tanh isnan logicalNot cos exp floor log log1p negative reciprocal sign sin sqrt square"],
  ["numpy", "x1 x2", "add divide maximum minimum multiply subtract equal greater greaterEqual less lessEqual"],
  ["numpy", "x1 x2", "logicalAnd logicalOr notEqual power matmul"],
  ["nn", "x", "hardSigmoid hardSilu relu relu6 selu sigmoid silu softplus softsign"],
  ["math", "x", "erf rsqrt"],
];

const CONVOLUTION = '| .strides=1 .padding="valid" .data_format="channels_last" .dilation_rate=1';
const POOLING = 'inputs .pool_size | .strides=null .padding="valid" .data_format="channels_last"';
const REDUCTION = "x | .axis=null .keepdims=false";

/**
 * The others: Keras's class, its required arguments, and after the bar its options with our defaults. Arguments with a
 * dot are in the config.
 */
const OTHERS: Readonly<Record<string, string>> = {
  abs: "numpy.Absolute x",
  elu: "nn.Elu x | .alpha=1",
  gelu: "nn.Gelu x | .approximate=true",
  leakyRelu: "nn.LeakyRelu x | .negative_slope=0.2",
  softmax: "nn.Softmax x | .axis=-1",
  logSoftmax: "nn.LogSoftmax x | .axis=-1",
  oneHot: "nn.OneHot x .num_classes | .axis=-1",
  conv1d: `nn.Conv inputs kernel ${CONVOLUTION}`,
  conv2d: `nn.Conv inputs kernel ${CONVOLUTION}`,
  conv2dTranspose: `nn.ConvTranspose inputs kernel ${CONVOLUTION} .output_padding=null`,
  depthwiseConv2d: `nn.DepthwiseConv inputs kernel ${CONVOLUTION}`,
  averagePool2d: `nn.AveragePool ${POOLING}`,
  maxPool2d: `nn.MaxPool ${POOLING}`,
  binaryCrossentropy: "nn.BinaryCrossentropy target output | .from_logits=false",
  categoricalCrossentropy: "nn.CategoricalCrossentropy target output | .from_logits=false .axis=-1",
  sparseCategoricalCrossentropy: "nn.SparseCategoricalCrossentropy target output | .from_logits=false .axis=-1",
  where: "numpy.Where condition x1 x2",
  concatenate: "numpy.Concatenate xs | .axis=0",
  split: "numpy.Split x .indices_or_sections | .axis=0",
  stack: "numpy.Stack x | .axis=0",
  fullLike: "numpy.FullLike x fill_value",
  onesLike: "numpy.OnesLike x",
  zerosLike: "numpy.ZerosLike x",
  take: "numpy.Take x indices | .axis=0",
  clip: "numpy.Clip x .x_min .x_max",
  round: "numpy.Round x | .decimals=0",
  argmax: `numpy.Argmax ${REDUCTION}`,
  argmin: `numpy.Argmin ${REDUCTION}`,
  max: `numpy.Max ${REDUCTION}`,
  mean: `numpy.Mean ${REDUCTION}`,
  min: `numpy.Min ${REDUCTION}`,
  prod: `numpy.Prod ${REDUCTION}`,
  sum: `numpy.Sum ${REDUCTION}`,
  std: `numpy.Std ${REDUCTION}`,
  variance: `numpy.Var ${REDUCTION}`,
  logsumexp: `math.Logsumexp ${REDUCTION}`,
  broadcastTo: "numpy.BroadcastTo x .shape",
  tile: "numpy.Tile x .repeats",
  expandDims: "numpy.ExpandDims x .axis",
  reshape: "numpy.Reshape x .newshape",
  squeeze: "numpy.Squeeze x | .axis=null",
  transpose: "numpy.Transpose x | .axes=null",
  pad: 'numpy.Pad x .pad_width | .mode="constant" constant_values=null',
  topK: "math.TopK x .k | .sorted=true",
  inTopK: "math.InTopK targets predictions .k",
  cast: "core.Cast x .dtype",
  slice: "core.Slice inputs start_indices .shape",
  stopGradient: "core.StopGradient variable",
};

interface Argument {
  readonly name: string;
  readonly isConfig: boolean;
  /** Undefined for required ones. */
  readonly value?: unknown;
}

interface Row {
  readonly name: string;
  readonly module: string;
  readonly made: string;
  readonly required: readonly Argument[];
  readonly options: readonly Argument[];
}

/** By the names of functions. */
let table: ReadonlyMap<string, Row> | undefined;

function rows(): ReadonlyMap<string, Row> {
  table ??= new Map([
    ...OF_CALLS.flatMap(([module, args, names]) =>
      names.split(" ").map((name) => [name, row(name, `${module}.${capital(name)} ${args}`)] as const),
    ),
    ...Object.entries(OTHERS).map(([name, text]) => [name, row(name, text)] as const),
  ]);
  return table;
}

function row(name: string, text: string): Row {
  const [needed = "", optional = ""] = text.split(" | ");
  const [path = "", ...required] = needed.split(" ");
  const [module = "", made = ""] = path.split(".");
  const options = optional === "" ? [] : optional.split(" ");
  return {
    name,
    module: `keras.src.ops.${module}`,
    made,
    required: required.map(argument),
    options: options.map(argument),
  };
}

function argument(text: string): Argument {
  const [name = "", value] = text.replace(/^\./, "").split("=");
  return { name, isConfig: text.startsWith("."), ...(value === undefined ? {} : { value: JSON.parse(value) }) };
}

const capital = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** The module of operations that Keras lacks, or has with other arguments: they are saved under our names. */
const OURS = "gradstep.ops";
const OUR_NAMES: ReadonlySet<unknown> = new Set(
  "mish dense batchNormalization layerNormalization sigmoidCrossEntropy softmaxCrossEntropy sparseSoftmaxCrossEntropy".split(
    " ",
  ),
);

/** Whether it is the JSON of an operation, not of a layer. */
export function isOperation(node: PlainObject): boolean {
  const module = own(node, "module");
  return typeof module === "string" && /^(keras\.(src\.)?ops\b|gradstep\.ops$)/.test(module);
}

/**
 * An operation as JSON.
 *
 * @param tensors - The JSON of its inputs.
 * @throws ValueError for arguments that JSON cannot hold
 */
export function savedOperation(layer: Operation, tensors: readonly unknown[]): PlainObject {
  const { operation, name } = layer;
  const saved = (value: unknown): unknown => savedArgument(name, value, tensors);
  if (operation.name === GET_ITEM) {
    const of = { module: "keras.src.ops.numpy", class_name: "GetItem", registered_name: "GetItem" };
    return { ...of, config: { name }, name, inbound_nodes: [{ args: operation.args.map(saved), kwargs: {} }] };
  }
  const row = rows().get(operation.name);
  if (row === undefined) {
    const registered_name = `gradstep>${operation.name}`;
    const call = { args: operation.args.map(saved), kwargs: {} };
    return { module: OURS, class_name: operation.name, config: { name }, registered_name, name, inbound_nodes: [call] };
  }
  const given = new Map(named(row, operation.args));
  // The default is the pool size, here and in Keras, but Keras on JAX cannot compute the default.
  if (given.has("pool_size")) given.set("strides", given.get("strides") ?? given.get("pool_size"));
  const all = [...row.required, ...row.options].map((one) => [one, given.get(one.name) ?? null] as const);
  const config = all.filter(([one]) => one.isConfig).map(([one, value]) => [one.name, saved(value)] as const);
  const args = all.filter(([one, value]) => !one.isConfig && (value !== null || !("value" in one)));
  return {
    module: row.module,
    class_name: row.made,
    config: { name, ...Object.fromEntries(config) },
    registered_name: row.made,
    name,
    inbound_nodes: [{ args: args.map(([one, value]) => saved(numbersOf(one.name, value))), kwargs: {} }],
  };
}

/** Lists of numbers as tensors, which Keras needs in calls. */
function numbersOf(name: string, value: unknown): unknown {
  const isNumbers = isList(value) && !value.some((entry) => entry instanceof Place || isTensor(entry));
  if (!(isNumbers || ArrayBuffer.isView(value)) || name === "start_indices") return value;
  return tensor(value as number[], undefined, /indices|targets/.test(name) ? "int32" : "float32");
}

/** Arguments by Keras's names. An option that was not given has its default; `null` stays `null`. */
function named({ required, options }: Row, args: readonly unknown[]): ReadonlyMap<string, unknown> {
  const names = [...required, ...options].map(({ name }) => name);
  const found = new Map(options.map(({ name, value }) => [name, value]));
  args.forEach((arg, i) => {
    if (isPlain(arg)) for (const [key, value] of Object.entries(arg)) found.set(toKeras(key), value);
    else if (arg !== undefined) found.set(names[i]!, arg);
  });
  return found;
}

function savedArgument(owner: string, value: unknown, tensors: readonly unknown[]): unknown {
  const saved = (entry: unknown) => savedArgument(owner, entry, tensors);
  if (value instanceof Place) return tensors[value.at];
  if (isTensor(value)) return { class_name: "__tensor__", config: { value: value.toArray(), dtype: value.dtype } };
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array, saved);
  if (isList(value)) return Array.from(value as readonly unknown[], saved);
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, saved(entry)]));
  if (value === undefined) return null;
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return value;
  throw new ValueError("ERR_CONFIG_INVALID", `${owner}: JSON cannot hold its argument ${shown(value)}.`);
}

/**
 * Calls an operation of JSON again.
 *
 * @param name - Its name.
 * @param call - `{ args, kwargs }`.
 * @param find - The tensor that JSON names, undefined for other JSON.
 * @returns Its symbolic results.
 * @throws ValueError for operations and arguments that are unknown
 */
export function readOperation(
  name: string,
  node: PlainObject,
  call: { readonly args: readonly unknown[]; readonly kwargs: PlainObject },
  find: (json: unknown) => SymbolicTensor | undefined,
): readonly SymbolicTensor[] {
  const config = isPlain(own(node, "config")) ? (own(node, "config") as PlainObject) : {};
  let count = 0;
  const read = (json: unknown): unknown => {
    const found = find(json);
    if (found !== undefined) count++;
    if (found !== undefined) return found;
    if (isList(json)) return Array.from(json as readonly unknown[], read);
    if (!isPlain(json)) return json;
    const constant = own(json, "config");
    const isTensorJSON = own(json, "class_name") === "__tensor__" || own(json, "class_name") === "__numpy__";
    if (isTensorJSON && isPlain(constant)) {
      const { value, dtype } = constant as { value?: unknown; dtype?: unknown };
      return tensor(value as number[], undefined, dtype === "int32" ? "int32" : "float32");
    }
    if ("class_name" in json)
      refuse(`"${name}" is called with ${shown(own(json, "class_name"))}, which is not supported`);
    return Object.fromEntries(Object.entries(json).map(([key, entry]) => [key, read(entry)]));
  };
  const made = own(node, "class_name");
  if (made === "GetItem") {
    const x = find(call.args[0]) ?? refuse(`"${name}" is called with no tensor of the model`);
    const key = call.args[1] ?? own(call.kwargs, "key") ?? null;
    return [operate({ name: GET_ITEM, fn: getItem, args: [x, key] }, name) as SymbolicTensor];
  }
  const args = call.args.map(read);
  const isOurs = own(node, "module") === OURS;
  if (isOurs && !OUR_NAMES.has(made)) refuse(`no operation is called ${shown(made)}`);
  const row = isOurs ? undefined : rowOf(made, args);
  const kwargs = Object.entries(call.kwargs).map(([key, value]) => [key, read(value)] as const);
  const fnName = row?.name ?? (made as string);
  const given = row === undefined ? args : argumentsOf(row, args, { ...config, ...Object.fromEntries(kwargs) });
  if (count === 0) refuse(`"${name}" is called with no tensor of the model`);
  const results = operate({ name: fnName, fn: own(ops, fnName) as never, args: given }, name);
  if (isList(results)) return results as SymbolicTensor[];
  return "node" in (results as object) ? [results as SymbolicTensor] : Object.values(results as object);
}

/** The row of a class; convolutions of one and two axes share one. */
function rowOf(made: unknown, args: readonly unknown[]): Row {
  const found = [...rows().values()].filter((one) => one.made === made || (made === "Abs" && one.name === "abs"));
  const rank = (args[0] as { readonly shape?: readonly unknown[] } | undefined)?.shape?.length;
  const row = made === "Conv" && rank === 4 ? found[1] : found[0];
  return row ?? refuse(`no operation is called ${shown(made)}`);
}

/** Arguments in our order: required ones by position, options by name. */
function argumentsOf({ required, options, made }: Row, args: readonly unknown[], named: PlainObject): unknown[] {
  const inCall = [...required, ...options].filter(({ isConfig }) => !isConfig);
  if (args.length > inCall.length) refuse(`${made} takes at most ${inCall.length} arguments, got ${args.length}`);
  const found = new Map(Object.entries(named));
  found.delete("name");
  inCall.forEach(({ name }, i) => {
    if (i < args.length) found.set(name, args[i]);
  });
  const taken = (name: string) => {
    const value = found.get(name);
    found.delete(name);
    return value;
  };
  const placed = required.map(({ name }) => taken(name));
  const others = options.flatMap(({ name, value }) => {
    const got = taken(name) ?? null;
    return got === null && value === null ? [] : [[fromKeras(name), got] as const];
  });
  for (const [key, value] of found) {
    // Arguments that are not supported here, without effect.
    const isDefault = value === null || value === false || key === "dtype";
    if (!isDefault) refuse(`${made} does not know the argument "${key}"`);
  }
  return others.length === 0 ? placed : [...placed, Object.fromEntries(others)];
}
