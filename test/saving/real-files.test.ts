/** Files by NumPy and by the safetensors package are read to the last bit, and gradstep's files equal theirs. */

import { expect, it } from "vitest";
import { readNpz, writeNpz } from "../../ts/saving/formats/npz.js";
import { readSafetensors, writeSafetensors } from "../../ts/saving/formats/safetensors.js";
import { type NamedNumbers, numbersOf, type StoredTensors } from "../../ts/saving/formats/stored-tensor.js";
import { joined } from "../../ts/saving/stores/pieces.js";
import ours from "../golden/saved-by-gradstep.json" with { type: "json" };
import theirs from "../golden/saved-files.json" with { type: "json" };
import { bytesOf } from "../support/bytes.js";

interface Arrays {
  readonly [name: string]: { readonly shape: readonly number[]; readonly values: readonly number[] };
}

async function plain({ tensors }: StoredTensors): Promise<Arrays> {
  const entries = [...tensors].map(async ([name, tensor]) => {
    return [name, { shape: [...tensor.shape], values: [...(await numbersOf(name, tensor))] }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

it.each(Object.entries(theirs.npz))("NumPy's .npz: %s", async (_, { file, arrays }) => {
  expect(await plain(await readNpz("a.npz", bytesOf(file)))).toEqual(arrays);
});

it.each(Object.entries(theirs.safetensors))("safetensors: %s", async (_, { file, arrays }) => {
  expect(await plain(readSafetensors("a.safetensors", bytesOf(file)))).toEqual(arrays);
});

it("a file that does not begin at an address of its dtype is read", async () => {
  const { file, arrays } = theirs.safetensors.dtypes;
  const bytes = bytesOf(file);
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect(await plain(readSafetensors("a.safetensors", shifted.subarray(1)))).toEqual(arrays);
});

it("our safetensors equal the package's, byte for byte", () => {
  const { file, arrays } = theirs.safetensors.model;
  const tensors = Object.entries(arrays).map(([name, { shape, values }]) => ({
    name,
    shape,
    data: Float32Array.from(values),
  }));
  expect([...joined(writeSafetensors(tensors, new Map([["format", "gradstep"]])))]).toEqual([...bytesOf(file)]);
});

/** `saved_files.py --check` passes exactly these files to NumPy and to the safetensors package. */
it("our files equal those that Python has read", () => {
  const make = { float32: Float32Array, int32: Int32Array, float64: Float64Array };
  const tensors: NamedNumbers[] = Object.entries(ours.arrays).map(([name, { dtype, shape, values }]) => ({
    name,
    shape,
    data: make[dtype as keyof typeof make].from(values),
  }));
  expect(btoa(String.fromCharCode(...joined(writeNpz(tensors))))).toBe(ours.npz);
  expect(btoa(String.fromCharCode(...joined(writeSafetensors(tensors, new Map()))))).toBe(ours.safetensors);
});
