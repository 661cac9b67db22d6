/**
 * Targets of files: paths, stores of the page, handles, streams; without one, the bytes are returned.
 *
 * @module
 */

import { files as hostFiles } from "#saving-files";
import { ArgumentTypeError } from "../../errors.js";
import { shown } from "../../options.js";
import type { Bytes, URL } from "../../platform-types.js";
import { placeBeside } from "./beside.js";
import { FileError } from "./file-error.js";
import { type WritableHandle, writeToHandles } from "./file-handle.js";
import { lengthOfAll } from "./pieces.js";
import type { Watch } from "./progress.js";
import { isObject, isURL } from "./source-kinds.js";
import { reached } from "./sources.js";
import { storeOf } from "./stores.js";

/** A path or a `file:` URL (Node, Deno, Bun), `indexeddb://name`, `opfs://path`, `download://name`, or a file handle. */
export type Target = string | URL | WritableHandle;

/** Whether it is a target, not options. */
export function isTarget(value: unknown): value is Target {
  return (
    typeof value === "string" ||
    isURL(value) ||
    (isObject(value) && typeof (value as { createWritable?: unknown }).createWritable === "function")
  );
}

/**
 * Whether a single file is consumed before {@link writeTo} returns, so its bytes need no copy: on hosts with files,
 * unless progress is reported.
 */
export function takesAtOnce(target: unknown, { signal }: Watch): boolean {
  if (!isTarget(target) || (typeof target === "object" && !isURL(target)) || signal !== undefined) return false;
  const place = String(target);
  return storeOf(place) === undefined && !/^https?:/.test(place);
}

/** A file to be written: to the target, or next to it. */
export interface TargetFile {
  /** Name next to the target, `null` for the target. */
  readonly beside: string | null;
  readonly pieces: readonly Bytes[];
}

/**
 * Writes a file completely or not at all. @throws TypeError for an invalid target, FileError if it cannot be written
 */
export async function writeTo(
  owner: string,
  target: unknown,
  pieces: readonly Bytes[],
  watch?: Watch,
  atOnce = false,
): Promise<void> {
  await writeAllTo(owner, target, [{ beside: null, pieces }], watch, atOnce);
}

/** Whether a place can only hold one file: handles, IndexedDB, names of archives. */
export function holdsOneFile(target: Target): boolean {
  return (typeof target === "object" && !isURL(target)) || /^indexeddb:|\.zip$/i.test(String(target));
}

/**
 * Writes a file and those next to it, completely or not at all. The one that lists the others comes last.
 *
 * @param atOnce - Whether the bytes may change after the call has returned; only if {@link takesAtOnce} returns true.
 * @throws TypeError for an invalid target, FileError if it cannot be written
 */
export async function writeAllTo(
  owner: string,
  target: unknown,
  list: readonly TargetFile[],
  watch?: Watch,
  atOnce = false,
): Promise<void> {
  const signal = watch?.signal;
  signal?.throwIfAborted();
  if (!isTarget(target)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner} writes to a path, a file: URL, "indexeddb://name", "opfs://path", "download://name", or a file handle, got ${shown(target)}. Without a target it returns the bytes.`,
    );
  }
  if (typeof target === "object" && !isURL(target)) {
    const tell = watch?.tellOf(String((target as { readonly name?: unknown }).name ?? "the file handle"));
    const contents = list.map(({ pieces }) => [target, pieces, tell] as const);
    await reached("the file handle", () => writeToHandles(contents, signal), signal);
    return;
  }
  const place = String(target);
  const files = list.map(({ beside, pieces }) => {
    const own = beside === null ? place : placeBeside(place, beside);
    return { place: own, pieces, tell: watch?.tellOf(own) };
  });
  const store = storeOf(place);
  if (store?.writeAll !== undefined) await reached(place, () => store.writeAll!(files, signal), signal);
  else if (store !== undefined) {
    for (const file of files) await reached(file.place, () => store.write(file.place, file.pieces, signal), signal);
  } else if (/^https?:/.test(place)) {
    throw new FileError(`${place}: a server cannot be written to. Save without a target, and send the bytes by fetch.`);
  } else await reached(place, () => hostFiles.write(files, { signal, atOnce }), signal);
  // An abort is too late now: the files are written. An error of the callback is still thrown.
  const isLate = signal?.aborted ?? false;
  // Returned by synchronous writes, or empty.
  for (const { pieces, tell } of files) tell?.(lengthOfAll(pieces), lengthOfAll(pieces));
  if (!isLate) signal?.throwIfAborted();
}
