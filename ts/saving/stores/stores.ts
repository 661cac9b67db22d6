/**
 * Stores of a page: IndexedDB, the origin's private file system, downloads.
 *
 * @module
 */

import { download } from "./download.js";
import { indexedDBStore } from "./indexeddb.js";
import { opfsStore } from "./opfs.js";
import type { Store } from "./store.js";

const STORES: readonly (readonly [scheme: string, store: Store])[] = [
  ["indexeddb://", indexedDBStore],
  ["opfs://", opfsStore],
  ["download://", download],
];

/** The store of an address, `undefined` for paths and for URLs of servers. */
export function storeOf(place: string): Store | undefined {
  return STORES.find(([scheme]) => place.startsWith(scheme))?.[1];
}

/** The stores of this host that can list their contents. */
export function listedStores(): readonly Store[] {
  return [
    ...("indexedDB" in globalThis ? [indexedDBStore] : []),
    ...(globalThis.navigator?.storage && "getDirectory" in globalThis.navigator.storage ? [opfsStore] : []),
  ];
}
