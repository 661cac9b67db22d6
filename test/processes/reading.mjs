// Reads hostile files that ask for gigabytes, one in each process: prints the code of the error, the file's length, and the
// growth of the most memory that the process has ever had.

import { constants, deflateRawSync } from "node:zlib";
import { peakMemory } from "../../scripts/peak-memory.mjs";

const { Input, layers, Sequential } = await import("gradstep");
const { loadModel, loadWeights, saveModel, saveWeights } = await import("gradstep/saving");

const text = (value) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

/** A TensorFlow.js model of these layers. */
const tfjsOf = (layers, weightsManifest = []) =>
  text({
    format: "layers-model",
    modelTopology: { class_name: "Sequential", config: { name: "s", layers } },
    weightsManifest,
  });
const join = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
const GB = 2 ** 30;

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc = (bytes) => ~bytes.reduce((c, byte) => crcTable[(c ^ byte) & 255] ^ (c >>> 8), ~0) >>> 0;

/** A zip of entries `[name, packed bytes, method, size, checksum]`. */
function zip(entries) {
  const [local, central] = [[], []];
  let offset = 0;
  for (const [name, packed, method = 0, size = packed.length, checksum = crc(packed)] of entries) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(checksum, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    local.push(text("PK\x03\x04"), fields, text(name), packed);
    central.push(text("PK\x01\x02"), Buffer.from([20, 0]), fields, place, text(name));
    offset += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(18);
  const directory = Buffer.concat(central.map((part) => Buffer.from(part)));
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return join(...local, directory, text("PK\x05\x06"), end);
}

/** A gigabyte of zeros behind a beginning, packed without having them. */
function zeros(before = new Uint8Array(0)) {
  const packed = (bytes) => deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  const more = packed(new Uint8Array(2 ** 20));
  return join(packed(before), ...Array.from({ length: 1024 }, () => more), deflateRawSync(new Uint8Array(0)));
}

const safetensors = (header, rest = new Uint8Array(0)) => {
  const encoded = text(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(encoded.length));
  return join(length, encoded, rest);
};

const npyHeader = (shape) => {
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117, " ");
  return join([0x93], text("NUMPY"), [1, 0, 118, 0], text(`${head}\n`));
};

const model = () =>
  new Sequential([Input({ shape: [3], name: "in" }), new layers.Dense(2, { name: "d" })], { name: "m" });
const keras = await saveModel(model(), { format: "keras" });
const wide = { ...model().toJSON() };
const configOf = (units, count = 1) => {
  const config = JSON.parse(JSON.stringify(wide));
  const list = config.config.layers;
  const dense = list.at(-1);
  list.splice(
    -1,
    1,
    ...Array.from({ length: count }, (_, i) => {
      return { ...dense, config: { ...dense.config, units, name: `d${i}` }, build_config: undefined };
    }),
  );
  return config;
};

/** HDF5 in which the first axis of the array of 3 x 2 has 2^29 rows. */
function widened(bytes) {
  const shape = Buffer.from(new BigUint64Array([3n, 2n]).buffer);
  const at = Buffer.from(bytes).indexOf(shape);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, 2 ** 29, true);
  return bytes;
}

