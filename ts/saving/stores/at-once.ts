/**
 * Files of Node, Deno and Bun that take their bytes before the call returns: they may be memory that training goes on with.
 *
 * A copy of the bytes takes as long as handing them to the system does, so that the event loop waits no longer than for a copy, and
 * no second copy is made. A disk that is slower gets one of what it has not taken yet.
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

/** Milliseconds for a part: memory takes one of them, a disk that has to be waited for ten and more. */
const PATIENCE = 50;

/** How often a folder is made when other processes remove it. */
const MOST_TRIES = 8;

/** Writes a file whole or not at all. What `pieces` hold is taken when it is called. */
export async function writeAtOnce(path: string, pieces: readonly Bytes[], patience: number = PATIENCE): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = opened(temporary);
    try {
      for (const part of written(file, pieces, patience)) await writeLater(file, part);
      // The name must not be there before the contents are, should the machine stop.
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

/** A new file, in a folder that is made if it is missing. */
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

/** Hands over all parts. @returns copies of those that were left when one took longer than `patience` */
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
