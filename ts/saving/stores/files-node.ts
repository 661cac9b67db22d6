/**
 * Files of Node, Deno and Bun.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { fstatSync, readSync } from "node:fs";
import { access, mkdir, open, readdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
/// <reference types="node" />
import type { AbortSignal, Bytes, URL } from "../../platform-types.js";
import { writeAtOnce } from "./at-once.js";
import type { Files } from "./files.js";
import { examine } from "./finite.js";
import type { OpenFile } from "./in-parts.js";
import { PART, type Tell, writeParts } from "./progress.js";

const pathOf = (place: string | URL): string =>
  typeof place !== "string" || place.startsWith("file:") ? fileURLToPath(place) : place;

export const files: Files = {
  async read(place, signal, tell) {
    const whole = await readFileWhole(pathOf(place), signal, tell);
    if (whole !== undefined) return whole;
    const { buffer, byteOffset, byteLength } = await readFile(pathOf(place), signal === undefined ? {} : { signal });
    // Not a Buffer, whose slice() is a view.
    return new Uint8Array(buffer, byteOffset, byteLength);
  },

  async open(place, length) {
    const file = await open(pathOf(place));
    try {
      const stats = await file.stat();
      if (stats.isFile() && stats.size >= length) return openFile(file, stats.size);
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return undefined;
  },

  async write(list, { signal, atOnce = false }) {
    if (atOnce) return await writeAtOnce(pathOf(list[0]!.place), list[0]!.pieces);
    const parts = list.map(({ place, pieces, tell }) => {
      const path = pathOf(place);
      // In the same folder: renaming is atomic only within one file system.
      return { path, pieces, tell, temporary: `${path}.${randomUUID()}.tmp` };
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
    // Other files in the folder stay. Another process may have removed the folder, or added files.
    if (names.length > 0 && (await readdir(folder).catch(() => [""])).length === 0) {
      await rmdir(folder).catch(() => undefined);
    }
  },
};

/**
 * The bytes of a file, in parts if progress is reported; `undefined` for files without a length, such as a pipe. Not by
 * `readFile`, whose parts of 512 kB take three times as long.
 */
async function readFileWhole(path: string, signal: AbortSignal | undefined, tell: Tell | undefined) {
  signal?.throwIfAborted();
  const file = await open(path);
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.size === 0) return undefined;
    const bytes = new Uint8Array(stats.size);
    const most = tell === undefined ? WITHOUT_PAUSE : PART;
    const read = (at: number) => file.read(bytes, at, Math.min(bytes.length - at, most), at);
    let [at, reading] = [0, read(0)];
    while (at < bytes.length) {
      const [start, { bytesRead }] = [at, await reading];
      // The file has become shorter.
      if (bytesRead === 0) return bytes.slice(0, at);
      at += bytesRead;
      tell?.(at, bytes.length);
      signal?.throwIfAborted();
      if (at < bytes.length) reading = read(at);
      if (bytes.length > most) examine(bytes, start, at);
    }
    return bytes;
  } finally {
    await file.close();
  }
}

function openFile(file: Awaited<ReturnType<typeof open>>, length: number): OpenFile {
  return {
    length,
    read: async (into, at) => (await file.read(into, 0, into.length, at)).bytesRead,
    readNow: (into, at) => readSync(file.fd, into, 0, into.length, at),
    stamp() {
      const { size, mtimeNs, ctimeNs } = fstatSync(file.fd, { bigint: true });
      return [size, mtimeNs, ctimeNs].join();
    },
    close: () => file.close(),
  };
}

/** Bytes that are read at once, between two checks of the signal. */
const WITHOUT_PAUSE = 2 ** 23;

/** A temporary file next to the final place. */
interface Part {
  readonly path: string;
  readonly pieces: readonly Bytes[];
  readonly tell: Tell | undefined;
  readonly temporary: string;
}

/** The number of attempts to write a file that other processes remove. */
const MOST_TRIES = 8;

/** Repeats `work`, after `before`, if another process removes the folder or the temporary file. */
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

async function writeSynced({ path, pieces, tell, temporary }: Part, signal?: AbortSignal): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(temporary, "wx");
  try {
    await writeParts(pieces, (part) => writeWhole(file, part), { signal, tell });
    // The name must not exist before the contents are on disk, in case the machine stops.
    await file.sync();
  } finally {
    await file.close();
  }
}

/** At most as many bytes at once as every host can write in one call. */
const MOST = 2 ** 30;

async function writeWhole(file: Awaited<ReturnType<typeof open>>, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    at += (await file.write(piece, at, Math.min(piece.length - at, MOST))).bytesWritten;
  }
}
