/** Archives of Keras made to mislead, with right checksums: each is refused with a code, and takes no more memory than it may. */

import { describe, expect, it } from "vitest";
import { layers, Sequential, stringify } from "../../../ts/index.js";
import type { Bytes } from "../../../ts/platform-types.js";
import { groupAt, newGroup, type WrittenArray, writeHdf5 } from "../../../ts/saving/formats/hdf5/writer.js";
import { writeZip } from "../../../ts/saving/formats/zip-writer.js";
import { loadModel, saveModel } from "../../../ts/saving/index.js";
import { joined } from "../../../ts/saving/stores/pieces.js";
import { refusal } from "../../support/patches.js";
import { unzipped } from "../../support/zip.js";

const model = new Sequential([new layers.Dense(2, { inputShape: [3], name: "d" })], { name: "s" });
model.compile({ optimizer: "adam", loss: "mse" });
await model.trainOnBatch([[1, 2, 3]], [[1, 2]]);
const parts = await unzipped(await saveModel(model, { format: "keras" }));
const json = () => JSON.parse(stringify(model));
const utf8 = (text: string) => new TextEncoder().encode(text) as Bytes;

const NAMES = { config: "config.json", metadata: "metadata.json", weights: "model.weights.h5" } as const;
/** The archive with other files; one that is null is left out. */
function archive(changes: Partial<Record<keyof typeof NAMES, string | Uint8Array | null>>): Uint8Array {
  const entries = (["config", "metadata", "weights"] as const).flatMap((part) => {
    const given = changes[part] === undefined ? (parts.get(NAMES[part]) as Uint8Array) : changes[part];
    if (given === null) return [];
    return [{ name: NAMES[part], pieces: [typeof given === "string" ? utf8(given) : (given as Bytes)] }];
  });
  return joined(writeZip(entries));
}
const config = (change: (saved: ReturnType<typeof json>) => void) => {
  const saved = json();
  change(saved);
  return archive({ config: JSON.stringify(saved) });
};
const dense = (change: (layer: Record<string, unknown>) => void) =>
  config((saved) => change(saved.config.layers.at(-1).config));
/** With these arrays in place of the weights. */
const weights = (arrays: Record<string, WrittenArray>) => {
  const root = newGroup();
  for (const [path, array] of Object.entries(arrays)) {
    const cut = path.lastIndexOf("/");
    groupAt(root, path.slice(0, cut)).members.set(path.slice(cut + 1), array);
  }
  return archive({ weights: joined(writeHdf5(root)) });
};
const KERNEL = { shape: [3, 2], data: new Float32Array(6) };
const BIAS = { shape: [2], data: new Float32Array(2) };
const at = "layers/dense/vars";
const metadata = (extras: unknown) => archive({ metadata: JSON.stringify({ gradstep: extras }) });

