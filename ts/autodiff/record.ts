/**
 * Which tapes are recording, and how an operation tells them what it did.
 *
 * @module
 */

import type { Tensor } from "../tensor.js";
import type { Operand } from "./arena.js";
import type { GradientSink } from "./gradient-sink.js";

/** Gives the gradients of an operation's inputs, from that of its output. */
export type Backward = (dy: Tensor<"float32">, into: GradientSink) => void;

/** One operation on a tape. */
export interface Entry {
  readonly name: string;
  readonly inputs: readonly Operand[];
  readonly output: Tensor;
  readonly backward: Backward;
}

/** What a tape shows to operations. */
export interface Recorder {
  /** Whether gradients to this operand may be asked for. */
  tracks(operand: Operand): boolean;
  push(entry: Entry): void;
}

/** Innermost last. */
const recorders: Recorder[] = [];

/** Recording is off while gradients are computed, and inside `stopRecording`. */
let paused = 0;

/** Adds a tape. @internal */
export function startRecorder(recorder: Recorder): void {
  recorders.push(recorder);
}

/** Takes a tape out, wherever it stands. @internal */
export function stopRecorder(recorder: Recorder): void {
  const at = recorders.lastIndexOf(recorder);
  if (at >= 0) recorders.splice(at, 1);
}

/** Runs `body` with no tape recording. @internal */
export function unrecorded<T>(body: () => T): T {
  paused++;
  try {
    return body();
  } finally {
    paused--;
  }
}

/** The tapes that are recording now. @internal */
export function activeRecorders(): Recorder[] {
  if (paused > 0) return [];
  return [...recorders];
}

/**
 * Notes an operation on every tape that tracks one of its inputs, and gives its output back.
 *
 * @param name - Of the operation, for messages.
 * @param backward - Called at most once for each gradient that is asked for, last operation first.
 * @internal
 */
export function record<T extends Tensor>(name: string, inputs: readonly Operand[], output: T, backward: Backward): T {
  if (paused > 0 || recorders.length === 0) return output;
  for (const recorder of recorders) {
    for (const input of inputs) {
      if (!recorder.tracks(input)) continue;
      recorder.push({ name, inputs, output, backward });
      break;
    }
  }
  return output;
}
