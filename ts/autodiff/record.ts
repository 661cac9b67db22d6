/**
 * Recording tapes, and entries: the operations that they record.
 *
 * @module
 */

import { askTapes } from "../primitive.js";
import type { Tensor } from "../tensor.js";
import type { Operand } from "./arena.js";

/** Receives the gradients of one operation's inputs; `index` is the index of the input. */
export interface GradientSink {
  /** Whether the gradient of this input is needed. */
  wants(index: number): boolean;
  /**
   * `kernel` overwrites as many float32 values at the address as the input has. It is not called if the gradient is not
   * needed.
   */
  write(index: number, kernel: (address: number) => void): void;
  /** `kernel` overwrites the values at the address (`beta` 0), or adds to them (`beta` 1). */
  accumulate(index: number, kernel: (address: number, beta: 0 | 1) => void): void;
  /** The gradient is this tensor, or one of the same size. It is not changed. */
  pass(index: number, gradient: Tensor<"float32">): void;
}

/** Computes the gradients of an operation's inputs from that of its output. */
export type Backward = (dy: Tensor<"float32">, into: GradientSink) => void;

/**
 * Computes the tangent of an operation's output from those of its inputs; `null` stands for 0, and one of them is not
 * 0. It is the transpose of {@link Backward}, composed of operations, so it has gradients too.
 */
export type Tangent = (tangents: readonly (Tensor<"float32"> | null)[]) => Tensor<"float32"> | null;

/** Operands may also be recorded by other tapes; other numbers were read from the caller's array. */
export type Seed = Operand | ArrayLike<number>;

/** The checked arguments of `gradient`. */
export interface Question {
  readonly targets: readonly Operand[];
  readonly sources: readonly Operand[];
  /** The gradients of the targets; `undefined` stands for ones. */
  readonly seeds: readonly (Seed | undefined)[];
  readonly zeros: boolean;
  /** Operands between sources and targets. */
  readonly needed: ReadonlySet<Operand>;
  /** The operations between them, in their order. */
  readonly entries: readonly Entry[];
  /** All operations of the tape. */
  readonly recorded: readonly Entry[];
}

/** Gradients, one for each source. */
export type Found = readonly (Tensor<"float32"> | null)[];

/** Derivatives beyond the first gradient. */
export interface Higher {
  /** Records gradients as an operation, on tapes that may request gradients of them. */
  note(asked: Question, found: Found, around: readonly Recorder[]): void;
  /** Gradients of each element of the target, or with `isBatch`, of each element of a sample. */
  jacobian(asked: Question, isBatch: boolean): Found;
}

/** One operation on a tape. */
export interface Entry {
  readonly name: string;
  readonly inputs: readonly Operand[];
  readonly output: Tensor;
  readonly backward: Backward;
  readonly tangent: Tangent;
  /** A field of the entry, so that only code that imports operations loads it. */
  readonly higher: Higher;
  /** The tangent for the gradient that was just computed, if it differs between gradients. */
  readonly ofCall?: (() => Pick<Entry, "tangent" | "reads">) | undefined;
  /** Operands that `backward` reads in addition to inputs and output, such as labels. */
  readonly reads: readonly Operand[];
  /** The last change in place before it. */
  readonly change: number;
}

/** The part of a tape that operations use. */
export interface Recorder {
  /** Whether gradients with respect to this operand may be requested. */
  tracks(operand: Operand): boolean;
  push(entry: Entry): void;
}

/** The tapes that record now, innermost last. */
let recorders: Recorder[] = [];

/** The tapes that are paused while gradients are computed, and inside `stopRecording`. */
const paused: Recorder[][] = [];

/** Adds a tape. @internal */
export function startRecorder(recorder: Recorder): void {
  askTapes(activeRecorders);
  recorders.push(recorder);
}

/** Removes a tape, at any position. @internal */
export function stopRecorder(recorder: Recorder): void {
  if (isTakenFrom(recorders, recorder)) return;
  for (let i = paused.length - 1; i >= 0; i--) if (isTakenFrom(paused[i]!, recorder)) return;
}

function isTakenFrom(list: Recorder[], recorder: Recorder): boolean {
  const at = list.lastIndexOf(recorder);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

/** Runs `body` without recording it on the current tapes; a tape that is created inside records. @internal */
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

/** Runs `body` with one more tape. @internal */
export function recordedBy<T>(recorder: Recorder, body: () => T): T {
  startRecorder(recorder);
  try {
    return body();
  } finally {
    stopRecorder(recorder);
  }
}

/** Runs `body` so that only the outer tapes of this one record it. @internal */
export function recordedAround<T>(recorder: Recorder, body: () => T): T {
  const all = recorders;
  recorders = all.slice(0, all.lastIndexOf(recorder));
  try {
    return body();
  } finally {
    recorders = all;
  }
}

/** Whether a gradient that is being computed may be differentiated again. @internal */
export function isNested(): boolean {
  return paused.some((recorders) => recorders.length > 0);
}

/** Pushes an operation to every tape that tracks one of its inputs, and returns its output. @internal */
export function push<T extends Tensor>(entry: Entry & { readonly output: T }): T {
  for (const recorder of recorders) {
    for (const input of entry.inputs) {
      if (!recorder.tracks(input)) continue;
      recorder.push(entry);
      break;
    }
  }
  return entry.output;
}

/** Pushes an operation to every tape that tracks one of its inputs, and does not have it yet. @internal */
export function pushAgain(entry: Entry): void {
  for (const recorder of recorders) {
    if (!recorder.tracks(entry.output) && entry.inputs.some((input) => recorder.tracks(input))) recorder.push(entry);
  }
}

/** Whether any tape records. @internal */
export function isRecording(): boolean {
  return recorders.length > 0;
}
