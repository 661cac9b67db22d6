/**
 * Data that replicas reduce and broadcast, as views of memory.
 *
 * @module
 */

import { checkAttached } from "../array-like.js";
import { isFloat32Array, isFloat64Array, isInt32Array } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";
import { isList, shown } from "../options.js";
import { isTensor, type Tensor } from "../tensor.js";
import { Variable } from "../variable.js";

/** A span of numbers that an engine works on, in place. */
export type ReplicaNumbers = Float32Array | Float64Array | Int32Array;

/** Data from a caller: numbers, tensors, variables, and lists of them; `null` stays `null`. */
export type ReplicaData = ReplicaNumbers | Tensor | Variable | null | readonly ReplicaData[];

/** The numbers of one array, tensor or variable. The view is for immediate use. */
export interface ReplicaView {
  readonly view: ReplicaNumbers;
  /** Whether it is a block of WebAssembly memory: the rest of its last cache line is unused. */
  readonly isBlock: boolean;
  /** Its owner: tapes must be notified when it changes. */
  readonly operand?: Tensor | Variable;
}

/**
 * The data, in order.
 *
 * @throws TypeError for anything but numbers; DisposedError
 */
export function replicaViews(owner: string, data: ReplicaData): ReplicaView[] {
  const entries: ReplicaView[] = [];
  collect(owner, data, entries);
  return entries;
}

function collect(owner: string, data: ReplicaData, entries: ReplicaView[]): void {
  if (data === null) return;
  if (isList(data)) {
    for (const entry of data as readonly ReplicaData[]) collect(owner, entry, entries);
    return;
  }
  if (isTensor(data) || data instanceof Variable) {
    if (data.size > 0) entries.push({ view: data.numbers as ReplicaNumbers, isBlock: true, operand: data });
    return;
  }
  if (!(isFloat32Array(data) || isFloat64Array(data) || isInt32Array(data))) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner} takes a Float32Array, Float64Array, Int32Array, tensor or variable, or a list of them, got ${shown(data)}.`,
    );
  }
  checkAttached(owner, data);
  if (data.length > 0) entries.push({ view: data, isBlock: false });
}
