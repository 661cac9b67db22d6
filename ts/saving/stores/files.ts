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
  /** The bytes may change when the call has returned. It is one file, without progress. Default: false. */
  readonly atOnce?: boolean;
}

/** Files by their path or `file:` URL. */
export interface Files {
  /** All bytes. */
  read(place: string | URL, signal?: AbortSignal, tell?: Tell): Promise<Uint8Array>;
  /** Opens a file of `length` bytes and more; `undefined` for a smaller one, and for what has no length, such as a pipe. */
  open(place: string | URL, length: number): Promise<OpenFile | undefined>;
  /** Writes all files whole or nothing; folders that are missing are made. The last one is put into place last. */
  write(list: readonly FileToWrite[], writing: Writing): Promise<void>;
  /** Writes behind what is there; the file and folders that are missing are made. */
  append(place: string | URL, pieces: readonly Uint8Array[]): Promise<void>;
  /** Whether there is a file. */
  has(place: string | URL): Promise<boolean>;
  /** Removes a file with its folder, if that is empty then; or what was left of one that was not written to its end. */
  clear(place: string | URL, part: "all" | "unfinished"): Promise<void>;
}