const bomb = zeros();
const files = {
  "a .keras of a gigabyte of zeros": [
    "keras",
    () =>
      zip([
        ["config.json", text(wide)],
        ["model.weights.h5", bomb, 8, GB, 0],
      ]),
  ],
  "a .keras with a large metadata.json": [
    "keras",
    () =>
      zip([
        ["config.json", text(wide)],
        ["metadata.json", bomb, 8, GB, 0],
        ["model.weights.h5", text("")],
      ]),
  ],
  "a .keras with many members that are large together": [
    "keras",
    () =>
      zip([
        ["config.json", text(wide)],
        ["model.weights.h5", text("")],
        ...Array.from({ length: 20 }, (_, i) => [`x${i}`, bomb, 8, GB, 0]),
      ]),
  ],
  "a .keras of wide layers": [
    "keras",
    () =>
      zip([
        ["config.json", text(configOf(2 ** 27))],
        ["model.weights.h5", text("")],
      ]),
  ],
  "tfjs with wide layers": [
    "tfjs",
    () => tfjsOf([{ class_name: "Dense", config: { name: "d", units: 2 ** 27, batch_input_shape: [null, 3] } }]),
  ],
  "tfjs with many layers": [
    "tfjs",
    () =>
      tfjsOf(
        Array.from({ length: 64 }, (_, i) => ({
          class_name: "Dense",
          config: { name: `d${i}`, units: 4096, batch_input_shape: [null, 4096] },
        })),
      ),
  ],
  "tfjs with a manifest of huge shapes": [
    "tfjs",
    () => tfjsOf([], [{ paths: [], weights: [{ name: "w", shape: [2 ** 30, 4], dtype: "float32" }] }]),
  ],
  "a zip of tfjs with a bomb for a shard": [
    "tfjs",
    () =>
      zip([
        ["model.json", text({ weightsManifest: [{ paths: ["a.bin"], weights: [] }] })],
        ["a.bin", bomb, 8, GB, 0],
      ]),
  ],
  "an .npz whose weight is huge": [
    "npz",
    () =>
      zip([
        ["d/kernel.npy", zeros(npyHeader("(16384, 16384)")), 8, GB + 128, 0],
        ["d/bias.npy", join(npyHeader("(2,)"), new Uint8Array(8))],
      ]),
  ],
  "an .npz with huge state": [
    "npz",
    () =>
      zip([
        ["d/kernel.npy", join(npyHeader("(3, 2)"), new Uint8Array(24))],
        ["d/bias.npy", join(npyHeader("(2,)"), new Uint8Array(8))],
        ["optimizer/x.npy", zeros(npyHeader("(16384, 16384)")), 8, GB + 128, 0],
      ]),
  ],
  "an .npz that unpacks to more than it says": [
    "npz",
    () =>
      zip([
        ["d/kernel.npy", zeros(npyHeader("(3, 2)")), 8, 152, 0],
        ["d/bias.npy", join(npyHeader("(2,)"), new Uint8Array(8))],
      ]),
  ],
  "a .weights.h5 whose array is huge": [
    "weights.h5",
    async () => widened(await saveWeights(model(), { format: "weights.h5" })),
  ],
  "safetensors with a header of 2^60 bytes": ["safetensors", () => join([0, 0, 0, 0, 0, 0, 0, 16], text("{}"))],
  "safetensors with a huge shape": [
    "safetensors",
    () => safetensors({ "d/kernel": { dtype: "F32", shape: [2 ** 30, 2], data_offsets: [0, 2 ** 33] } }),
  ],
  "safetensors whose header is 8 MB of objects": [
    "safetensors",
    () => safetensors(`{"a":[${"{},".repeat(2_700_000)}{}]}`),
  ],
  "safetensors whose header is 8 MB of lists": [
    "safetensors",
    () => safetensors(`{"a":${"[".repeat(4e6)}${"]".repeat(4e6)}}`),
  ],
  "safetensors whose header is 8 MB of numbers": [
    "safetensors",
    () => safetensors(`{"a":{"dtype":"F32","data_offsets":[0,4],"shape":[${"1,".repeat(4e6)}1]}}`, new Uint8Array(4)),
  ],
  "safetensors with 8 MB of metadata": [
    "safetensors",
    () => safetensors(`{"__metadata__":{${Array.from({ length: 700_000 }, (_, i) => `"${i}":""`).join()}}}`),
  ],
};

const name = process.argv[2];
if (name === undefined) console.log(JSON.stringify(Object.keys(files)));
else {
  const [format, make] = files[name];
  // The first error, and what reading a good file takes, are not counted.
  await loadModel(keras, { format: "keras" });
  await loadModel(keras.slice(0, 100), { format: "keras" }).catch(() => {});
  const bytes = await make();
  globalThis.gc?.();
  const before = peakMemory();
  const target = model();
  target.compile({ optimizer: "adam", loss: "mse" });
  const read = ["keras", "tfjs", "h5"].includes(format)
    ? loadModel(bytes, { format })
    : loadWeights(target, bytes, { format });
  const started = performance.now();
  const code = await read.then(
    () => "read",
    (error) => error.code ?? error.stack,
  );
  console.log(
    JSON.stringify({
      code,
      length: bytes.length,
      grown: peakMemory() - before,
      ms: Math.round(performance.now() - started),
    }),
  );
}
