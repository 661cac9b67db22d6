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
import type { AbortSignal, URL } from "../../platform-types.js";
import type { Files } from "./files.js";

const pathOf = (place: string | URL): string =>
  typeof place !== "string" || place.startsWith("file:") ? fileURLToPath(place) : place;

export const files: Files = {
  async read(place, signal) {
    const { buffer, byteOffset, byteLength } = await readFile(pathOf(place), signal === undefined ? {} : { signal });
    // Not a Buffer, whose slice() is a view.
    return new Uint8Array(buffer, byteOffset, byteLength);
  },

  async write(list, signal) {
    const parts = list.map(({ place, pieces }) => {
      const path = pathOf(place);
      // In the same folder: a file is renamed at once only within one file system.
      return { path, pieces, temporary: `${path}.${randomUUID()}.tmp` };
    });
    try {
      for (const { path, pieces, temporary } of parts) {
        await mkdir(dirname(path), { recursive: true });
        await writeSynced(temporary, pieces, signal);
      }
      signal?.throwIfAborted();
      for (const { path, temporary } of parts) await rename(temporary, path);
    } catch (error) {
      for (const { temporary } of parts) await rm(temporary, { force: true });
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

async function writeSynced(path: string, pieces: readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
  const file = await open(path, "wx");
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
}

/** At once no more than every host writes in one call. */
const MOST = 2 ** 30;

async function writeWhole(file: Awaited<ReturnType<typeof open>>, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    at += (await file.write(piece, at, Math.min(piece.length - at, MOST))).bytesWritten;
  }
}
