/**
 * Arrays as the golden files have them, and arrays bit for bit.
 */

type TypedNumbers = Float32Array | Int32Array | Float64Array;

/** Base64 of little-endian float32. */
export function float32s(base64: string): Float32Array<ArrayBuffer> {
  return new Float32Array(bytesOf(base64).buffer);
}

/** Base64 of little-endian int32. */
export function int32s(base64: string): Int32Array<ArrayBuffer> {
  return new Int32Array(bytesOf(base64).buffer);
}

/** Base64 as bytes. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** The bits of numbers, in pieces of 4 bytes: NaN payloads and the sign of zero count. */
export function bitsOf(values: TypedNumbers): Uint32Array<ArrayBuffer> {
  return new Uint32Array(values.slice().buffer);
}

/** Throws at the first element whose bits differ. */
export function expectSameBits(what: string, got: TypedNumbers, expected: TypedNumbers): void {
  if (got.length !== expected.length) {
    throw new Error(`${what}: expected ${expected.length} values, got ${got.length}`);
  }
  const [a, b] = [bitsOf(got), bitsOf(expected)];
  const at = a.findIndex((bits, i) => bits !== b[i]);
  if (at >= 0) throw new Error(`${what}: element ${at} of ${got.length}: expected ${expected[at]}, got ${got[at]}`);
}

/** SHA-256 over the bytes of all arrays, in hexadecimal. */
export async function hashOf(arrays: readonly TypedNumbers[]): Promise<string> {
  const all = new Uint8Array(arrays.reduce((total, array) => total + array.byteLength, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Base64 of gzipped bytes. */
export async function unzippedOf(base64: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
