/**
 * Limits of recordings, of a training's steps and of compiled functions alike: which forms are remembered, and which recordings stay.
 *
 * @module
 */

import type { Arena } from "../runtime/arena.js";

/** Most recordings of one owner. */
const MOST_FORMS = 8;
/** Most forms remembered before they are recorded. */
const MOST_SEEN = 64;
/** 16 MB in 4-byte values: in larger steps JavaScript's share is too small to matter. */
export const MOST_LENGTH: number = 1 << 22;
/** Number of recordings dropped before they paid off, after which recording stops. */
export const MOST_WASTED = 16;
/** Replays after which a recording has paid off. */
export const PAYS = 4;

/** Forms that have run, and those that cannot be recorded. */
export class KnownForms {
  readonly seen: Set<string> = new Set();
  readonly refused: Set<string> = new Set();

  note(form: string): void {
    if (this.seen.size >= MOST_SEEN) {
      this.seen.clear();
      this.refused.clear();
    }
    this.seen.add(form);
  }
}

/** A recording, as far as room matters. */
export interface Kept {
  readonly arena: Arena;
  /** Number of its last use. */
  readonly used: number;
  /** Whether its memory must stay. */
  readonly isInUse: boolean;
  drop(): void;
}

/** Drops the recordings used least recently, until there is room for one more, of `length` 4-byte values. */
export function makeRoom(length: number, all: readonly Kept[]): void {
  let count = all.length;
  let total = all.reduce((sum, { arena }) => sum + arena.length, length);
  for (const one of [...all].sort((a, b) => a.used - b.used)) {
    if (count < MOST_FORMS && total <= MOST_LENGTH) break;
    if (one.isInUse) continue;
    count--;
    total -= one.arena.length;
    one.drop();
  }
}
