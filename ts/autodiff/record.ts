/**
 * Recording tapes, and the call by which an operation reports to them.
 *
 * @module
 */

import { lastChange } from "../changes.js";
import type { Tensor } from "../tensor.js";
import type { Operand } from "./arena.js";

/** Takes the gradients of one operation's inputs; `index` is the input's. */
export interface GradientSink {
  /** Whether the gradient of this input is needed. */
  wants(index: number): boolean;
  /** `kernel` overwrites the input's size of float32 at the address. Not called when it is not needed. */
  write(index: number, kernel: (address: number) => void): void;
  /** `kernel` overwrites (`beta` 0) or adds to (`beta` 1) what is at the address. */
  accumulate(index: number, kernel: (address: number, beta: 0 | 1) => void): void;
  /** The gradient is this tensor, or one of the same size. It is not changed. */
  pass(index: number, gradient: Tensor<"float32">): void;
}

/** Gives the gradients of an operation's inputs, from that of its output. */
export type Backward = (dy: Tensor<"float32">, into: GradientSink) => void;

/** One operation on a tape. */
export interface Entry {
  readonly name: string;
  readonly inputs: readonly Operand[];
  readonly output: Tensor;
  readonly backward: Backward;
  /** Operands that `backward` reads beside inputs and output, such as labels. */
  readonly reads: readonly Operand[];
  /** The last change in place before it. */
  readonly change: number;
}

/** The part of a tape that operations use. */
export interface Recorder {
  /** Whether gradients to this operand may be asked for. */
  tracks(operand: Operand): boolean;
  push(entry: Entry): void;
}

/** Those that record now, innermost last. */
let recorders: Recorder[] = [];

/** Those that are paused while gradients are computed, and inside `stopRecording`. */
const paused: Recorder[][] = [];

const NOTHING: readonly Operand[] = [];

/** Adds a tape. @internal */
export function startRecorder(recorder: Recorder): void {
  recorders.push(recorder);
}

/** Takes a tape out, wherever it stands. @internal */
export function stopRecorder(recorder: Recorder): void {
  if (isTakenFrom(recorders, recorder)) return;
  for (let i = paused.length - 1; i >= 0; i--) if (isTakenFrom(paused[i]!, recorder)) return;
}

function isTakenFrom(list: Recorder[], recorder: Recorder): boolean {
  const at = list.lastIndexOf(recorder);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

/** Runs `body` unseen by the tapes that record now; a tape that is made inside records. @internal */
export function unrecorded<T>(body: () => T): T {
  const outer = recorders;
  paused.push(outer);
  recorders = [];
  try {
    return body();
  } finally {
    paused.pop();
    outer.push(...recorders);
    recorders = outer;
  }
}

/** The tapes that are recording now. @internal */
export function activeRecorders(): readonly Recorder[] {
  return [...recorders];
}

/**
 * Notes an operation on every tape that tracks one of its inputs, and gives its output back.
 *
 * @param name - Of the operation, for messages.
 * @param backward - Called at most once for each gradient that is asked for, last operation first.
 * @param reads - What `backward` reads beside inputs and output.
 * @internal
 */
export function record<T extends Tensor>(
  name: string,
  inputs: readonly Operand[],
  output: T,
  backward: Backward,
  reads: readonly Operand[] = NOTHING,
): T {
  for (const recorder of recorders) {
    for (const input of inputs) {
      if (!recorder.tracks(input)) continue;
      recorder.push({ name, inputs, output, backward, reads, change: lastChange() });
      break;
    }
  }
  return output;
}
