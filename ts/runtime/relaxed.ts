/**
 * Relaxed SIMD: in the loops of products, `f32x4.mul` and `f32x4.add` become one instruction, which rounds once if the
 * processor supports it. There is no second file: the build lists the positions, and a copy of the module's bytes is
 * patched there.
 *
 * @module
 */

import { ModuleError } from "../errors.js";
import type { BufferSource } from "../platform-types.js";

const LOCAL_GET = 0x20;
const MUL_ADD = [0xfd, 0xe6, 0x01, 0xfd, 0xe4, 0x01];
/** `f32x4.relaxed_madd`, and three `nop`. */
const FUSED = [0xfd, 0x85, 0x02, 0x01, 0x01, 0x01];

/** `(module (func (param v128) (result v128) local.get 0 local.get 0 local.get 0 f32x4.relaxed_madd))`. */
const PROBE = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 123, 1, 123, 3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 32, 0, 32, 0, 32, 0, 253, 133, 2, 11],
];

/** Whether this engine has relaxed SIMD. @internal */
export function hasRelaxedSimd(): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(PROBE));
}

/**
 * A copy of the module in which products are added in one instruction: `sum a b * +` becomes `a b sum fused`.
 *
 * @param places - For each position, the distance from the previous one, the length of `local.get sum`, and that of `a
 *   b`.
 * @throws ModuleError `ERR_MODULE_INVALID` for the bytes of another module
 * @internal
 */
export function fused(source: BufferSource, places: readonly number[]): Uint8Array<ArrayBuffer> {
  const given = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  const bytes = new Uint8Array(given);
  let at = 0;
  for (let i = 0; i < places.length; i += 3) {
    const [distance, get, operands] = places.slice(i, i + 3) as [number, number, number];
    at += distance;
    const end = at + get + operands;
    if (bytes[at] !== LOCAL_GET || MUL_ADD.some((byte, k) => bytes[end + k] !== byte)) {
      throw new ModuleError(
        "ERR_MODULE_INVALID",
        'initSync: "relaxed" needs the bytes of this version\'s gradstep/gradstep.wasm, unchanged.',
      );
    }
    bytes.copyWithin(at, at + get, end);
    bytes.set([...given.subarray(at, at + get), ...FUSED], at + operands);
  }
  return bytes;
}
