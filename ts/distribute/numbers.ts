/**
 * What replicas reduce and broadcast, as runs of memory.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { shown } from "../options.js";
import { float32 } from "../runtime/memory.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";

/** A run of numbers that an engine works on, in place. */
export type ReplicaNumbers = Float32Array | Float64Array | Int32Array;

/** What a caller may give: numbers, tensors, variables, and lists of them; `null` stays `null`. */
export type ReplicaData = ReplicaNumbers | Tensor | Variable | null | readonly ReplicaData[];

/** Temporaries of a step lie on cache lines behind one another: less than a line between two is padding. */
const LINE_BYTES = 64;

/**
 * The data as few runs: what lies in a row in WebAssembly memory, as a step's gradients do, is one. The views
 * are for at once.
 *
 * @throws TypeError for what is no numbers; DisposedError
 */
export function runsOf(owner: string, data: ReplicaData): ReplicaNumbers[] {
  const runs: ReplicaNumbers[] = [];
  const floats: { readonly start: number; readonly end: number }[] = [];
  collect(owner, data, (entry) => {
    if ((entry instanceof Tensor || entry instanceof Variable) && entry.dtype === "float32") {
      if (entry.size > 0) floats.push({ start: entry.address, end: entry.address + entry.size * 4 });
    } else if (entry instanceof Tensor) runs.push(entry.value as Int32Array);
    else runs.push(entry as ReplicaNumbers);
  });
  let open: { start: number; end: number } | undefined;
  for (const { start, end } of floats) {
    if (open !== undefined && start >= open.end && start - open.end < LINE_BYTES) {
      open.end = end;
      continue;
    }
    if (open !== undefined) runs.push(viewOf(open));
    open = { start, end };
  }
  if (open !== undefined) runs.push(viewOf(open));
  return runs;
}

function viewOf({ start, end }: { start: number; end: number }): Float32Array {
  return float32(start, (end - start) / 4);
}

function collect(owner: string, data: ReplicaData, take: (entry: ReplicaNumbers | Tensor | Variable) => void): void {
  if (data === null) return;
  if (Array.isArray(data)) {
    for (const entry of data as readonly ReplicaData[]) collect(owner, entry, take);
    return;
  }
  const isArray = data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array;
  if (!(isArray || data instanceof Tensor || data instanceof Variable)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner} takes a Float32Array, Float64Array, Int32Array, tensor or variable, or a list of them, got ${shown(data)}.`,
    );
  }
  take(data);
}
