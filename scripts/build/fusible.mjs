// Places in the module where `sum + a * b` can become one instruction of relaxed SIMD, `a * b + sum`.

import { functionsOf } from "./wasm-code.mjs";

const [GET, SET, TEE] = [0x20, 0x21, 0x22];
const simd = (opcode) => 0xfd * 256 + opcode;
const [MUL, ADD] = [simd(0xe6), simd(0xe4)];
/** Numbers of values that an instruction pops and pushes, for the instructions in operands of products. */
const EFFECTS = new Map([
  [GET, [0, 1]],
  [TEE, [1, 1]],
  [0x41, [0, 1]], // i32.const
  [0x6a, [2, 1]], // i32.add
  [0x6b, [2, 1]], // i32.sub
  [0x6c, [2, 1]], // i32.mul
  [0x74, [2, 1]], // i32.shl
  [0x2a, [1, 1]], // f32.load
  [simd(0), [1, 1]], // v128.load
  [simd(9), [1, 1]], // v128.load32_splat
  [simd(0x13), [1, 1]], // f32x4.splat
]);

/**
 * Additions of a product to a local: `[offset, length of "local.get sum", length of a and b]`, by offset. After a and b
 * follow the six bytes of `f32x4.mul` and `f32x4.add`.
 */
export function placesOf(bytes) {
  const places = [];
  for (const code of functionsOf(bytes)) {
    code.forEach(({ opcode }, at) => {
      if (opcode !== ADD || code[at - 1]?.opcode !== MUL) return;
      const first = operandsOf(code, at - 1);
      const [sum, kept] = [code[first - 1], code[at + 1]];
      if (first < 0 || sum?.opcode !== GET) return;
      if ((kept?.opcode !== SET && kept?.opcode !== TEE) || kept.immediate !== sum.immediate) return;
      const span = code.slice(first, at - 1);
      // The sum is then read after a and b: neither may change it.
      if (span.some(({ opcode, immediate }) => opcode === TEE && immediate === sum.immediate)) return;
      places.push([sum.begin, sum.end - sum.begin, code[at - 1].begin - sum.end]);
    });
  }
  return places;
}

/** The index of the first instruction of the two operands that end before `end`; -1 if one is not known. */
function operandsOf(code, end) {
  let needed = 2;
  for (let at = end - 1; at >= 0; at--) {
    const effect = EFFECTS.get(code[at].opcode);
    if (effect === undefined) return -1;
    needed += effect[0] - effect[1];
    if (needed === 0) return at;
  }
  return -1;
}
