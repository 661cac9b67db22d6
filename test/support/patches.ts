/** Copies of files with other bytes in places, for tests of damaged files. */

/** An address, and the number to write there, in `width` bytes, little-endian. */
export type Patch = readonly [at: number, value: number | bigint, width: 1 | 2 | 4 | 8];

/** A copy with these numbers in it. */
export function patched(bytes: Uint8Array, ...patches: readonly Patch[]): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  for (const [at, value, width] of patches) {
    if (at < 0 || at + width > copy.length) throw new Error(`no byte ${at} in ${copy.length}`);
    for (let i = 0; i < width; i++) copy[at + i] = Number((BigInt(value) >> BigInt(8 * i)) & 255n);
  }
  return copy;
}

/** Positions of a text. */
export function placesOf(bytes: Uint8Array, text: string): number[] {
  const wanted = new TextEncoder().encode(text);
  const isAt = (at: number) => wanted.every((byte, i) => bytes[at + i] === byte);
  return Array.from({ length: Math.max(0, bytes.length - wanted.length + 1) }, (_, at) => at).filter(isAt);
}

/** Lets a reader have a file; returns the error, undefined when there is none. */
export async function refusal(read: () => unknown): Promise<{ code?: string; message: string } | undefined> {
  try {
    await read();
  } catch (error) {
    return error as { code?: string; message: string };
  }
  return undefined;
}
