/**
 * A host's file system.
 *
 * @module
 */

import type { AbortSignal, Bytes, URL } from "../../platform-types.js";
import type { OpenFile } from "./in-parts.js";
import type { Tell } from "./progress.js";

/** A file to be written. */
export interface FileToWrite {
  readonly place: string | URL;
  readonly pieces: readonly Bytes[];
  readonly tell?: Tell | undefined;
}

/** How files are written. */
export interface Writing {
  readonly signal?: AbortSignal | undefined;
  /** Whether the bytes may change after the call has returned. Only for one file, without progress. Default: false. */
  readonly atOnce?: boolean;
}

/** Files by their path or `file:` URL. */
export interface Files {
  /** All bytes. */
  read(place: string | URL, signal?: AbortSignal, tell?: Tell): Promise<Uint8Array>;
  /**
   * Opens a file of `length` bytes and more; `undefined` for a smaller one, and for files without a length, such as a
   * pipe.
   */
  open(place: string | URL, length: number): Promise<OpenFile | undefined>;
  /** Writes all files or none; missing folders are created. The last one is moved into place last. */
  write(list: readonly FileToWrite[], writing: Writing): Promise<void>;
  /** Appends to a file; the file and missing folders are created. */
  append(place: string | URL, pieces: readonly Uint8Array[]): Promise<void>;
  /** Whether there is a file. */
  has(place: string | URL): Promise<boolean>;
  /** Removes a file, and its folder if that is then empty; or the remains of a file that was not completely written. */
  clear(place: string | URL, part: "all" | "unfinished"): Promise<void>;
}
