/**
 * Inflation of deflated bytes, by the platform.
 *
 * @module
 */

import { refuseFile } from "../stores/file-error.js";

/** Compressed bytes that are passed at once. */
const PIECE = 65_536;

/**
 * The first `count` bytes of the uncompressed data, or all if there are fewer.
 *
 * @param format - `"deflate"` has zlib's header and checksum around it.
 * @throws ValueError for damaged data, and where browsers do, for bytes behind it
 */
export async function inflated(
  file: string,
  label: string,
  packed: Uint8Array,
  count: number,
  format: "deflate-raw" | "deflate" = "deflate-raw",
): Promise<Uint8Array> {
  const result = new Uint8Array(count);
  let length = 0;
  // Read piece by piece, to unpack no more than requested.
  let at = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at >= packed.length) return controller.close();
      controller.enqueue(packed.slice(at, at + PIECE));
      at += PIECE;
    },
  });
  const reader = source.pipeThrough(new DecompressionStream(format)).getReader();
  try {
    while (length < count) {
      const { done, value } = await reader.read();
      if (done) break;
      const piece = value.subarray(0, count - length);
      result.set(piece, length);
      length += piece.length;
    }
  } catch (cause) {
    refuseFile(file, `${label} cannot be unpacked: ${(cause as Error).message}`);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return result.subarray(0, length);
}
