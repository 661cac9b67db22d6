/**
 * Damaged files: a typed error or numbers, never a bare error, never more memory than the limit for the file. 5,000
 * mutated files; GRADSTEP_FILES sets another number, such as the 20,000 of `npm test -- all`.
 */

import { expect, it } from "vitest";
import { layers, type Model, Sequential } from "../../ts/index.js";
import type { Bytes } from "../../ts/platform-types.js";
import { arraysOf, readHdf5 } from "../../ts/saving/formats/hdf5/reader.js";
import { groupAt, newGroup, writeHdf5 } from "../../ts/saving/formats/hdf5/writer.js";
import { readKeras } from "../../ts/saving/formats/keras.js";
import { readLegacyH5 } from "../../ts/saving/formats/legacy-h5.js";
import type { StoredModel } from "../../ts/saving/formats/model-file.js";
import { readNpz } from "../../ts/saving/formats/npz.js";
import { readSafetensors } from "../../ts/saving/formats/safetensors.js";
import { numbersOf, type StoredTensors } from "../../ts/saving/formats/stored-tensor.js";
import { readTfjs } from "../../ts/saving/formats/tfjs.js";
import { readWeightsH5 } from "../../ts/saving/formats/weights-h5.js";
import { writeZip } from "../../ts/saving/formats/zip-writer.js";
import { loadModel, saveModel } from "../../ts/saving/index.js";
import { joined } from "../../ts/saving/stores/pieces.js";
import { namedWeights } from "../../ts/saving/weight-names.js";
import kerasFiles from "../golden/keras-files.json" with { type: "json" };
import keras2Files from "../golden/keras2-files.json" with { type: "json" };
import theirs from "../golden/saved-files.json" with { type: "json" };
import { bytesOf, unzippedOf } from "../support/bytes.js";
import { unzipped } from "../support/zip.js";

const env = (globalThis as { process?: { env: Record<string, string> } }).process?.env ?? {};
const count = Number(env.GRADSTEP_FILES ?? 5_000);

/** `npm test -- fuzz` draws one; the test's name has it, and GRADSTEP_SEED repeats it. */
const firstSeed = Number(env.GRADSTEP_SEED ?? (env.GRADSTEP_FILES === undefined ? 1 : Date.now() % 2 ** 32));

const network = new Sequential([new layers.Dense(2, { inputShape: [3], name: "d" }), new layers.Softmax()]);
const archive = await saveModel(network, { format: "tfjs" });
const tfjsFiles = await unzipped(archive);
// Without Keras's JSON, as TensorFlow.js writes it.
const topology = JSON.stringify({
  ...JSON.parse(new TextDecoder().decode(tfjsFiles.get("model.json"))),
  userDefinedMetadata: undefined,
});

const keras = await saveModel(network, { format: "keras" });
const parts = await unzipped(keras);
const ofKeras2 = await loadModel(await unzippedOf(keras2Files.cases.Adam.files[".h5"]), { format: "h5" });

/** Reads a file, or what it says to be one. */
type Read = (file: string, bytes: Uint8Array) => StoredTensors | Promise<StoredTensors>;

const files: readonly (readonly [Read, Uint8Array])[] = [
  [readSafetensors, bytesOf(theirs.safetensors.dtypes.file)],
  [readSafetensors, bytesOf(theirs.safetensors.model.file)],
  [readNpz, bytesOf(theirs.npz.dtypes.file)],
  [readNpz, bytesOf(theirs.npz.orders.file)],
  [readNpz, bytesOf(theirs.npz.compressed.file)],
  [hdf5, await unzippedOf(kerasFiles.hdf5.file)],
  [hdf5, await unzippedOf(kerasFiles.cases["Adam amsgrad"].files[".weights.h5"])],
  [hdf5, ours()],
  [tfjs, new TextEncoder().encode(topology)],
  [tfjs, archive],
  [model(readKeras, network), keras],
  [part("model.weights.h5"), parts.get("model.weights.h5")!],
  [part("metadata.json"), parts.get("metadata.json")!],
  [model(readLegacyH5, ofKeras2), await unzippedOf(keras2Files.cases.Adam.files[".h5"])],
  [weightsH5, await unzippedOf(keras2Files.cases.Adam.files[".weights.h5"])],
  [weightsH5, await unzippedOf(keras2Files.cases.Adam.files[".h5"])],
  [whole, parts.get("config.json")!],
];

