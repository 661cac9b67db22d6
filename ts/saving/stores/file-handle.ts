/**
 * Handles of the File System API: the user's files, and those of the origin's private file system.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/API/FileSystemFileHandle
 * @module
 */

import type { AbortSignal, Bytes } from "../../platform-types.js";
import { type Tell, writeParts } from "./progress.js";

/** A `FileSystemFileHandle` to write to. */
export interface WritableHandle {
  createWritable(): Promise<WritableFile>;
}

interface WritableFile {
  write(piece: Bytes): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

/** A handle, and the bytes to write. */
export type HandleContents = readonly [handle: WritableHandle, pieces: readonly Bytes[], tell?: Tell | undefined];

/** Writes all files or none: the old contents stay until the files are closed. */
export async function writeToHandles(list: readonly HandleContents[], signal?: AbortSignal): Promise<void> {
  const opened: WritableFile[] = [];
  try {
    for (const [handle, pieces, tell] of list) {
      const file = await handle.createWritable();
      opened.push(file);
      await writeParts(pieces, (part) => file.write(part), { signal, tell });
    }
    signal?.throwIfAborted();
    // A full disk may only be reported here: then the others are aborted.
    for (const file of opened) await file.close();
  } catch (error) {
    // Closed ones cannot be aborted.
    for (const file of opened) await file.abort(error).catch(() => undefined);
    throw error;
  }
}
