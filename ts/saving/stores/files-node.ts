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
    const write = (part: Part) => untilThere(() => writeSynced(part, signal));
    try {
      for (const part of parts) await write(part);
      signal?.throwIfAborted();
      for (const part of parts) {
        await untilThere(
          () => rename(part.temporary, part.path),
          () => write(part),
        );
      }
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
    // Other files in the folder stay. It may be gone, or no longer empty, by another process.
    if (names.length > 0 && (await readdir(folder).catch(() => [""])).length === 0) {
      await rmdir(folder).catch(() => undefined);
    }
  },
};

/** A file that is written beside its place first. */
interface Part {
  readonly path: string;
  readonly pieces: readonly Uint8Array[];
  readonly temporary: string;
}

/** How often a file is written when other processes remove it. */
const MOST_TRIES = 8;

/** Runs `work` again, after `before`, while another process removes the folder or the temporary file. */
async function untilThere(work: () => Promise<void>, before?: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ENOENT" || tries === MOST_TRIES) throw error;
      await before?.();
    }
  }
}

async function writeSynced({ path, pieces, temporary }: Part, signal?: AbortSignal): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
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
}

/** At once no more than every host writes in one call. */
const MOST = 2 ** 30;

async function writeWhole(file: Awaited<ReturnType<typeof open>>, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    at += (await file.write(piece, at, Math.min(piece.length - at, MOST))).bytesWritten;
  }
}
