/**
 * Where files are written: paths, stores of the page, handles, streams, or nowhere: then they are given as bytes.
 *
 * @module
 */

import { files } from "#saving-files";
import { ArgumentTypeError } from "../../errors.js";
import { shown } from "../../options.js";
import type { AbortSignal, Bytes, URL } from "../../platform-types.js";
import { FileError } from "./file-error.js";
import { type WritableHandle, writeToHandle } from "./file-handle.js";
import { isObject, isURL } from "./source-kinds.js";
import { reached } from "./sources.js";
import { storeOf } from "./stores.js";

/** A path or a `file:` URL (Node, Deno, Bun), `indexeddb://name`, `opfs://path`, `download://name`, or a file handle. */
export type Target = string | URL | WritableHandle;

/** Whether it is a target, rather than options. */
export function isTarget(value: unknown): value is Target {
  return (
    typeof value === "string" ||
    isURL(value) ||
    (isObject(value) && typeof (value as { createWritable?: unknown }).createWritable === "function")
  );
}

/** Writes a file, whole or not at all. @throws TypeError for what is no target, FileError for what cannot be written */
export async function writeTo(
  owner: string,
  target: unknown,
  pieces: readonly Bytes[],
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  if (!isTarget(target)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner} writes to a path, a file: URL, "indexeddb://name", "opfs://path", "download://name", or a file handle, got ${shown(target)}. Without a target it returns the bytes.`,
    );
  }
  if (typeof target === "object" && !isURL(target)) {
    await reached("the file handle", () => writeToHandle(target, pieces, signal), signal);
    return;
  }
  const place = String(target);
  const store = storeOf(place);
  if (store !== undefined) await reached(place, () => store.write(place, pieces, signal), signal);
  else if (/^https?:/.test(place)) {
    throw new FileError(`${place}: a server cannot be written to. Save without a target, and send the bytes by fetch.`);
  } else await reached(place, () => files.write(place, pieces, signal), signal);
}
