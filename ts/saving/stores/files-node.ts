/**
 * Files of Node, Deno and Bun.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
/// <reference types="node" />
import type { URL } from "../../platform-types.js";
import type { Files } from "./files.js";

const pathOf = (place: string | URL): string =>
  typeof place !== "string" || place.startsWith("file:") ? fileURLToPath(place) : place;

export const files: Files = {
  async read(place, signal) {
    const { buffer, byteOffset, byteLength } = await readFile(pathOf(place), signal === undefined ? {} : { signal });
    // Not a Buffer, whose slice() is a view.
    return new Uint8Array(buffer, byteOffset, byteLength);
  },

  async write(place, pieces, signal) {
    const path = pathOf(place);
    await mkdir(dirname(path), { recursive: true });
    // In the same folder: a file is renamed at once only within one file system.
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      const file = await open(temporary, "wx");
      try {
        for (const piece of pieces) {
          signal?.throwIfAborted();
          await writeWhole(file, piece);
        }
        // The name must not be there before the contents are, should the machine stop.
        await file.sync();
      } finally {
        await file.close();
      }
      signal?.throwIfAborted();
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  },

  async append(place, pieces) {
    const path = pathOf(place);
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "a");
    try {
      for (const piece of pieces) await writeWhole(file, piece);
    } finally {
      await file.close();
    }
  },
};

/** At once no more than every host writes in one call. */
const MOST = 2 ** 30;

async function writeWhole(file: Awaited<ReturnType<typeof open>>, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    at += (await file.write(piece, at, Math.min(piece.length - at, MOST))).bytesWritten;
  }
}
