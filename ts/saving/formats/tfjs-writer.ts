/**
 * Files of TensorFlow.js's LayersModel.
 *
 * @module
 */

import { isPlain } from "../../brands.js";
import { ValueError } from "../../errors.js";
import type { Bytes } from "../../platform-types.js";
import { stringify } from "../../stringify.js";
import { lengthOfAll } from "../stores/pieces.js";
import type { ModelSnapshot, WrittenFile } from "./model-file.js";
import { kindOf, type NamedNumbers } from "./stored-tensor.js";
import { weightName } from "./tfjs-layers.js";
import { sharedOptimizer } from "./tfjs-optimizers.js";
import { tfjsState } from "./tfjs-state.js";
import { topologyOf } from "./tfjs-topology.js";
import { trainingConfigOf } from "./tfjs-training.js";
import { utf8Bytes } from "./utf8.js";

/** Name of the main file; the others are next to it. */
export const MODEL_JSON = "model.json";

/** This package's name in files. */
export const MAKER = "gradstep";

/** As in TensorFlow.js: browsers cache files of this size. */
const SHARD = 4 * 1024 * 1024;

/**
 * The files: `model.json`, and shards of 4 MB. The metadata contains Keras's JSON, so features that TensorFlow.js
 * lacks, such as schedules, are restored when gradstep reads the file.
 *
 * @throws ValueError for layers and arguments that TensorFlow.js lacks
 */
export function writeTfjs({ json, weights, optimizer, others, extras }: ModelSnapshot): WrittenFile[] {
  const topology = topologyOf(json as never);
  const names = namesOf(json as never, weights);
  const compiled = (json.compile_config ?? {}) as Readonly<Record<string, unknown>>;
  // TensorFlow.js would treat the state of all optimizers as that of one, with an entry for each trainable weight.
  const isUsual = others.length === 0 && extras.trained === undefined;
  const training = isUsual ? trainingConfigOf(compiled) : undefined;
  const saved = (isPlain(compiled.optimizer) ? compiled.optimizer : {}) as { class_name?: unknown; config?: object };
  const config = (saved.config ?? {}) as Readonly<Record<string, unknown>>;
  const shared = training === undefined ? undefined : sharedOptimizer(saved.class_name, config);
  const ours = [...(optimizer ?? []), ...others];
  const state =
    shared === undefined || ours.length === 0 ? ours : tfjsState(shared, Number(config.learning_rate), ours, names);
  const named = weights.map((weight) => ({ ...weight, name: names.get(weight.name) as string }));
  const entries = [
    ...named.map((tensor) => entryOf(tensor)),
    ...state.map((tensor) => ({ ...entryOf(tensor), group: "optimizer" })),
  ];
  const shards = shardsOf([...named, ...state]);
  const paths = shards.map((_, i) => `group1-shard${i + 1}of${shards.length}.bin`);
  const model = {
    modelTopology: { ...topology, keras_version: "2.15.0", backend: MAKER },
    format: "layers-model",
    generatedBy: MAKER,
    convertedBy: null,
    weightsManifest: [{ paths, weights: entries }],
    ...(training === undefined ? {} : { trainingConfig: training }),
    userDefinedMetadata: { [MAKER]: { json, extras } },
  };
  return [
    ...shards.map((pieces, i) => ({ beside: paths[i]!, pieces })),
    { beside: null, pieces: [utf8Bytes(stringify(model))] },
  ];
}

/** TensorFlow.js's names of weights, by their paths. @throws ValueError if layers of inner models share a name */
function namesOf(json: { readonly config: unknown }, weights: readonly NamedNumbers[]): Map<string, string> {
  const classes = classesOf(json);
  return new Map(
    weights.map(({ name }) => {
      const [layer, weight, ...others] = name.split("/") as [string, string];
      if (others.length > 0 || weight === undefined) {
        throw new ValueError(
          "ERR_WEIGHTS_NAMES",
          `saveModel: the weight "${name}" cannot be named in TensorFlow.js, which has the layer's name and the weight's. Give layers of inner models different names, without slashes.`,
        );
      }
      return [name, `${layer}/${weightName(classes.get(layer) ?? "", weight)}`];
    }),
  );
}

function classesOf(saved: unknown, found: Map<string, string> = new Map()): Map<string, string> {
  const { class_name: className, config } = saved as { class_name: string; config: Record<string, unknown> };
  found.set(String(config.name), className);
  for (const layer of (config.layers ?? []) as readonly unknown[]) classesOf(layer, found);
  return found;
}

function entryOf({ name, shape, data }: NamedNumbers) {
  const { dtype } = kindOf(data);
  if (dtype !== "float64") return { name, shape, dtype };
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `saveModel: "${name}" is 2^31 or more, and TensorFlow.js counts to 2^31 - 1. Save the model as "keras".`,
  );
}

/** All numbers in sequence, cut into shards: views, no copies. */
function shardsOf(tensors: readonly NamedNumbers[]): Bytes[][] {
  const shards: Bytes[][] = [];
  let room = 0;
  for (const { data } of tensors) {
    for (let at = 0; at < data.byteLength; ) {
      if (room === 0) {
        shards.push([]);
        room = SHARD;
      }
      const length = Math.min(room, data.byteLength - at);
      (shards.at(-1) as Bytes[]).push(new Uint8Array(data.buffer, data.byteOffset + at, length));
      at += length;
      room -= length;
    }
  }
  return shards.filter((pieces) => lengthOfAll(pieces) > 0);
}
