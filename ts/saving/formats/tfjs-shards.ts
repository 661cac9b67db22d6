/**
 * Tensors in the shards of TensorFlow.js, each read when its numbers are requested.
 *
 * @module
 */

import { areFinite } from "../../runtime/float32.js";
import { refuseFile } from "../stores/file-error.js";
import { joined } from "../stores/pieces.js";
import type { StoredDType, StoredParts, StoredTensor } from "./stored-tensor.js";
import type { ManifestEntry, ManifestGroup, Quantization, ShardDType } from "./tfjs-manifest.js";

/** Reads a shard by its path. */
type ReadShard = (path: string) => Promise<Uint8Array>;

/** Shards that are read at once: browsers open six connections to a server. */
const AT_ONCE = 6;

/** A tensor with its name, and whether it belongs to the optimizer. */
export interface ShardTensor {
  readonly name: string;
  readonly isState: boolean;
  readonly tensor: StoredTensor;
}

/** The tensors of all groups. @throws ValueError for shards whose length differs from the manifest */
export async function shardTensors(
  file: string,
  groups: readonly ManifestGroup[],
  read: ReadShard,
): Promise<ShardTensor[]> {
  const bytes = await shardsOf(
    groups.flatMap(({ paths }) => paths),
    read,
  );
  let first = 0;
  return groups.flatMap(({ paths, entries, length }) => {
    const shards = bytes.slice(first, first + paths.length);
    first += paths.length;
    const found = shards.reduce((sum, shard) => sum + shard.length, 0);
    if (found !== length) {
      refuseFile(
        file,
        `the shards ${listed(paths)} have ${found} bytes, and the weights in them ${length} by their shapes`,
      );
    }
    const spans = spansOf(shards);
    return entries.map((entry) => {
      const pieces = spans(entry.length);
      return { name: entry.name, isState: entry.isState, tensor: tensorOf(entry, pieces) };
    });
  });
}

const listed = (paths: readonly string[]) =>
  paths.length > 3 ? `${paths.slice(0, 3).join(", ")}, ...` : paths.join(", ");

async function shardsOf(paths: readonly string[], read: ReadShard): Promise<Uint8Array[]> {
  const shards: Uint8Array[] = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < paths.length; i = next++) {
      try {
        shards[i] = await read(paths[i]!);
      } catch (error) {
        // Stops the others too.
        next = paths.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, paths.length) }, work));
  return shards;
}

/** Takes bytes from the shards, one span after another, as views: several views if a shard ends within the span. */
function spansOf(shards: readonly Uint8Array[]): (length: number) => Uint8Array[] {
  let [index, at] = [0, 0];
  return (length) => {
    const pieces: Uint8Array[] = [];
    for (let left = length; left > 0; ) {
      const piece = shards[index]!.subarray(at, at + left);
      if (piece.length > 0) pieces.push(piece);
      left -= piece.length;
      at += piece.length;
      if (at === shards[index]!.length) [index, at] = [index + 1, 0];
    }
    return pieces;
  };
}

/** The pieces as numbers, without a copy; undefined if one begins or ends within a number. */
function partsOf(pieces: readonly Uint8Array[]): StoredParts | undefined {
  if (pieces.some(({ byteOffset, length }) => byteOffset % 4 !== 0 || length % 4 !== 0)) return undefined;
  const parts = () =>
    pieces.map((piece) => new Float32Array(piece.buffer as ArrayBuffer, piece.byteOffset, piece.length / 4));
  return { areFinite: () => parts().every((part) => areFinite(part)), each: parts };
}

const DTYPES: Readonly<Record<ShardDType, StoredDType>> = {
  float32: "F32",
  int32: "I32",
  bool: "BOOL",
  uint8: "U8",
  uint16: "U16",
  float16: "F16",
};

function tensorOf({ stored, shape, quantization }: ManifestEntry, pieces: readonly Uint8Array[]): StoredTensor {
  const bytes = () => (pieces.length === 1 ? pieces[0]! : joined(pieces));
  if (quantization === undefined) {
    const dtype = DTYPES[stored];
    return { dtype, shape, bytes, parts: dtype === "F32" ? partsOf(pieces) : undefined };
  }
  return {
    dtype: quantization.rounded ? "I32" : "F32",
    shape,
    bytes: () => {
      const steps = stored === "uint8" ? bytes() : uint16s(bytes());
      const number = dequantized(quantization);
      const numbers = quantization.rounded ? Int32Array.from(steps, number) : Float32Array.from(steps, number);
      return new Uint8Array(numbers.buffer);
    },
  };
}

function uint16s(bytes: Uint8Array): Uint16Array {
  const even = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(even.buffer, even.byteOffset, even.length / 2);
}

function dequantized({ scale, min, rounded }: Quantization & { rounded: boolean }): (step: number) => number {
  // Computed in float64 and rounded once, as in TensorFlow.js.
  return rounded ? (step) => Math.round(step * scale + min) : (step) => step * scale + min;
}
