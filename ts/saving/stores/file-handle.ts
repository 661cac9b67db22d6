/**
 * Handles of the File System API: the user's files, and those of the origin's private file system.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/API/FileSystemFileHandle
 * @module
 */

import type { AbortSignal, Bytes } from "../../platform-types.js";

/** A `FileSystemFileHandle` to write to. */
export interface WritableHandle {
  createWritable(): Promise<WritableFile>;
}

interface WritableFile {
  write(piece: Bytes): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

/** Writes the whole file or nothing: the old contents stay until it is closed. */
export async function writeToHandle(
  handle: WritableHandle,
  pieces: readonly Bytes[],
  signal?: AbortSignal,
): Promise<void> {
  const file = await handle.createWritable();
  try {
    for (const piece of pieces) {
      signal?.throwIfAborted();
      await file.write(piece);
    }
    signal?.throwIfAborted();
  } catch (error) {
    await file.abort(error).catch(() => undefined);
    throw error;
  }
  await file.close();
}