function tfjs(file: string, bytes: Uint8Array): Promise<StoredTensors> {
  const shard = async () => tfjsFiles.get("group1-shard1of1.bin") as Uint8Array;
  return model((name, all) => readTfjs(name, all, shard), network)(file, bytes) as Promise<StoredTensors>;
}

/** The weights and the state that a file has for a model. */
function model(read: (file: string, bytes: Uint8Array) => Promise<StoredModel>, of: Model): Read {
  return async (file, bytes) => {
    const stored = await read(file, bytes);
    const entries = [...stored.weights(of).values(), ...(stored.state(of)?.values() ?? [])];
    return { tensors: new Map(entries.map(({ name, tensor }) => [name, tensor])), metadata: new Map() };
  };
}

/** One file of a .keras archive whose checksums are right: the damage goes further. */
function part(name: string): Read {
  return (file, bytes) => model(readKeras, network)(file, archiveWith(name, bytes));
}

function archiveWith(name: string, bytes: Uint8Array): Uint8Array {
  const entries = new Map([...parts, [name, bytes]]);
  return joined(writeZip([...entries].map(([key, data]) => ({ name: key, pieces: [data as Bytes] }))));
}

/** The architecture of a model: classes, arguments, connections. */
async function whole(_file: string, bytes: Uint8Array): Promise<StoredTensors> {
  const loaded = await loadModel(archiveWith("config.json", bytes), { format: "keras" });
  loaded.dispose();
  return { tensors: new Map(), metadata: new Map() };
}

function weightsH5(file: string, bytes: Uint8Array): StoredTensors {
  const names = new Map([...namedWeights(ofKeras2)].map(([name, weight]) => [weight, name]));
  return readWeightsH5(file, bytes, { model: ofKeras2, names });
}

function hdf5(file: string, bytes: Uint8Array): StoredTensors {
  return { tensors: arraysOf(readHdf5(file, bytes)), metadata: new Map() };
}

function ours(): Uint8Array {
  const root = newGroup();
  groupAt(root, "layers/dense/vars").attributes.set("name", "dense");
  groupAt(root, "layers/dense/vars").members.set("0", { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  return joined(writeHdf5(root));
}

let seed = firstSeed;
/** A whole number below `most`, the same in every run of a seed. */
function below(most: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * most);
}

const MARKS = [0, 255, 127, 128, ...new TextEncoder().encode('019,"{}[]:')];

function mutated(bytes: Uint8Array): Uint8Array {
  let changed = bytes.slice();
  for (let i = below(3); i >= 0; i--) {
    const at = below(changed.length);
    const kind = below(6);
    if (kind === 0) changed[at] = below(256);
    else if (kind === 1) changed = changed.slice(0, at);
    else if (kind === 2) changed[below(Math.min(400, changed.length))] = MARKS[below(MARKS.length)]!;
    else if (kind === 3) changed[Math.max(0, changed.length - 1 - below(200))] = MARKS[below(MARKS.length)]!;
    else if (kind === 4) changed = Uint8Array.from([...changed.subarray(0, at), ...changed.subarray(at + below(9))]);
    else changed = Uint8Array.from([...changed.subarray(0, at + below(9)), ...changed.subarray(at)]);
  }
  return changed;
}

const title = `${count} mutated files are read, or refused with a code (seed ${firstSeed})`;
it(title, { timeout: 180_000 + count * 5 }, async () => {
  const outcomes = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const [read, bytes] = files[i % files.length]!;
    const file = mutated(bytes);
    let outcome = "read";
    try {
      const { tensors } = await read("file", file);
      let length = 0;
      for (const [name, tensor] of tensors) length += (await numbersOf(name, tensor)).length;
      // Each value has at least one byte of the archive, or was packed.
      expect(length).toBeLessThanOrEqual(1032 * file.length);
    } catch (error) {
      outcome = (error as { code?: string }).code ?? `bare: ${(error as Error).stack}`;
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect([...outcomes.keys()].filter((outcome) => !/^(ERR_[A-Z_]+|read)$/.test(outcome))).toEqual([]);
  expect(outcomes.get("ERR_FILE_INVALID")).toBeGreaterThan(count / 2);
});
