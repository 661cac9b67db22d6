/** Arrays of HDF5 in chunks, and paths, that would take minutes or gigabytes: each is refused immediately. */

import { expect, it } from "vitest";
import { arraysOf, readHdf5 } from "../../../ts/saving/formats/hdf5/reader.js";
import { newGroup, type WrittenGroup, writeHdf5 } from "../../../ts/saving/formats/hdf5/writer.js";
import { numbersOf } from "../../../ts/saving/formats/stored-tensor.js";
import { loadModel } from "../../../ts/saving/index.js";
import { joined } from "../../../ts/saving/stores/pieces.js";
import keras2Files from "../../golden/keras2-files.json" with { type: "json" };
import { unzippedOf } from "../../support/bytes.js";
import { patched, placesOf, refusal } from "../../support/patches.js";

const low = (value: number, width: number) =>
  Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) & 255);
const [u16, u32] = [(value: number) => low(value, 2), (value: number) => low(value, 4)];
const u64 = (value: number) => [...low(value, 6), 0, 0];
const NOWHERE = new Array<number>(8).fill(255);
const ascii = (text: string) => [...new TextEncoder().encode(text)];

const message = (type: number, body: readonly number[]) => [...u16(type), ...u16(body.length), 0, 0, 0, 0, ...body];
const header = (...messages: readonly (readonly number[])[]) => [
  1,
  0,
  ...u16(1),
  ...u32(1),
  ...u32(messages.flat().length),
  0,
  0,
  0,
  0,
  ...messages.flat(),
];
const FLOAT = [0x11, 0x20, 31, 0, ...u32(4), ...u16(0), ...u16(32), 23, 8, 0, 23, ...u32(127)];
/** Address of the tree of chunks. */
const TREE = 4096;

interface Chunks {
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  readonly filters?: readonly number[];
  readonly tree: Uint8Array | readonly number[];
}

/** A file of one array, "a", in chunks. */
function fileOf({ shape, chunk, filters = [], tree }: Chunks): Uint8Array {
  const root = header(message(2, [0, 0, ...NOWHERE, ...NOWHERE]), message(6, [1, 0, 1, ...ascii("a"), ...u64(256)]));
  const array = header(
    message(1, [2, shape.length, 0, 1, ...shape.flatMap(u64)]),
    message(3, FLOAT),
    message(8, [3, 2, shape.length + 1, ...u64(TREE), ...[...chunk, 4].flatMap(u32)]),
    ...(filters.length === 0
      ? []
      : [
          message(11, [
            2,
            filters.length,
            ...filters.flatMap((id) => [...u16(id), ...(id < 256 ? [] : [0, 0]), 0, 0, 0, 0]),
          ]),
        ]),
  );
  const bytes = new Uint8Array(TREE + tree.length);
  bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
  bytes.set([8, 8], 13);
  bytes.set([...u64(0), ...NOWHERE, ...u64(bytes.length)], 24);
  bytes.set(u64(96), 64);
  bytes.set(root, 96);
  bytes.set(array, 256);
  bytes.set(tree, TREE);
  return bytes;
}

/** A node of the tree with these entries: length, offsets, address. */
const node = (level: number, entries: readonly (readonly [number, readonly number[], number])[]) => [
  ...ascii("TREE"),
  1,
  level,
  ...u16(entries.length),
  ...NOWHERE,
  ...NOWHERE,
  ...entries.flatMap(([length, offsets, address]) => [
    ...u32(length),
    0,
    0,
    0,
    0,
    ...offsets.flatMap(u64),
    ...u64(0),
    ...u64(address),
  ]),
];

async function read(bytes: Uint8Array): Promise<number[]> {
  const tensor = arraysOf(readHdf5("a.h5", bytes)).get("a")!;
  return [...(await numbersOf("a", tensor))];
}

