/**
 * The module with little memory: the same bytes, with a maximum written into the memory section, so that
 * running out is real and takes no gigabytes.
 */

import { size, text } from "../../ts/runtime/generated/bytes.js";
import { unpacked } from "../../ts/runtime/unpacked.js";

const MEMORY_SECTION = 5;
const PAGE = 65536;

/** An unsigned LEB128 number, and where the next thing begins. */
function readNumber(bytes: Uint8Array, start: number): [value: number, next: number] {
  let [value, at, factor] = [0, start, 1];
  for (;;) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
    factor *= 128;
  }
}

function numberBytes(value: number): number[] {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

/** The embedded module, allowed to grow by `bytes` beyond what it starts with. */
export function limitedModule(bytes: number): Uint8Array<ArrayBuffer> {
  const module = unpacked(text, size);
  let at = 8; // magic number and version
  while (at < module.length) {
    const id = module[at];
    const [size, body] = readNumber(module, at + 1);
    if (id !== MEMORY_SECTION) {
      at = body + size;
      continue;
    }
    const [count, flagsAt] = readNumber(module, body);
    const [pages] = readNumber(module, flagsAt + 1);
    if (count !== 1) throw new Error(`expected one memory in the module, got ${count}`);
    const limited = [1, 1, ...numberBytes(pages), ...numberBytes(pages + Math.ceil(bytes / PAGE))];
    const section = [MEMORY_SECTION, ...numberBytes(limited.length), ...limited];
    return Uint8Array.from([...module.subarray(0, at), ...section, ...module.subarray(body + size)]);
  }
  throw new Error("the module has no memory section");
}