const CASES: readonly (readonly [name: string, bytes: Uint8Array, code: string])[] = [
  ["no config", archive({ config: null }), "ERR_FILE_INVALID"],
  ["no weights", archive({ weights: null }), "ERR_FILE_INVALID"],
  ["an empty config", archive({ config: "" }), "ERR_FILE_INVALID"],
  ["a config that is not text", archive({ config: Uint8Array.of(0xff, 0xfe) }), "ERR_FILE_INVALID"],
  ["half a config", archive({ config: '{"class_name":' }), "ERR_FILE_INVALID"],
  ["a config that is a number", archive({ config: "7" }), ""],
  ["a config that is null", archive({ config: "null" }), ""],
  ["a config that is a list", archive({ config: "[]" }), ""],
  ["a depth of 100,000", archive({ config: `${"[".repeat(1e5)}${"]".repeat(1e5)}` }), "ERR_FILE_INVALID"],
  ["a million empty lists", archive({ config: `[${"[],".repeat(1e6)}[]]` }), "ERR_FILE_INVALID"],
  ["metadata that are not JSON", archive({ metadata: "{" }), "ERR_FILE_INVALID"],
  ["an unknown class", config((saved) => Object.assign(saved, { class_name: "Evil" })), ""],
  ["a class of Object", config((saved) => Object.assign(saved, { class_name: "__proto__" })), ""],
  ["a module to import", config((saved) => Object.assign(saved, { module: "os", class_name: "system" })), ""],
  [
    "a Lambda with code",
    config((saved) =>
      saved.config.layers.push({
        class_name: "Lambda",
        config: { name: "l", function: { class_name: "__lambda__", config: { code: "4wEA" } } },
      }),
    ),
    "",
  ],
  ["layers that are an object", config((saved) => Object.assign(saved.config, { layers: {} })), ""],
  ["a layer that is null", config((saved) => saved.config.layers.push(null)), ""],
  ["two layers of a name", config((saved) => saved.config.layers.push(saved.config.layers.at(-1))), ""],
  ["a layer without config", config((saved) => saved.config.layers.push({ class_name: "Dense" })), ""],
  ["a billion units", dense((layer) => Object.assign(layer, { units: 1e9 })), "ERR_FILE_INVALID"],
  ["units beyond 2^53", dense((layer) => Object.assign(layer, { units: 1e300 })), ""],
  ["units below zero", dense((layer) => Object.assign(layer, { units: -3 })), ""],
  ["units that are a text", dense((layer) => Object.assign(layer, { units: "3" })), ""],
  ["an activation of Object", dense((layer) => Object.assign(layer, { activation: "constructor" })), ""],
  ["an initializer that is a list", dense((layer) => Object.assign(layer, { kernel_initializer: [] })), ""],
  [
    "an input of a billion",
    config((saved) => Object.assign(saved.config.layers[0].config, { batch_shape: [null, 1e9] })),
    "",
  ],
  [
    "an optimizer that is unknown",
    config((saved) => Object.assign(saved.compile_config.optimizer, { class_name: "Evil" })),
    "",
  ],
  [
    "a rate that is a text",
    config((saved) => Object.assign(saved.compile_config.optimizer.config, { learning_rate: "fast" })),
    "",
  ],
  ["a loss that is unknown", config((saved) => Object.assign(saved.compile_config, { loss: "evil" })), ""],
  ["weights that are not HDF5", archive({ weights: utf8("weights") }), "ERR_FILE_INVALID"],
  ["no weights in them", weights({}), "ERR_FILE_INVALID"],
  ["a weight too few", weights({ [`${at}/0`]: KERNEL }), "ERR_FILE_INVALID"],
  ["a weight too many", weights({ [`${at}/0`]: KERNEL, [`${at}/1`]: BIAS, [`${at}/2`]: BIAS }), "ERR_FILE_INVALID"],
  ["another shape", weights({ [`${at}/0`]: { ...KERNEL, shape: [2, 3] }, [`${at}/1`]: BIAS }), "ERR_FILE_INVALID"],
  [
    "NaN",
    weights({ [`${at}/0`]: { shape: [3, 2], data: new Float32Array(6).fill(Number.NaN) }, [`${at}/1`]: BIAS }),
    "ERR_FILE_INVALID",
  ],
  [
    "infinity",
    weights({ [`${at}/0`]: KERNEL, [`${at}/1`]: { shape: [2], data: Float32Array.of(0, 1 / 0) } }),
    "ERR_FILE_INVALID",
  ],
  [
    "state without its first array",
    weights({ [`${at}/0`]: KERNEL, [`${at}/1`]: BIAS, "optimizer/vars/1": BIAS }),
    "ERR_FILE_INVALID",
  ],
  ["random numbers that are text", metadata({ random: "x" }), "ERR_FILE_INVALID"],
  ["random numbers below zero", metadata({ random: { shared: [-1, 0], layers: [] } }), "ERR_FILE_INVALID"],
  [
    "a place in the data of 2^60",
    metadata({ random: { shared: [1, 0], layers: [] }, run: { epoch: 2 ** 60, batch: 0, data: null } }),
    "ERR_FILE_INVALID",
  ],
];

describe("refused", () => {
  it.each(CASES)("%s", async (_, bytes, code) => {
    const memory = () =>
      (globalThis as { process?: { memoryUsage(): { arrayBuffers: number } } }).process?.memoryUsage().arrayBuffers ??
      0;
    const before = memory();
    const error = await refusal(() => loadModel(bytes, { format: "keras" }));
    expect(error?.code).toMatch(code === "" ? /^ERR_[A-Z_]+$/ : code);
    // 16 MB are free for small files; what other tests left may be freed meanwhile, and not count.
    expect(memory() - before).toBeLessThan(Math.max(4 * bytes.length, 2 ** 24) + 2 ** 22);
  });

  it("counters of names are restored: the next model is named as in a new process", async () => {
    const name = () => new layers.Dense(1).name;
    const first = Number(name().split("_")[1] ?? 0);
    for (const [, bytes] of CASES) await refusal(() => loadModel(bytes, { format: "keras" }));
    expect(name()).toBe(`dense_${first + 1}`);
  });
});
