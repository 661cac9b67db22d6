/**
 * TensorFlow.js's LayersModel: `model.json`, and the weights in shards next to it.
 *
 * If one file must contain both, as in memory and in IndexedDB, it is a zip archive of them.
 *
 * @see https://www.tensorflow.org/js/guide/save_load
 * @module
 */

import { isPlain } from "../../brands.js";
import { ValueError } from "../../errors.js";
import type { TrainableModel } from "../../models/trainable-model.js";
import { copied } from "../../plain-json.js";
import type { Variable } from "../../variable.js";
import type { WeightHolder } from "../../weights.js";
import { refuseFile } from "../stores/file-error.js";
import { parsedJSON } from "./json-text.js";
import type { Assignment, Beside, Extras, StoredEntry, StoredModel } from "./model-file.js";
import { stateInOrder } from "./optimizer-state.js";
import { isOfField, startOf, stateNamed } from "./state-names.js";
import type { StoredTensor } from "./stored-tensor.js";
import { kerasNode } from "./tfjs-layer-config.js";
import { manifestGroups } from "./tfjs-manifest.js";
import { type ShardTensor, shardTensors } from "./tfjs-shards.js";
import { stateOf } from "./tfjs-state.js";
import { compileConfigOf } from "./tfjs-training.js";
import { MAKER, MODEL_JSON } from "./tfjs-writer.js";
import { utf8 } from "./utf8.js";
import { checkUnpacked, readZip } from "./zip-reader.js";

type JSONObject = Readonly<Record<string, unknown>>;

/** A model of TensorFlow.js. @throws ValueError for a damaged file, a graph model, and parts without a counterpart */
export async function readTfjs(file: string, bytes: Uint8Array, beside: Beside): Promise<StoredModel> {
  const { text, read } = await filesOf(file, bytes, beside);
  const json = parsed(file, text);
  if (!isPlain(json)) refuseFile(file, "it is not an object with modelTopology and weightsManifest");
  const { modelTopology, format, weightsManifest, trainingConfig, generatedBy, userDefinedMetadata } =
    json as JSONObject;
  if (format === "graph-model" || (isPlain(modelTopology) && "node" in modelTopology)) {
    throw new ValueError(
      "ERR_FILE_FORMAT",
      `${file} is a graph model of TensorFlow.js, made of operations: it has no layers that could be trained. Convert the Keras model it was made from by tensorflowjs_converter --input_format=keras, or load its .keras file.`,
    );
  }
  // TensorFlow.js keeps the metadata of a model that it changes: then the metadata are out of date.
  const ours = generatedBy === MAKER && isPlain(userDefinedMetadata) ? (userDefinedMetadata as JSONObject)[MAKER] : {};
  const own = limited(file, ours);
  const { json: saved, extras = {} } = (isPlain(own) ? own : {}) as { json?: unknown; extras?: Extras };
  const tensors = await shardTensors(file, manifestGroups(file, weightsManifest ?? []), read);
  const isOurState = saved !== undefined && (trainingConfig ?? null) === null;
  return {
    ...(saved === undefined ? modelOf(file, modelTopology, trainingConfig) : { json: saved }),
    extras,
    weights: (model) => weightsOf(file, model, tensors),
    state: (model) => {
      if (isOurState) return inOrder(model, tensors);
      const names = weightsOf(file, model, tensors);
      return stateOf(model, stateIn(tensors), (weight) => names.get(weight)?.name ?? weight.path);
    },
    stateOf: (optimizer, path) => stateNamed(optimizer, startOf(path), stateIn(tensors)),
  };
}

interface Files {
  readonly text: string;
  readonly read: Beside;
}

const ZIP = [0x50, 0x4b];

async function filesOf(file: string, bytes: Uint8Array, beside: Beside): Promise<Files> {
  if (!ZIP.every((byte, i) => bytes[i] === byte)) return { text: utf8(file, "it", bytes), read: beside };
  const entries = readZip(file, bytes);
  checkUnpacked(file, bytes, entries);
  const main = entries.get(MODEL_JSON);
  if (main === undefined) return refuseFile(file, `the archive has no ${MODEL_JSON}`);
  const read = async (name: string) =>
    (await entries.get(name)?.bytes()) ?? refuseFile(file, `the archive has no ${JSON.stringify(name)}`);
  return { text: utf8(file, MODEL_JSON, await main.bytes()), read };
}

