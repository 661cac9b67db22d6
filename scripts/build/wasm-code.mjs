// The instructions of a module's functions, with their places: for scripts that look at the compiled code.

const NUMBER = [0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2];

/** Immediates of opcodes without a prefix: `u` a LEB128 number, `v` a list of them, `w` a list and one more, digits that many bytes. */
function immediatesOf(opcode) {
  if (NUMBER.includes(opcode) || (opcode >= 0x20 && opcode <= 0x26)) return "u";
  if (opcode === 0x11 || (opcode >= 0x28 && opcode <= 0x3e)) return "uu";
  return { 14: "w", 28: "v", 67: "4", 68: "8" }[opcode] ?? "";
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

  /** A LEB128 number; of signed ones the low bits. */
  number() {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte >= 0x80);
    return value;
  }

  /** The next instruction: its opcode (with a prefix, 256 x prefix + opcode), first immediate, begin and end. */
  instruction() {
    const begin = this.at;
    const first = this.bytes[this.at++];
    const isPrefix = first >= 0xfc;
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
    } else this.at += Number(kind);
    return undefined;
  }
}

const CODE_SECTION = 10;

/** The instructions of each function. */
export function* functionsOf(bytes) {
  const reader = new Reader(bytes, 8);
  while (reader.at < bytes.length) {
    const id = bytes[reader.at++];
    const size = reader.number();
    const end = reader.at + size;
    if (id === CODE_SECTION) yield* bodies(reader);
    reader.at = end;
  }
}

function* bodies(reader) {
  for (let count = reader.number(); count > 0; count--) {
    const size = reader.number();
    const end = reader.at + size;
    for (let groups = reader.number(); groups > 0; groups--) {
      reader.number();
      reader.at += 1;
    }
    const instructions = [];
    while (reader.at < end) instructions.push(reader.instruction());
    if (reader.at !== end) throw new Error(`An instruction ends at ${reader.at}, its function at ${end}.`);
    yield instructions;
  }
}
