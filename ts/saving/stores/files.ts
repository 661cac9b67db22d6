/**
 * A host's file system.
 *
 * @module
 */

import type { AbortSignal, URL } from "../../platform-types.js";

/** Files by their path or `file:` URL. */
export interface Files {
  /** All bytes. */
  read(place: string | URL, signal?: AbortSignal): Promise<Uint8Array>;
  /** Writes the whole file or nothing; folders that are missing are made. */
  write(place: string | URL, pieces: readonly Uint8Array[], signal?: AbortSignal): Promise<void>;
  /** Writes behind what is there; the file and folders that are missing are made. */
  append(place: string | URL, pieces: readonly Uint8Array[]): Promise<void>;
}
