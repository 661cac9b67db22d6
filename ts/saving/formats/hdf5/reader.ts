/**
 * HDF5 files, as Keras writes them by h5py: groups, arrays of numbers, texts as attributes.
 *
 * h5wasm and jsfive are not used. h5wasm is 1 MB gzipped, and as an optional peer it fails to resolve in bundles of
 * pages that never read HDF5. Of 1,500 damaged files it read 1,317, jsfive 1,359, and both throw errors without a
 * class. Keras needs a small part of the format. In this reader arrays are views of the file, and structures are
 * checked.
 *
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 * @module
 */

import type { StoredTensor } from "../stored-tensor.js";
import { type AttributeValue, attributesIn } from "./attributes.js";
import { Hdf5Bytes } from "./cursor.js";
import { datasetOf } from "./dataset.js";
import { membersOf } from "./groups.js";
import { messagesAt } from "./header.js";
import { lookup3 } from "./lookup3.js";

/** A group: its members by name, in the file's order. */
export interface Hdf5Group {
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  readonly groups: ReadonlyMap<string, Hdf5Group>;
  readonly arrays: ReadonlyMap<string, StoredTensor>;
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Groups in groups. */
const DEEPEST = 64;

/** The root group. @throws ValueError for a damaged file, and for parts of the format that Keras does not use */
export function readHdf5(file: string, bytes: Uint8Array): Hdf5Group {
  const source = new Hdf5Bytes(file, bytes);
  const visited = new Set<number>();
  const group = (address: number, depth: number, name: string): Hdf5Group | StoredTensor | undefined => {
    if (visited.has(address)) source.refuse(`${JSON.stringify(name)} has two names`);
    if (depth > DEEPEST) source.refuse(`its groups are nested deeper than ${DEEPEST} levels`);
    visited.add(address);
    // Each array has a path, which is as long as all names above it.
    source.spend(name.length);
    const messages = messagesAt(source, address);
    const members = membersOf(source, messages);
    if (members === undefined) return datasetOf(source, name, messages);
    const [groups, arrays] = [new Map<string, Hdf5Group>(), new Map<string, StoredTensor>()];
    for (const [key, at] of members) {
      if (groups.has(key) || arrays.has(key)) source.refuse(`it has ${JSON.stringify(key)} twice`);
      const made = group(at, depth + 1, name === "" ? key : `${name}/${key}`);
      if (made === undefined) continue;
      if ("groups" in made) groups.set(key, made);
      else arrays.set(key, made);
    }
    return { attributes: attributesIn(source, messages), groups, arrays };
  };
  const root = group(rootOf(source), 0, "");
  return root !== undefined && "groups" in root ? root : source.refuse("its root is not a group");
}

/** All arrays under their paths: `layers/dense/vars/0`. */
export function arraysOf(root: Hdf5Group): Map<string, StoredTensor> {
  const all = new Map<string, StoredTensor>();
  const visit = ({ groups, arrays }: Hdf5Group, path: string) => {
    for (const [name, array] of arrays) all.set(`${path}${name}`, array);
    for (const [name, inside] of groups) visit(inside, `${path}${name}/`);
  };
  visit(root, "");
  return all;
}

/** Address of the root group's header. */
function rootOf(source: Hdf5Bytes): number {
  const { bytes } = source;
  if (bytes.length < 48 || SIGNATURE.some((byte, i) => bytes[i] !== byte)) source.refuse("it is not an HDF5 file");
  const cursor = source.at(8);
  const version = cursor.u8();
  if (version > 3) source.refuse(`its version is ${version}; 0 to 3 are read`);
  const isOld = version < 2;
  if (isOld) cursor.skip(4);
  if (cursor.u8() !== 8 || cursor.u8() !== 8) source.refuse("its addresses do not have 8 bytes");
  cursor.skip(isOld ? (version === 1 ? 13 : 9) : 1);
  const [base, , end] = [cursor.u64(), cursor.u64(), cursor.u64()];
  if (base !== 0) source.refuse("its base address is not 0");
  if (end > bytes.length) source.refuse(`it is cut off: it has ${bytes.length} of ${end} bytes`);
  if (isOld) {
    // The driver's address, then the root's entry: offset of a name, address.
    cursor.skip(16);
    return cursor.u64();
  }
  const root = cursor.u64();
  if (cursor.u32() !== lookup3(bytes.subarray(0, 44))) source.refuse("a checksum is wrong");
  return root;
}
