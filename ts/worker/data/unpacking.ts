/**
 * Unpacked data for models, with the memory that must be freed.
 *
 * @module
 */

import type { DataInput } from "../../models/samples.js";
import { type Tensor, tensor } from "../../tensor.js";
import type { BatchAnswer, Packed, PackedArray } from "./protocol.js";

/** Asks the main thread for batches. */
export interface BatchSupply {
  open(source: number): Promise<unknown>;
  next(source: number): Promise<BatchAnswer>;
}

/** Unpacks the data of one call. */
export class Unpacking {
  readonly #made: Tensor[] = [];
  readonly #supply: BatchSupply | undefined;

  constructor(supply?: BatchSupply) {
    this.#supply = supply;
  }

  /** Data, as passed by the caller. @throws OutOfMemoryError */
  data(packed: Packed): unknown {
    switch (packed.kind) {
      case "plain":
        return packed.value;
      case "array":
        return this.#array(packed.array);
      case "list":
        return packed.list.map((entry) => this.data(entry));
      case "named":
        return Object.fromEntries(Object.entries(packed.named).map(([name, entry]) => [name, this.data(entry)]));
      case "stream": {
        const { source, form } = packed;
        const supply = this.#supply as BatchSupply;
        const begin = () => batches(supply, source);
        if (form === "function") return begin;
        // A generator continues, and so does an iterator that is its own iterable.
        return form === "once" ? begin() : { [Symbol.asyncIterator]: begin };
      }
    }
  }

  /** Data of several options. */
  options(packed: Readonly<Record<string, Packed>>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(packed).map(([name, entry]) => [name, this.data(entry)]));
  }

  /** Frees the unpacked data. */
  dispose(): void {
    for (const made of this.#made) made.dispose();
    this.#made.length = 0;
  }

  #array({ data, shape, dtype }: PackedArray): DataInput {
    if (shape === null) return data;
    const made = tensor(data, shape, dtype);
    this.#made.push(made);
    return made;
  }
}

async function* batches(supply: BatchSupply, source: number): AsyncGenerator<never> {
  await supply.open(source);
  for (;;) {
    const { batch } = await supply.next(source);
    if (batch === null) return;
    const unpacking = new Unpacking();
    try {
      yield batch.map((entry) => unpacking.data(entry)) as never;
    } finally {
      unpacking.dispose();
    }
  }
}
