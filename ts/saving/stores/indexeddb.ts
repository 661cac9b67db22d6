/**
 * Files in IndexedDB: `indexeddb://name`.
 *
 * @module
 */

import { FileError } from "./file-error.js";
import { joined } from "./pieces.js";
import type { Store } from "./store.js";

const SCHEME = "indexeddb://";
const DATABASE = "gradstep";
const TABLE = "files";

/** The stored value: a blob is not copied into the page's memory when names are listed. */
interface Row {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Runs `work` in one transaction, and waits until it is on disk. */
async function during<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => Promise<T>): Promise<T> {
  if (!("indexedDB" in globalThis)) throw new FileError("indexeddb: this host has no IndexedDB.");
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => void opening.result.createObjectStore(TABLE);
  let database: IDBDatabase;
  try {
    database = await settled(opening);
  } catch (cause) {
    throw new FileError(`indexeddb: ${(cause as Error).message}`, { cause });
  }
  try {
    const transaction = database.transaction(TABLE, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
    const [result] = await Promise.all([work(transaction.objectStore(TABLE)), done]);
    return result;
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(`indexeddb: ${(cause as Error)?.message ?? "the transaction was aborted"}`, { cause });
  } finally {
    database.close();
  }
}

const keyOf = (place: string) => place.slice(SCHEME.length);

/** The store. */
export const indexedDBStore: Store = {
  async read(place) {
    const row = await during("readonly", (table) => settled(table.get(keyOf(place)) as IDBRequest<Row | undefined>));
    if (row === undefined) throw new FileError(`${place}: there is no such file in IndexedDB.`);
    return row.bytes;
  },

  async write(place, pieces, signal) {
    const bytes = joined(pieces);
    await during("readwrite", async (table) => {
      signal?.throwIfAborted();
      await settled(table.put({ bytes } satisfies Row, keyOf(place)));
    });
  },

  async list() {
    return await during("readonly", async (table) => {
      const [keys, rows] = await Promise.all([
        settled(table.getAllKeys()),
        settled(table.getAll() as IDBRequest<Row[]>),
      ]);
      return keys.map((key, i) => [`${SCHEME}${String(key)}`, rows[i]!.bytes.length] as const);
    });
  },

  async remove(place) {
    return await during("readwrite", async (table) => {
      const count = await settled(table.count(keyOf(place)));
      await settled(table.delete(keyOf(place)));
      return count > 0;
    });
  },
};