/** Some milliseconds, on any machine: what is refused late takes minutes. */
async function refused(bytes: Uint8Array, wanted: string, work: () => unknown = () => read(bytes)): Promise<void> {
  const started = performance.now();
  const error = await refusal(work);
  expect(error).toMatchObject({ code: "ERR_FILE_INVALID", message: expect.stringContaining(wanted) });
  expect(performance.now() - started).toBeLessThan(10_000);
}

const values = new Uint8Array(Float32Array.of(1, 2).buffer);
const good = { shape: [2], chunk: [2], tree: [...node(0, [[8, [0], TREE + 64]]), ...new Array(8).fill(0), ...values] };

it("the file from which the others are derived is read", async () => {
  expect(good.tree.length).toBe(72);
  expect(await read(fileOf(good))).toEqual([1, 2]);
});

it.each<[string, Partial<Chunks>, string]>([
  ["a chunk of 8 GB for two numbers", { chunk: [2 ** 31] }, "the chunks of"],
  ["a thousand chunks of 16 MB for a thousand numbers", { shape: [1000, 1], chunk: [1, 2 ** 22] }, "the chunks of"],
  ["a chunk without length", { chunk: [0] }, "do not fit its shape"],
  ["a number alone in chunks", { shape: [], chunk: [] }, "do not fit its shape"],
  ["200 filters", { filters: new Array(200).fill(1) }, "200 filters, more than 32"],
  ["a filter that is not known", { filters: [32_000] }, "filter 32000"],
  ["a chunk that is not deflate", { filters: [1] }, "cannot be unpacked"],
  ["no tree", { tree: ascii("BTRE").concat(new Array(100).fill(0)) }, "is not where it should be"],
  ["a tree without a chunk", { tree: node(0, []) }, "has 0 chunks, expected 1"],
  ["a tree that is its own child", { tree: node(1, [[0, [0], TREE]]) }, "is damaged"],
  ["a tree of level 200", { tree: node(200, [[0, [0], TREE]]) }, "is damaged"],
  ["a node of names", { tree: node(0, []).with(4, 0) }, "is damaged"],
  ["a chunk beyond the array", { tree: node(0, [[8, [2], TREE]]) }, "is outside of it"],
  ["a chunk between the others", { tree: node(0, [[8, [1], TREE]]) }, "is outside of it"],
  ["a chunk beyond the file", { tree: node(0, [[8, [0], 2 ** 40]]) }, "an address is wrong"],
  ["a chunk that is too short", { tree: node(0, [[4, [0], TREE]]) }, "has 4 bytes, expected 8"],
  ["a chunk of 4 GB", { tree: node(0, [[2 ** 32 - 1, [0], TREE]]) }, "an address is wrong"],
])("%s", async (_, change, wanted) => {
  await refused(fileOf({ ...good, ...change }), wanted);
});

it("10,000 arrays whose paths have a quarter of a million letters each", async () => {
  let root: WrittenGroup = newGroup();
  for (let i = 0; i < 10_000; i++) root.members.set(String(i), { shape: [], data: Float32Array.of(1) });
  for (let depth = 0; depth < 60; depth++) {
    const around = newGroup();
    around.members.set("x".repeat(4000), root);
    root = around;
  }
  const bytes = joined(writeHdf5(root));
  await refused(bytes, "its structures overlap", () => arraysOf(readHdf5("a.h5", bytes)));
});

it("a layer that is named twice: thousands of names would each be looked up among thousands of arrays", async () => {
  const file = await unzippedOf(keras2Files.cases.Adam.files[".h5"]);
  const messages = await Promise.all(
    placesOf(file, "dense_4").map(async (at) => {
      const changed = patched(file, [at + 6, "3".charCodeAt(0), 1]);
      return (await refusal(() => loadModel(changed, { format: "h5" })))?.message;
    }),
  );
  expect(messages.filter((text) => text?.includes("it has a layer twice in layer_names"))).toHaveLength(1);
});
