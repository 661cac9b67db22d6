/**
 * Files that grow during a run.
 *
 * @module
 */

import { files } from "#saving-files";
import { ValueError } from "../../errors.js";
import type { Bytes } from "../../platform-types.js";
import { reached } from "./sources.js";
import { storeOf } from "./stores.js";

/** Appends to a path, a `file:` URL, or a file of a page's store, which is rewritten each time. */
export class GrowingFile {
  readonly #place: string;
  /** Pieces that are not written yet; for a store's file, all pieces. */
  #pieces: Bytes[] = [];
  #pending = 0;
  /** Writes follow each other. */
  #last: Promise<void> = Promise.resolve();

  constructor(place: string) {
    this.#place = place;
  }

  /** Bytes that are not written yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Adds bytes; {@link GrowingFile.flush} writes them. */
  add(piece: Bytes): void {
    this.#pieces.push(piece);
    this.#pending += piece.length;
  }

  /** Writes the added bytes. @throws FileError if they cannot be written */
  flush(): Promise<void> {
    if (this.#pending === 0) return this.#last;
    this.#pending = 0;
    const [place, store] = [this.#place, storeOf(this.#place)];
    const pieces = this.#pieces;
    if (store === undefined) this.#pieces = [];
    const write = () => (store === undefined ? files.append(place, pieces) : store.write(place, [...pieces]));
    const before = this.#last.catch(() => undefined);
    this.#last = before.then(() => reached(place, write));
    return this.#last;
  }
}

/** Refuses places where files cannot grow. @throws ValueError */
export function checkGrowing(owner: string, name: string, place: string): void {
  if (!/^(https?|download|data|blob):/.test(place)) return;
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner}: "${name}" must be a folder: a path, a file: URL, "opfs://path" or "indexeddb://name", got ${JSON.stringify(place)}.`,
  );
}
