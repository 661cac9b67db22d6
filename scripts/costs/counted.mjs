// A WebAssembly module that counts what it executes: each basic block adds its cost to a global, which the module
// exports as `cost`. The same calls yield the same number, on any machine and engine.

import { CODE_SECTION, Reader, sectionsOf, unsigned } from "../build/wasm-code.mjs";

/** The value types and opcodes that this file writes. */
const I64 = 0x7e;
const END = 0x0b;

/** Instructions without cost: locals, constants, structure. */
const FREE = new Set([
  ...[0x01, 0x02, 0x03, 0x05, END, 0x1a, 0x20, 0x21, 0x22, 0x41, 0x42, 0x43, 0x44],
  ...[0xfd0c /* v128.const */],
]);
/** Integer divisions, float divisions and roots, calls: about as slow, relatively, as on x64. All others cost 1. */
const DEAR = new Map([
  ...[0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82].map((code) => [code, 20]),
  ...[0x91, 0x95, 0x9f, 0xa3, 0xfde3, 0xfde7, 0xfdef, 0xfdf3].map((code) => [code, 8]),
  [0x10, 2],
  [0x11, 4],
]);
/** After these another basic block begins. */
const CUTS = new Set([0x03, 0x04, 0x05, END, 0x0d]);

/** A signed number that is not negative. */
function signed(value) {
  const bytes = unsigned(value);
  if (bytes.at(-1) < 64) return bytes;
  bytes.push(bytes.pop() + 128, 0);
  return bytes;
}

/** The body of a function, with its counting. */
function countedBody(bytes, from, to, global) {
  const reader = new Reader(bytes, from);
  reader.locals();
  const parts = [bytes.subarray(from, reader.at)];
  let [start, cost] = [reader.at, 0];
  const flush = () => {
    if (cost > 0) parts.push([0x23, ...global, 0x42, ...signed(cost), 0x7c, 0x24, ...global]);
    parts.push(bytes.subarray(start, reader.at));
    [start, cost] = [reader.at, 0];
  };
  while (reader.at < to) {
    const { opcode } = reader.instruction();
    if (!FREE.has(opcode)) cost += DEAR.get(opcode) ?? 1;
    if (CUTS.has(opcode)) flush();
  }
  flush();
  return concatenated(parts);
}

function concatenated(parts) {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** A vector's content with an additional entry, `bytes`. */
function withEntry(content, bytes) {
  const reader = new Reader(content);
  const count = reader.number();
  return concatenated([unsigned(count + 1), content.subarray(reader.at), bytes]);
}

function countedCode(content, global) {
  const reader = new Reader(content);
  const count = reader.number();
  const parts = [unsigned(count)];
  for (let i = 0; i < count; i++) {
    const size = reader.number();
    const body = countedBody(content, reader.at, reader.at + size, global);
    parts.push(unsigned(body.length), body);
    reader.skip(size);
  }
  return concatenated(parts);
}

/** The counting version of a module without imported globals. */
export function counted(bytes) {
  const sections = sectionsOf(bytes);
  const globals = sections.find(({ id }) => id === 6).content;
  const index = unsigned(new Reader(globals).number());
  const changes = {
    6: (content) => withEntry(content, [I64, 1, 0x42, 0, END]),
    7: (content) => withEntry(content, [4, ...new TextEncoder().encode("cost"), 3, ...index]),
    [CODE_SECTION]: (content) => countedCode(content, index),
  };
  const parts = [bytes.subarray(0, 8)];
  for (const { id, content } of sections) {
    const changed = changes[id]?.(content) ?? content;
    parts.push([id], unsigned(changed.length), changed);
  }
  return concatenated(parts);
}
