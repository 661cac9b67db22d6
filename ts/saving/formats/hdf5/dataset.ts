/**
 * Datasets of HDF5: contiguous, compact, or in chunks, which may be compressed.
 *
 * @module
 */

import { sizeOf } from "../../../shape.js";
import { inflated } from "../inflate.js";
import { mostBytes } from "../memory-limit.js";
import { byteLength, type StoredTensor } from "../stored-tensor.js";
import { type Cursor, type Hdf5Bytes, UNDEFINED } from "./cursor.js";
import { type Hdf5Type, hdf5Shape, hdf5Type } from "./datatype.js";
import { MESSAGE, type Message } from "./header.js";

/** The maximum compression ratio of deflate is 1,032 to 1. */
const LARGEST_RATIO = 1032;

type NumberType = Extract<Hdf5Type, { kind: "number" }>;

/** The numbers of a dataset; `undefined` for other contents, such as texts. */
export function datasetOf(source: Hdf5Bytes, name: string, messages: readonly Message[]): StoredTensor | undefined {
  const body = (type: number) => messages.find((message) => message.type === type)?.body;
  const [space, kind, layout] = [body(MESSAGE.dataspace), body(MESSAGE.datatype), body(MESSAGE.layout)];
  const label = JSON.stringify(name);
  if (space === undefined || kind === undefined || layout === undefined) {
    return source.refuse(`${label} is neither a group nor an array`);
  }
  const type = hdf5Type(kind);
  const shape = hdf5Shape(space);
  if (type.kind !== "number" || shape === undefined) return undefined;
  const size = byteLength(source.file, name, type.dtype, shape);
  const version = layout.u8();
  if (version !== 3 && version !== 4) source.refuse(`${label} has a layout of version ${version}`);
  const storage = layout.u8();
  const stored = (bytes: Uint8Array): StoredTensor => {
    if (bytes.length !== size) {
      source.refuse(`${label} has ${bytes.length} bytes, and ${size} by its shape [${shape.join(", ")}]`);
    }
    return { dtype: type.dtype, shape, bytes: () => ordered(bytes, type) };
  };
  if (size === 0) return stored(new Uint8Array(0));
  if (storage === 0) return stored(layout.take(layout.u16()));
  if (storage === 1) {
    const [address, length] = [layout.u64(), layout.u64()];
    if (address === UNDEFINED) source.refuse(`${label} was never written`);
    return stored(source.at(address, length).take(length));
  }
  if (storage !== 2 || version !== 3) {
    source.refuse(`${label} is stored in a way that is not read. Write the file by h5py without libver="latest"`);
  }
  if (size > source.bytes.length * LARGEST_RATIO) source.refuse(`${label} would have ${size} bytes`);
  const filters = filtersOf(source, label, body(MESSAGE.filters));
  const rank = layout.u8() - 1;
  const tree = layout.u64();
  const chunk = Array.from({ length: Math.max(rank, 0) }, () => layout.u32());
  if (rank === 0 || rank !== shape.length || chunk.some((length) => length === 0) || layout.u32() !== type.width) {
    source.refuse(`the chunks of ${label} do not fit its shape`);
  }
  const read = async () => ordered(await assembled(source, label, { shape, chunk, tree, filters, type }), type);
  return { dtype: type.dtype, shape, bytes: read };
}

function ordered(bytes: Uint8Array, { bigEndian, width }: NumberType): Uint8Array {
  return bigEndian ? Uint8Array.from(bytes, (_, i) => bytes[i - (i % width) + width - 1 - (i % width)]!) : bytes;
}

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER = 3;

/** HDF5's limit, `H5Z_MAX_NFILTERS`. */
const MOST_FILTERS = 32;

/** Numbers of the filters, in the order in which they were applied. */
function filtersOf(source: Hdf5Bytes, label: string, body: Cursor | undefined): number[] {
  if (body === undefined) return [];
  const [version, count] = [body.u8(), body.u8()];
  if (count > MOST_FILTERS) source.refuse(`${label} has ${count} filters, more than ${MOST_FILTERS}`);
  if (version === 1) body.skip(6);
  return Array.from({ length: count }, () => {
    const id = body.u16();
    const named = version === 1 || id >= 256 ? body.u16() : 0;
    body.skip(2);
    const values = body.u16();
    body.skip(version === 1 ? Math.ceil(named / 8) * 8 : named);
    body.skip(4 * values + (version === 1 && values % 2 === 1 ? 4 : 0));
    if (id === DEFLATE || id === SHUFFLE || id === FLETCHER) return id;
    return source.refuse(`${label} is compressed by filter ${id}; deflate (gzip) and shuffle are read`);
  });
}

