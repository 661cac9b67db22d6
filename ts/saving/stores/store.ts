/**
 * The interface of a page's stores.
 *
 * @module
 */

import type { AbortSignal, Bytes } from "../../platform-types.js";
import type { Tell } from "./progress.js";

/** A file to be written. */
export interface StoreFile {
  readonly place: string;
  readonly pieces: readonly Bytes[];
  readonly tell?: Tell | undefined;
}

/** Files by their names. */
export interface Store {
  read(place: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** Writes a file completely or not at all. */
  write(place: string, pieces: readonly Bytes[], signal?: AbortSignal): Promise<void>;
  /** Writes all files or none; missing if files are written one after another. */
  writeAll?(list: readonly StoreFile[], signal?: AbortSignal): Promise<void>;
  /** Names with their scheme and lengths in bytes. */
  list(): Promise<readonly (readonly [place: string, bytes: number])[]>;
  /** Removes a file. @returns whether there was one */
  remove(place: string): Promise<boolean>;
}
