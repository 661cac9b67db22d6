/**
 * Files of Node, Deno and Bun.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { access, mkdir, open, readdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
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

  async has(place) {
    try {
      await access(pathOf(place));
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === "ENOENT") return false;
      throw error;
    }
  },

  async clear(place, part) {
    const path = pathOf(place);
    const folder = dirname(path);
    const names = await readdir(folder).catch(() => []);
    const unfinished = names.filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith(".tmp"));
    for (const name of unfinished) await rm(join(folder, name), { force: true });
    if (part === "unfinished") return;
    await rm(path, { force: true });
    // Other files in the folder stay.
    if (names.length > 0 && (await readdir(folder)).length === 0) await rmdir(folder);
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
