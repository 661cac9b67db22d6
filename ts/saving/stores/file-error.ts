/**
 * Errors of files: inaccessible files, and files with invalid contents.
 *
 * @module
 */

import { type ErrorCode, ValueError } from "../../errors.js";
import type { AbortSignal } from "../../platform-types.js";

/** A file or a store that cannot be accessed: missing, forbidden, full. `cause` is the host's error. */
export class FileError extends Error {
  override readonly name: string = "FileError";
  /** The error code, for programs. */
  readonly code: ErrorCode = "ERR_FILE_ACCESS";
}

/** Throws the error for a file that is damaged or of another format. */
export function refuseFile(file: string, fault: string): never {
  throw new ValueError(
    "ERR_FILE_INVALID",
    `${file}: ${fault}. The file is damaged or of another format; nothing was changed.`,
  );
}

/** Rethrows a host's error as a FileError, and an abort as its reason. */
export function hostError(place: string, cause: unknown, signal?: AbortSignal): never {
  signal?.throwIfAborted();
  if ((cause as { code?: unknown } | undefined)?.code === "ERR_FILE_ACCESS") throw cause;
  // Errors of another realm have a different class.
  throw new FileError(`${place}: ${String((cause as Error | undefined)?.message ?? cause)}`, { cause });
}
