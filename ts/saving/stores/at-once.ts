/**
 * Files of Node, Deno and Bun whose bytes are consumed before the call returns: they may be memory that training
 * continues to change.
 *
 * Passing the bytes to the system takes as long as copying them, so the event loop is not blocked longer than by a
 * copy, and no second copy is needed. If the disk is slower, the bytes that it has not consumed yet are copied.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { closeSync, fsync, mkdirSync, openSync, write, writeSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { Bytes } from "../../platform-types.js";

const PART = 2 ** 22;

/** Milliseconds for a part: memory takes about one, a slow disk ten and more. */
const PATIENCE = 50;

/** The number of attempts to create a folder that other processes remove. */
const MOST_TRIES = 8;

/** Writes a file completely or not at all. The contents of `pieces` are consumed when it is called. */
export async function writeAtOnce(path: string, pieces: readonly Bytes[], patience: number = PATIENCE): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = opened(temporary);
    try {
      for (const part of written(file, pieces, patience)) await writeLater(file, part);
      // The name must not exist before the contents are on disk, in case the machine stops.
      await promisify(fsync)(file);
    } finally {
      closeSync(file);
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A new file, in a folder that is created if it is missing. */
function opened(path: string): number {
  for (let tries = 1; ; tries++) {
    mkdirSync(dirname(path), { recursive: true });
    try {
      return openSync(path, "wx");
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ENOENT" || tries === MOST_TRIES) throw error;
    }
  }
}

/** Passes all parts. @returns copies of those that remained when one took longer than `patience` */
function written(file: number, pieces: readonly Bytes[], patience: number): Bytes[] {
  let isQuick = true;
  return pieces.flatMap((piece) => {
    let at = 0;
    while (isQuick && at < piece.length) {
      const started = performance.now();
      at += writeSync(file, piece, at, Math.min(PART, piece.length - at));
      isQuick = performance.now() - started <= patience;
    }
    return at < piece.length ? [piece.slice(at)] : [];
  });
}

async function writeLater(file: number, part: Bytes): Promise<void> {
  const some = promisify(write);
  for (let at = 0; at < part.length; ) {
    at += (await some(file, part, at, Math.min(PART, part.length - at), null)).bytesWritten;
  }
}