interface Chunked {
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  readonly tree: number;
  readonly filters: readonly number[];
  readonly type: NumberType;
}

async function assembled(source: Hdf5Bytes, label: string, chunked: Chunked): Promise<Uint8Array> {
  const { shape, chunk, filters, type } = chunked;
  const result = new Uint8Array(sizeOf(shape) * type.width);
  const wanted = sizeOf(shape.map((length, axis) => Math.ceil(length / chunk[axis]!)));
  const size = sizeOf(chunk) * type.width;
  // Chunks may reach beyond the edges of their array, but not by far.
  if (wanted * size > mostBytes(Math.max(source.bytes.length, result.length))) {
    source.refuse(`the chunks of ${label} would have ${wanted * size} bytes`);
  }
  const places = chunksOf(source, label, chunked);
  if (places.size !== wanted) source.refuse(`${label} has ${places.size} chunks, expected ${wanted}`);
  for (const { offsets, length, address, mask } of places.values()) {
    let bytes = source.at(address, length).take(length);
    for (let i = filters.length - 1; i >= 0; i--) {
      if ((mask >> i) & 1) continue;
      if (filters[i] === FLETCHER) bytes = bytes.subarray(0, -4);
      else if (filters[i] === SHUFFLE) bytes = unshuffled(bytes, type.width);
      // One byte more than expected: reading to the end verifies the checksum.
      else bytes = await inflated(source.file, label, bytes, size + 5, "deflate");
    }
    if (bytes.length !== size) source.refuse(`a chunk of ${label} has ${bytes.length} bytes, expected ${size}`);
    place(result, bytes, offsets, chunked);
  }
  return result;
}

interface Chunk {
  readonly offsets: readonly number[];
  readonly length: number;
  readonly address: number;
  readonly mask: number;
}

/** The chunks by their offsets. */
function chunksOf(source: Hdf5Bytes, label: string, { shape, chunk, tree }: Chunked): Map<string, Chunk> {
  const found = new Map<string, Chunk>();
  const visited = new Set<number>();
  const visit = (address: number, above: number) => {
    const cursor = source.at(address, 24);
    cursor.expect("TREE");
    const [kind, level, count] = [cursor.u8(), cursor.u8(), cursor.u16()];
    if (kind !== 1 || level >= above || visited.has(address)) source.refuse(`the tree of ${label} is damaged`);
    visited.add(address);
    cursor.skip(16);
    for (let i = 0; i < count; i++) {
      const [length, mask] = [cursor.u32(), cursor.u32()];
      const offsets = shape.map(() => cursor.u64());
      cursor.skip(8);
      const child = cursor.u64();
      if (level > 0) visit(child, level);
      else if (offsets.some((offset, axis) => offset < 0 || offset >= shape[axis]! || offset % chunk[axis]! !== 0)) {
        source.refuse(`a chunk of ${label} is outside of it`);
      } else found.set(offsets.join(), { offsets, length, address: child, mask });
    }
  };
  if (tree !== UNDEFINED) visit(tree, 8);
  return found;
}

function unshuffled(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  return Uint8Array.from(bytes, (byte, i) =>
    i < count * width ? bytes[(i % width) * count + Math.floor(i / width)]! : byte,
  );
}

/** Copies a chunk to its place, row by row, without values beyond the edge. */
function place(
  result: Uint8Array,
  bytes: Uint8Array,
  offsets: readonly number[],
  { shape, chunk, type: { width } }: Chunked,
): void {
  const last = shape.length - 1;
  const columns = Math.min(chunk[last]!, shape[last]! - offsets[last]!) * width;
  const rows = sizeOf(chunk.slice(0, last));
  for (let row = 0; row < rows; row++) {
    let [rest, at, step] = [row, offsets[last]!, shape[last]!];
    let isInside = true;
    for (let axis = last - 1; axis >= 0; axis--) {
      const index = offsets[axis]! + (rest % chunk[axis]!);
      rest = Math.floor(rest / chunk[axis]!);
      isInside &&= index < shape[axis]!;
      at += index * step;
      step *= shape[axis]!;
    }
    const from = row * chunk[last]! * width;
    if (isInside) result.set(bytes.subarray(from, from + columns), at * width);
  }
}
