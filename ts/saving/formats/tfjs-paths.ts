/**
 * Paths of shards in a manifest of TensorFlow.js, which must be below the folder of model.json.
 *
 * @module
 */

import { refuseFile } from "../stores/file-error.js";

/** Backslashes are separators on Windows; a colon makes a scheme, a drive, or a stream of NTFS. */
const FORBIDDEN = /[\\:\p{Cc}]/u;

/** The path without a query. @throws ValueError for absolute paths, URLs, `..`, also percent-encoded */
export function shardPath(file: string, path: unknown): string {
  if (typeof path !== "string") refuseFile(file, "its manifest has a path that is not text");
  const plain = path.replace(/[?#].*$/s, "");
  const label = JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}...` : path);
  let decoded: string;
  try {
    decoded = decodeURIComponent(plain);
  } catch {
    return refuseFile(file, `the path ${label} in its manifest has a percent sign that encodes nothing`);
  }
  const parts = decoded.split("/");
  if (FORBIDDEN.test(decoded) || parts.some((part) => part === "" || part.trim() === "." || part.trim() === "..")) {
    refuseFile(file, `the path ${label} in its manifest leads out of the folder, or names no file`);
  }
  return plain;
}
