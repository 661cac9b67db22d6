/**
 * Errors of files: one that cannot be read or written, and one with the wrong contents.
 *
 * @module
 */

import { type ErrorCode, ValueError } from "../../errors.js";
import type { AbortSignal } from "../../platform-types.js";

/** A file or a store that cannot be reached: missing, forbidden, full. `cause` is the host's error. */
export class FileError extends Error {
  override readonly name: string = "FileError";
  /** The error code, for programs. */
  readonly code: ErrorCode = "ERR_FILE_ACCESS";
}

/** Throws the error for a file that is damaged, or is no file of its format. */
export function refuseFile(file: string, fault: string): never {
  throw new ValueError(
    "ERR_FILE_INVALID",
    `${file}: ${fault}. The file is damaged or of another format; nothing was changed.`,
  );
}

/** Throws a host's error as ours, and an abort as its reason. */
export function hostError(place: string, cause: unknown, signal?: AbortSignal): never {
  signal?.throwIfAborted();
  if ((cause as { code?: unknown } | undefined)?.code === "ERR_FILE_ACCESS") throw cause;
  // Errors of another realm are not of our class.
  throw new FileError(`${place}: ${String((cause as Error | undefined)?.message ?? cause)}`, { cause });
}
