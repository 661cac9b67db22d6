/**
 * Progress of reading and writing, for the caller's `onProgress`.
 *
 * @module
 */

import { isCallable } from "../../brands.js";
import { ArgumentTypeError } from "../../errors.js";
import { shown } from "../../options.js";
import type { AbortSignal, Bytes } from "../../platform-types.js";
import { lengthOfAll } from "./pieces.js";

/** Progress of one file. */
export interface FileProgress {
  /** Place or name of the file; a TensorFlow.js model has several files. */
  readonly file: string;
  /** Bytes so far. */
  readonly loaded: number;
  /** Bytes of the whole file; null if not known yet, as for streams. */
  readonly total: number | null;
}

/** Receives the number of bytes of one file so far, and of the whole file. */
export type Tell = (loaded: number, total: number | null) => void;

/** The caller's signal and callback. */
export interface Watch {
  /** Aborts the work: by the caller's signal, or by an error of the callback. */
  readonly signal: AbortSignal | undefined;
  /** The progress of a file; undefined if the caller does not request it. */
  tellOf(file: string): Tell | undefined;
  /** To be called at the end. */
  done(): void;
}

interface WatchOptions {
  readonly signal?: AbortSignal | null | undefined;
  readonly onProgress?: unknown;
}

/** The signal and the callback of options. @throws TypeError for a callback that is not a function */
export function watched(owner: string, { signal, onProgress }: WatchOptions): Watch {
  if (onProgress === undefined || onProgress === null) {
    return { signal: signal ?? undefined, tellOf: () => undefined, done: () => undefined };
  }
  if (!isCallable(onProgress)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: "onProgress" must be a function of { file, loaded, total }, got ${shown(onProgress)}.`,
    );
  }
  const call = onProgress as unknown as (progress: FileProgress) => void;
  const controller = new AbortController();
  const follow = () => controller.abort(signal?.reason);
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    tellOf(file) {
      let last: readonly [loaded: number, total: number | null] = [-1, null];
      return (loaded, total) => {
        const isNews = loaded > last[0] || (loaded === last[0] && total !== last[1]);
        if (!isNews || controller.signal.aborted) return;
        last = [loaded, total];
        try {
          call({ file, loaded, total });
        } catch (error) {
          controller.abort(error);
        }
      };
    },
    done: () => signal?.removeEventListener("abort", follow),
  };
}

/** The bytes of a file without a target. @throws the reason of an abort */
export function given(bytes: Bytes, { signal, tellOf, done }: Watch): Bytes {
  tellOf("the file")?.(bytes.length, bytes.length);
  done();
  signal?.throwIfAborted();
  return bytes;
}

/** Bytes between two calls of the callback. */
export const PART: number = 2 ** 22;

/** Writes pieces one after another, in parts if progress is reported. */
export async function writeParts(
  pieces: readonly Bytes[],
  write: (part: Bytes) => Promise<void>,
  { signal, tell }: { readonly signal: AbortSignal | undefined; readonly tell: Tell | undefined },
): Promise<void> {
  const total = lengthOfAll(pieces);
  let loaded = 0;
  for (const piece of pieces) {
    const step = tell === undefined ? Math.max(piece.length, 1) : PART;
    for (let at = 0; at < piece.length; at += step) {
      signal?.throwIfAborted();
      const part = step < piece.length ? piece.subarray(at, at + step) : piece;
      await write(part);
      loaded += part.length;
      tell?.(loaded, total);
    }
  }
}
