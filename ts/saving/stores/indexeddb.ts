/**
 * Files in IndexedDB: `indexeddb://name`.
 *
 * @module
 */

import type { AbortSignal } from "../../platform-types.js";
import { FileError } from "./file-error.js";
import type { Store } from "./store.js";

const SCHEME = "indexeddb://";
const DATABASE = "gradstep";
const TABLE = "files";

/** The stored value: a blob is neither copied into the page's memory when names are listed, nor joined for writing. */
interface Row {
  readonly file: Blob;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Runs `work` in one transaction, and waits until it is on disk. An abort undoes it. */
async function during<T>(
  place: string,
  mode: IDBTransactionMode,
  work: (table: IDBObjectStore) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (!("indexedDB" in globalThis)) throw new FileError(`${place}: this host has no IndexedDB.`);
  let database: IDBDatabase | undefined;
  let undo = () => {};
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => void opening.result.createObjectStore(TABLE);
    database = await settled(opening);
    signal?.throwIfAborted();
    const transaction = database.transaction(TABLE, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    undo = () => {
      try {
        transaction.abort();
      } catch {
        // The transaction has completed.
      }
    };
    signal?.addEventListener("abort", undo, { once: true });
    const [result] = await Promise.all([work(transaction.objectStore(TABLE)), done]);
    return result;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new FileError(`${place}: ${(cause as Error)?.message ?? "the transaction was aborted"}`, { cause });
  } finally {
    signal?.removeEventListener("abort", undo);
    database?.close();
  }
}

const keyOf = (place: string) => place.slice(SCHEME.length);

/** The store. */
export const indexedDBStore: Store = {
  async read(place, signal) {
    const get = (table: IDBObjectStore) => settled(table.get(keyOf(place)) as IDBRequest<Row | undefined>);
    const row = await during(place, "readonly", get, signal);
    if (row === undefined) throw new FileError(`${place}: there is no such file in IndexedDB.`);
    const bytes = await row.file.arrayBuffer();
    signal?.throwIfAborted();
    return new Uint8Array(bytes);
  },

  async write(place, pieces, signal) {
    const row: Row = { file: new Blob([...pieces]) };
    await during(place, "readwrite", (table) => settled(table.put(row, keyOf(place))), signal);
  },

  async list() {
    return await during(SCHEME, "readonly", async (table) => {
      const [keys, rows] = await Promise.all([
        settled(table.getAllKeys()),
        settled(table.getAll() as IDBRequest<Row[]>),
      ]);
      return keys.map((key, i) => [`${SCHEME}${String(key)}`, rows[i]!.file.size] as const);
    });
  },

  async remove(place) {
    return await during(place, "readwrite", async (table) => {
      const count = await settled(table.count(keyOf(place)));
      await settled(table.delete(keyOf(place)));
      return count > 0;
    });
  },
};
