/**
 * Members of HDF5's groups: in links (since HDF5 1.8), or in a symbol table, which h5py writes by default.
 *
 * @module
 */

import { type Cursor, type Hdf5Bytes, UNDEFINED } from "./cursor.js";
import { MESSAGE, type Message } from "./header.js";

/** Name and address of a member. */
export type Member = readonly [name: string, address: number];

/** Bytes of a name that are read. */
const LONGEST_NAME = 4096;

/** Levels of a tree of symbols, which has 32 to this power nodes. */
const DEEPEST = 8;

/** The members of a group; `undefined` for an object that is not a group. */
export function membersOf(source: Hdf5Bytes, messages: readonly Message[]): Member[] | undefined {
  const table = messages.find(({ type }) => type === MESSAGE.symbolTable);
  if (table !== undefined) return symbols(source, table.body.u64(), table.body.u64());
  const info = messages.find(({ type }) => type === MESSAGE.linkInfo);
  if (info === undefined) return undefined;
  info.body.skip(1);
  if (info.body.u8() & 1) info.body.skip(8);
  if (info.body.u64() !== UNDEFINED) {
    source.refuse(
      'a group stores its links in a heap, which is not read. Write the file by h5py without libver="latest"',
    );
  }
  return messages.filter(({ type }) => type === MESSAGE.link).map(({ body }) => link(body));
}

function link(body: Cursor): Member {
  body.skip(1);
  const flags = body.u8();
  const kind = flags & 8 ? body.u8() : 0;
  if (flags & 4) body.skip(8);
  if (flags & 16) body.skip(1);
  const name = body.text(body.uint(1 << (flags & 3)));
  if (kind !== 0) body.source.refuse(`${JSON.stringify(name)} is a link to another place, which is not followed`);
  return [name, body.u64()];
}

function symbols(source: Hdf5Bytes, tree: number, heap: number): Member[] {
  const head = source.at(heap, 32);
  head.expect("HEAP");
  head.skip(4);
  const size = head.u64();
  head.skip(8);
  const start = head.u64();
  source.at(start, size);
  const members: Member[] = [];
  const visited = new Set<number>();
  const visit = (address: number, above: number) => {
    if (visited.has(address)) source.refuse("a tree of names has a cycle");
    visited.add(address);
    const cursor = source.at(address, 8);
    if (source.view.getUint8(address) === 0x54) {
      cursor.expect("TREE");
      const [kind, level, count] = [cursor.u8(), cursor.u8(), cursor.u16()];
      if (kind !== 0 || level >= above) source.refuse("a tree of names is damaged");
      cursor.skip(16);
      source.spend(16 * count);
      for (let i = 0; i < count; i++) {
        cursor.skip(8);
        visit(cursor.u64(), level);
      }
      return;
    }
    cursor.expect("SNOD");
    cursor.skip(2);
    const count = cursor.u16();
    source.spend(40 * count);
    for (let i = 0; i < count; i++) {
      const [offset, header, cached] = [cursor.u64(), cursor.u64(), cursor.u32()];
      cursor.skip(20);
      if (offset < 0 || offset >= size) source.refuse("a name is not in its heap");
      const name = source.at(start + offset).text(Math.min(LONGEST_NAME, size - offset));
      if (cached === 2) source.refuse(`${JSON.stringify(name)} is a link to another place, which is not followed`);
      members.push([name, header]);
    }
  };
  if (tree !== UNDEFINED) visit(tree, DEEPEST);
  return members;
}
