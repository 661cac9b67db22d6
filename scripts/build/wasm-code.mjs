// Sections and instructions of a WebAssembly module, with their offsets: for scripts that inspect the compiled code.

const NUMBER = [0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2];

/** Immediates of opcodes without a prefix: `u` a LEB128 number, `v` a list of them, `w` a list and one more, digits that many bytes. */
function immediatesOf(opcode) {
  if (NUMBER.includes(opcode) || (opcode >= 0x20 && opcode <= 0x26)) return "u";
  if (opcode === 0x11 || (opcode >= 0x28 && opcode <= 0x3e)) return "uu";
  const found = { 14: "w", 28: "v", 67: "4", 68: "8" }[opcode];
  if (found === undefined && opcode > 0x26 && (opcode < 0x45 || opcode > 0xc4) && opcode !== 0xd1)
    throw new Error(`The opcode ${opcode} is not known.`);
  return found ?? "";
}

function immediatesBehindPrefix(prefix, opcode) {
  if (prefix === 0xfc) return ["", "", "", "", "", "", "", "", "uu", "u", "uu", "u", "uu", "uu"][opcode] ?? "u";
  // Atomic instructions have an address, a fence a byte.
  if (prefix === 0xfe) return opcode === 3 ? "u" : "uu";
  if (opcode <= 0x0b || opcode === 0x5c || opcode === 0x5d) return "uu";
  if (opcode === 0x0c || opcode === 0x0d) return "88";
  if (opcode >= 0x15 && opcode <= 0x22) return "1";
  if (opcode >= 0x54 && opcode <= 0x5b) return "uu1";
  return "";
}

/** Reads a module. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  skip(count) {
    this.at += count;
  }

  /** A LEB128 number; of signed ones the low bits. */
  number() {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte >= 0x80);
    return value;
  }

  /** The next instruction: its opcode (with a prefix, 256 x prefix + opcode), first immediate, begin and end. */
  instruction() {
    const begin = this.at;
    const first = this.byte();
    const isPrefix = first >= 0xfc && first <= 0xfe;
    const second = isPrefix ? this.number() : 0;
    const immediates = isPrefix ? immediatesBehindPrefix(first, second) : immediatesOf(first);
    let immediate;
    for (const kind of immediates) {
      const value = this.#immediate(kind);
      immediate ??= value;
    }
    return { opcode: isPrefix ? first * 256 + second : first, immediate, begin, end: this.at };
  }

  #immediate(kind) {
    if (kind === "u") return this.number();
    if (kind === "v" || kind === "w") {
      for (let count = this.number() + (kind === "w" ? 1 : 0); count > 0; count--) this.number();
    } else this.skip(Number(kind));
    return undefined;
  }

  /** The groups of a function's locals, which come before its instructions. */
  locals() {
    for (let groups = this.number(); groups > 0; groups--) {
      this.number();
      this.skip(1);
    }
  }
}

/** A LEB128 number, as bytes. */
export function unsigned(value) {
  const bytes = [];
  for (let rest = value; ; ) {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
    if (rest === 0) return bytes;
  }
}

export const CODE_SECTION = 10;

/** The sections, in their order: `{ id, content }`, of which the content is a view. */
export function sectionsOf(bytes) {
  const sections = [];
  const reader = new Reader(bytes, 8);
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const size = reader.number();
    sections.push({ id, content: bytes.subarray(reader.at, reader.at + size) });
    reader.skip(size);
  }
  return sections;
}

/** The instructions of each function; their places are in `bytes`. */
export function* functionsOf(bytes) {
  const code = sectionsOf(bytes).find(({ id }) => id === CODE_SECTION).content;
  const reader = new Reader(bytes, code.byteOffset - bytes.byteOffset);
  for (let count = reader.number(); count > 0; count--) {
    const size = reader.number();
    const end = reader.at + size;
    reader.locals();
    const instructions = [];
    while (reader.at < end) instructions.push(reader.instruction());
    if (reader.at !== end) throw new Error(`An instruction ends at ${reader.at}, its function at ${end}.`);
    yield instructions;
  }
}
