/**
 * Files next to another one.
 *
 * @module
 */

import { FileError } from "./file-error.js";
import { isURL } from "./source-kinds.js";

/**
 * Place of a file next to `place`: in the same folder or below it.
 *
 * @param name - A relative path without `..`.
 * @throws FileError if `place` is not a path or URL, such as for bytes
 */
export function placeBeside(place: unknown, name: string): string {
  if (typeof place !== "string" && !isURL(place)) {
    throw new FileError(`${JSON.stringify(name)} is beside a file that has no path or URL, and cannot be reached.`);
  }
  const text = String(place);
  const folder = /^(https?|file):/.test(text) ? text.replace(/[?#].*$/s, "") : text;
  return `${folder.replace(/[^/\\]*$/, "")}${name}`;
}
