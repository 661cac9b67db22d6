/**
 * Recordings, which are freed before memory is refused to others.
 *
 * @module
 */

import { whenFull } from "../runtime/memory.js";

/** Holds recordings. */
interface Holder {
  free(): void;
}

/** Holders of recordings. Weak, so that a dropped model can be collected. */
const all = new Set<WeakRef<Holder>>();

/** The recordings of `holder` are freed when memory is full. */
export function freedWhenFull(holder: Holder): void {
  if (typeof WeakRef !== "function") return;
  whenFull(freeAll);
  for (const reference of all) if (reference.deref() === undefined) all.delete(reference);
  all.add(new WeakRef(holder));
}

function freeAll(): void {
  for (const reference of all) reference.deref()?.free();
}
