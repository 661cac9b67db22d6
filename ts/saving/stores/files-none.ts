/**
 * Hosts without a file system: pages and their workers.
 *
 * @module
 */

import type { URL } from "../../platform-types.js";
import { FileError } from "./file-error.js";
import type { Files } from "./files.js";

const refuse = async (place: string | URL): Promise<never> => {
  throw new FileError(
    `${String(place)}: this host has no file system. In a page use "indexeddb://name", "opfs://path", "download://name", a FileSystemFileHandle, or a URL to read from.`,
  );
};

export const files: Files = {
  read: refuse,
  open: async () => undefined,
  write: ([file]) => refuse(file!.place),
  append: refuse,
  has: refuse,
  clear: refuse,
};
