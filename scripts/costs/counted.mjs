// A WebAssembly module that counts what it executes: each stretch of instructions without a branch adds its cost to a
// global, which the module exports as `cost`. The same calls give the same number, on any machine and engine.

/** The value types and opcodes that are written here. */
const I64 = 0x7e;
const END = 0x0b;

/** Instructions that are no work of a processor: locals, constants, structure. */
const FREE = new Set([
  ...[0x01, 0x02, 0x03, 0x05, END, 0x1a, 0x20, 0x21, 0x22, 0x41, 0x42, 0x43, 0x44],
  ...[0xfd0c /* v128.const */],
]);
/** Divisions of integers, divisions and roots of floats, calls: about as much longer as on x64. All others cost 1. */
const DEAR = new Map([
  ...[0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82].map((code) => [code, 20]),
  ...[0x91, 0x95, 0x9f, 0xa3, 0xfde3, 0xfde7, 0xfdef, 0xfdf3].map((code) => [code, 8]),
  [0x10, 2],
  [0x11, 4],
]);
/** After these another stretch begins: code can come to it, or leave it, by a branch. */
const CUTS = new Set([0x03, 0x04, 0x05, END, 0x0d]);

/** Reads bytes from `at` on. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned number; of a signed one only the length counts here. */
  number() {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      result += (byte & 127) * 2 ** shift;
      if (byte < 128) return result;
    }
  }

  skip(count) {
    this.at += count;
  }

  numbers(count) {
    for (let i = 0; i < count; i++) this.number();
  }
}

function unsigned(value) {
  const bytes = [];
  for (let rest = value; ; ) {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
    if (rest === 0) return bytes;
  }
}

/** A signed number that is not negative. */
function signed(value) {
  const bytes = unsigned(value);
  if (bytes.at(-1) < 64) return bytes;
  bytes.push(bytes.pop() + 128, 0);
  return bytes;
}

/** Reads one instruction. @returns its code: 0xfd12 for a prefix 0xfd with 0x12 */
function instruction(reader) {
  const code = reader.byte();
  if (code === 0xfc || code === 0xfd || code === 0xfe) return prefixed(reader, code);
  if (code === 0x41 || code === 0x42 || (code >= 0x0c && code <= 0x0d) || (code >= 0x20 && code <= 0x26))
    reader.number();
  else if (code >= 0x02 && code <= 0x04) reader.number();
  else if (code === 0x0e) reader.numbers(reader.number() + 1);
  else if (code === 0x10 || code === 0x3f || code === 0x40 || code === 0xd0 || code === 0xd2) reader.number();
  else if (code === 0x11) reader.numbers(2);
  else if (code === 0x1c) reader.numbers(reader.number());
  else if (code >= 0x28 && code <= 0x3e) reader.numbers(2);
  else if (code === 0x43) reader.skip(4);
  else if (code === 0x44) reader.skip(8);
  else if (code > 0x26 && (code < 0x45 || code > 0xc4) && code !== 0xd1)
    throw new Error(`The opcode ${code} is not known.`);
  return code;
}

function prefixed(reader, prefix) {
  const code = reader.number();
  if (prefix === 0xfd) {
    if (code <= 11 || (code >= 84 && code <= 93)) reader.numbers(2);
    if (code === 12 || code === 13) reader.skip(16);
    if ((code >= 21 && code <= 34) || (code >= 84 && code <= 91)) reader.skip(1);
  } else if (prefix === 0xfc) {
    reader.numbers([0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1][code]);
  } else {
    reader.numbers(code === 3 ? 1 : 2);
  }
  return prefix * 256 + code;
}

/** The body of a function, with its counting. */
function countedBody(bytes, from, to, global) {
  const reader = new Reader(bytes, from);
  for (let groups = reader.number(); groups > 0; groups--) reader.numbers(2);
  const parts = [bytes.subarray(from, reader.at)];
  let [start, cost] = [reader.at, 0];
  const flush = () => {
    if (cost > 0) parts.push([0x23, ...global, 0x42, ...signed(cost), 0x7c, 0x24, ...global]);
    parts.push(bytes.subarray(start, reader.at));
    [start, cost] = [reader.at, 0];
  };
  while (reader.at < to) {
    const code = instruction(reader);
    if (!FREE.has(code)) cost += DEAR.get(code) ?? 1;
    if (CUTS.has(code)) flush();
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

/** A vector's content with another entry, of which `bytes` is the text. */
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

/** `bytes` of a module without imported globals, so that it counts. */
export function counted(bytes) {
  const sections = [];
  const reader = new Reader(bytes, 8);
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const size = reader.number();
    sections.push({ id, content: bytes.subarray(reader.at, reader.at + size) });
    reader.skip(size);
  }
  const globals = sections.find(({ id }) => id === 6).content;
  const index = unsigned(new Reader(globals).number());
  const changes = {
    6: (content) => withEntry(content, [I64, 1, 0x42, 0, END]),
    7: (content) => withEntry(content, [4, ...new TextEncoder().encode("cost"), 3, ...index]),
    10: (content) => countedCode(content, index),
  };
  const parts = [bytes.subarray(0, 8)];
  for (const { id, content } of sections) {
    const changed = changes[id]?.(content) ?? content;
    parts.push([id], unsigned(changed.length), changed);
  }
  return concatenated(parts);
}
