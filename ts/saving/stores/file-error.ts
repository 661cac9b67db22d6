/**
 * Errors of files: one that cannot be read or written, and one with the wrong contents.
 *
 * @module
 */

import { type ErrorCode, ValueError } from "../../errors.js";

/** A file or a store that cannot be reached: missing, forbidden, full. `cause` is the host's error. */
export class FileError extends Error {
  override readonly name: string = "FileError";
  /** The kind of fault, for programs. */
  readonly code: ErrorCode = "ERR_FILE_ACCESS";
}

/** Throws the error of a file that is damaged, or is no file of its format. */
export function refuseFile(file: string, fault: string): never {
  throw new ValueError(
    "ERR_FILE_INVALID",
    `${file}: ${fault}. The file is damaged or of another format; nothing was changed.`,
  );
}
