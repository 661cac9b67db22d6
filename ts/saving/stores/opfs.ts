/**
 * Files in the origin's private file system: `opfs://path`.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/API/File_System_API/Origin_private_file_system
 * @module
 */

import { FileError } from "./file-error.js";
import { type HandleContents, writeToHandles } from "./file-handle.js";
import type { Store, StoreFile } from "./store.js";

const SCHEME = "opfs://";

/** Chromium's own files, while something is written. */
const UNFINISHED = /\.crswap$/;

async function root(): Promise<FileSystemDirectoryHandle> {
  const storage = globalThis.navigator?.storage;
  if (storage === undefined || !("getDirectory" in storage)) {
    throw new FileError("opfs: this host has no private file system; pages need a secure context (https).");
  }
  return await storage.getDirectory();
}

/** Folder and name of a file. */
async function located(place: string, create: boolean): Promise<[FileSystemDirectoryHandle, string]> {
  const parts = place.slice(SCHEME.length).split("/");
  const name = parts.pop() ?? "";
  let folder = await root();
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
  return [folder, name];
}

async function ours<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(`${place}: ${(cause as Error).message}`, { cause });
  }
}

/** Handles and their names, of a folder and its subfolders. */
async function* filesIn(
  folder: FileSystemDirectoryHandle,
  path: string,
): AsyncGenerator<[string, FileSystemFileHandle]> {
  const entries = (folder as unknown as { entries(): AsyncIterable<[string, FileSystemHandle]> }).entries();
  for await (const [name, handle] of entries) {
    if (handle.kind === "file") yield [`${path}${name}`, handle as FileSystemFileHandle];
    else yield* filesIn(handle as FileSystemDirectoryHandle, `${path}${name}/`);
  }
}

async function writeAll(list: readonly StoreFile[], signal?: AbortSignal): Promise<void> {
  const contents: HandleContents[] = [];
  const made: (readonly [FileSystemDirectoryHandle, string])[] = [];
  try {
    // targets.ts converts errors to FileErrors, and keeps aborts.
    for (const { place, pieces, tell } of list) {
      signal?.throwIfAborted();
      const [folder, name] = await located(place, true);
      if (!(await has(folder, name))) made.push([folder, name]);
      contents.push([await folder.getFileHandle(name, { create: true }), pieces, tell]);
    }
    await writeToHandles(contents, signal);
  } catch (error) {
    // Creating a writable handle creates an empty file, which is removed unless another writer has filled it.
    for (const [folder, name] of made) await removeEmpty(folder, name).catch(() => undefined);
    throw error;
  }
}

async function removeEmpty(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  const file = await (await folder.getFileHandle(name)).getFile();
  if (file.size === 0) await folder.removeEntry(name);
}

async function has(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  return (await unlessGone(folder.getFileHandle(name))) !== undefined;
}

/** `undefined` for a file that is not there: another writer may have removed it. */
async function unlessGone<T>(finding: Promise<T>): Promise<T | undefined> {
  try {
    return await finding;
  } catch (error) {
    if ((error as Error).name === "NotFoundError") return undefined;
    throw error;
  }
}

/** The store. */
export const opfsStore: Store = {
  async read(place) {
    return await ours(place, async () => {
      const [folder, name] = await located(place, false);
      const file = await (await folder.getFileHandle(name)).getFile();
      return new Uint8Array(await file.arrayBuffer());
    });
  },

  async write(place, pieces, signal) {
    await writeAll([{ place, pieces }], signal);
  },

  writeAll,

  async list() {
    return await ours(SCHEME, async () => {
      const found: (readonly [string, number])[] = [];
      for await (const [path, handle] of filesIn(await root(), SCHEME)) {
        if (UNFINISHED.test(path)) continue;
        const file = await unlessGone(handle.getFile());
        if (file !== undefined) found.push([path, file.size]);
      }
      return found;
    });
  },

  async remove(place) {
    try {
      const [folder, name] = await located(place, false);
      await folder.removeEntry(name);
      return true;
    } catch (error) {
      if ((error as Error).name === "NotFoundError") return false;
      throw new FileError(`${place}: ${(error as Error).message}`, { cause: error });
    }
  },
};
