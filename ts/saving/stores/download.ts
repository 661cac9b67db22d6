/**
 * Downloads of a page: `download://name`.
 *
 * @module
 */

import { later } from "../../runtime/clock.js";
import { FileError } from "./file-error.js";
import type { Store } from "./store.js";

const SCHEME = "download://";

/** Milliseconds until the blob's URL is revoked: long enough for the browser to start reading it. */
const KEPT_MS = 60_000;

const refuse = async (place: string): Promise<never> => {
  throw new FileError(`${place}: downloads can only be written. Let the user choose a file, and pass that File.`);
};

/** The store: it can only be written to. */
export const download: Store = {
  read: refuse,
  remove: refuse,
  list: async () => [],

  async write(place, pieces, signal) {
    signal?.throwIfAborted();
    const { document } = globalThis;
    if (document === undefined) throw new FileError(`${place}: only a page can start a download.`);
    const url = URL.createObjectURL(new Blob([...pieces], { type: "application/octet-stream" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = place.slice(SCHEME.length);
    link.click();
    later(KEPT_MS, () => URL.revokeObjectURL(url));
  },
};