function parsed(file: string, text: string): unknown {
  return parsedJSON(file, "it", text.replace(/^\ufeff/, ""));
}

/** A part of the JSON, with a depth limit for all later recursion. Unused parts are not copied. */
const limited = (file: string, json: unknown): unknown => copied(file, json);

/** Model, training config and version, of TensorFlow.js or of the Keras that the converter read. */
function modelOf(
  file: string,
  topology: unknown,
  training: unknown,
): { json: unknown; training?: unknown; version?: unknown } {
  const own = limited(file, topology);
  const {
    model_config: inner = own,
    training_config: keras,
    keras_version: version,
  } = (isPlain(own) ? own : {}) as JSONObject;
  // tensorflowjs_converter writes the Keras file's contents unchanged: text, for HDF5.
  const model = kerasNode(file, typeof inner === "string" ? limited(file, parsed(file, inner)) : inner);
  if (!isPlain(model)) return refuseFile(file, "it has no model in modelTopology");
  if ((training ?? null) === null) return { json: model, training: keras ?? undefined, version };
  const compiled = compileConfigOf(limited(file, training));
  return { json: compiled === null ? model : { ...model, compile_config: compiled }, version };
}

/** The end of a weight's path in Keras that may differ in TensorFlow.js: `depthwise_kernel`. */
const DEPTHWISE = /\/kernel$/;

/** The names of the layer and of its weight, without those of outer layers. */
const tailOf = (path: string) => path.split("/").slice(-2).join("/");

function weightsOf(file: string, model: TrainableModel, tensors: readonly ShardTensor[]): Assignment {
  const left = new Map<string, StoredTensor>();
  for (const { name, isState, tensor } of tensors) if (!isState) left.set(name, tensor);
  const found = new Map<WeightHolder, StoredEntry>();
  const take = (name: string | undefined, weight: Variable): boolean => {
    const tensor = name === undefined ? undefined : left.get(name);
    if (name === undefined || tensor === undefined) return false;
    left.delete(name);
    found.set(weight, { name, tensor });
    return true;
  };
  const others = model.weights.filter(
    (weight) => !(take(weight.path, weight) || take(weight.path.replace(DEPTHWISE, "/depthwise_kernel"), weight)),
  );
  const byTail = new Map<string, string[]>();
  for (const key of others.length > 0 ? left.keys() : []) {
    const list = byTail.get(tailOf(key));
    if (list === undefined) byTail.set(tailOf(key), [key]);
    else list.push(key);
  }
  for (const weight of others) {
    // tensorflowjs_converter puts the model's name before the layer's.
    const longer = [weight.path, weight.path.replace(DEPTHWISE, "/depthwise_kernel")].flatMap((path) =>
      (byTail.get(tailOf(path)) ?? []).filter((key) => left.has(key) && key.endsWith(`/${path}`)),
    );
    if (!take(longer[0], weight)) refuseFile(file, `its weightsManifest lacks the weight "${weight.path}"`);
  }
  const [extra] = left.keys();
  if (extra !== undefined) {
    refuseFile(file, `its weightsManifest has ${JSON.stringify(extra)}, which is not a weight of the model`);
  }
  return found;
}

const stateIn = (tensors: readonly ShardTensor[]) =>
  new Map(tensors.flatMap(({ name, isState, tensor }) => (isState ? [[name, tensor] as const] : [])));

/** State of an optimizer that TensorFlow.js lacks, in Keras's order. */
function inOrder({ optimizer }: TrainableModel, tensors: readonly ShardTensor[]): Assignment | undefined {
  const compiled = [...stateIn(tensors)].filter(([name]) => !isOfField(name));
  const entries = compiled.map(([name, tensor]) => ({ name, tensor }));
  return optimizer === null || entries.length === 0 ? new Map() : stateInOrder(optimizer, entries);
}
