/**
 * Text of files, strictly.
 *
 * @module
 */

import { refuseFile } from "../stores/file-error.js";

/** Text from UTF-8. A byte order mark stays in it. @throws ValueError for bytes that are not UTF-8 */
export function utf8(file: string, what: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuseFile(file, `${what} is not UTF-8`);
  }
}
