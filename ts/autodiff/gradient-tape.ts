/**
 * GradientTape: records operations, and runs their backward passes.
 *
 * Over 300 lines: one class, and a third of the lines document its public methods.
 *
 * @module
 */

import { checkBody, runBody, settled } from "../bodies.js";
import { Busy } from "../busy.js";
import { COPY, refuseProxy } from "../copies.js";
import { ArgumentTypeError, DisposedError, ValueError } from "../errors.js";
import { guardNew } from "../getters.js";
import {
  boolean,
  checkCount,
  checkKnownOptions,
  checkMethod,
  checkObject,
  isList,
  oneOrMore,
  shown,
} from "../options.js";
import { type Arena, currentArena, enterArena, leaveArena } from "../runtime/arena.js";
import { Loose } from "../runtime/loose.js";
import { forgotten, whenDropped } from "../runtime/memory.js";
import {
  awake,
  beginStep,
  beginTurn,
  dropStep,
  endStep,
  gradientArena,
  type Step,
  waitForGradient,
} from "../runtime/steps.js";
import { isTensor, type Tensor } from "../tensor.js";
import { isVariable, Variable } from "../variable.js";
import { apart, type Operand, scratch } from "./arena.js";
import { formOf, type GradientOptions, gradientsOf, placesFor, question, readsFrom } from "./backward.js";
import { activeRecorders, type Found, type Question, startRecorder, stopRecorder, unrecorded } from "./record.js";
import { Recording } from "./recording.js";

/** For messages. */
const TAPE = "This tape";
/** Up to this many values, 16 kB, are allocated with the step's other temporaries. */
const FEW = 1 << 12;

/** Options of {@link GradientTape.jacobian} and {@link GradientTape.batchJacobian}. */
export type JacobianOptions = Pick<GradientOptions, "unconnectedGradients">;

/** Options of a {@link GradientTape}. */
export interface GradientTapeOptions {
  /** Whether `gradient` can be called more than once. Default: false. */
  readonly persistent?: boolean | undefined;
  /** Whether to track trainable variables without `watch`. Default: true. */
  readonly watchAccessedVariables?: boolean | undefined;
}

/**
 * Records operations on variables and watched tensors, and computes gradients from the record.
 *
 * Inside {@link GradientTape.run} it records the operations of the function. Without `run` it records from its creation
 * to `gradient()`, or with `persistent` to the end of its `using` block. Results of an iteration stay readable until
 * the next iteration computes the same gradients; a loop needs no `dispose()`.
 *
 * @see [tf.GradientTape](https://www.tensorflow.org/api_docs/python/tf/GradientTape)
 * @example
 * ```ts
 * import { GradientTape, ops, Variable } from "gradstep";
 *
 * const x = new Variable([3], { name: "x" });
 * const tape = new GradientTape();
 * const y = tape.run(() => ops.square(x));
 * console.log(tape.gradient(y, x)?.array()); // Float32Array [6]
 * ```
 */
export class GradientTape {
  /** Whether `gradient` may be called more than once. */
  readonly persistent: boolean;
  readonly #recording: Recording;
  #used = false;
  #disposed = false;
  /** Recording without `run`, from the constructor on. */
  #isOpen = true;
  #running = 0;
  /** The arena in which it records; inside another step, the arena of that step. */
  #arena: Arena | undefined;
  #generation = 0;
  /** Whether its backward pass is running: the gradient of a custom operation can neither record on it nor end it. */
  readonly #busy = new Busy();
  /** Its step, if it is not part of another one. */
  #step: Step | undefined;
  /**
   * An object that is dropped with the tape. A registry keeps its targets alive beyond the step, so the target is an
   * empty object.
   */
  readonly #life = {};
  #left: Left | undefined;

  /**
   * Creates a tape, which records from here on if it is used without {@link GradientTape.run}.
   *
   * @param options - {@link GradientTapeOptions}.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`) for an option that is unknown, or not a
   * boolean
   */
  constructor(options: GradientTapeOptions = {}) {
    checkCount("GradientTape", arguments.length, 1);
    guardNew(this, GradientTape.prototype);
    checkKnownOptions("GradientTape", options, ["persistent", "watchAccessedVariables"]);
    this.persistent = boolean("GradientTape", "persistent", options.persistent ?? false);
    this.#recording = new Recording(
      boolean("GradientTape", "watchAccessedVariables", options.watchAccessedVariables ?? true),
    );
    startRecorder(this.#recording);
    this.#enter();
  }

  /**
   * Records the operations of `body`. A tape that was used or disposed of starts again.
   *
   * @param body - A synchronous function that calls operations.
   * @returns The result of `body`.
   * @throws TypeError (`ERR_TAPE`) for anything but a synchronous function, and for one that returns a promise; errors
   * of `body`
   * @throws ValueError (`ERR_BUSY`) inside a call of `gradient()` of this tape; TypeError (`ERR_OPTION_TYPE`) on a proxy
   * of the tape
   */
  run<T>(body: () => T): T {
    checkMethod(this, "run", arguments.length, 1);
    GradientTape.#check(this);
    checkBody("run", body);
    this.#busy.refuse(TAPE);
    this.#close();
    this.#disposed = false;
    if (this.#used) this.reset();
    const arena = this.#enter();
    startRecorder(this.#recording);
    this.#running++;
    let done = false;
    try {
      const result = settled("run", body());
      done = true;
      return result;
    } finally {
      this.#running--;
      stopRecorder(this.#recording);
      leaveArena(arena);
      if (!done) this.#forget(dropStep);
      else if (this.#running === 0) this.#pause();
    }
  }

  /**
   * Tracks tensors, or variables that are not trainable.
   *
   * @param operands - Float32 tensors and variables, or lists of them.
   * @throws TypeError (`ERR_TAPE`, `ERR_OPTION_TYPE`) for anything else
   */
  watch(...operands: (Operand | readonly Operand[])[]): void {
    checkObject(this, "watch");
    GradientTape.#check(this);
    // All operands are read and checked before the first one is watched.
    const all: readonly unknown[] = operands.flatMap(oneOrMore);
    for (const operand of all) {
      if (!(isTensor(operand) || isVariable(operand))) {
        throw new ArgumentTypeError("ERR_TAPE", `watch takes tensors and variables, got ${shown(operand)}.`);
      }
      void operand.disposed; // Refuses a proxy.
      if (operand.dtype !== "float32") {
        throw new ArgumentTypeError(
          "ERR_TAPE",
          `watch: only float32 has gradients, got a tensor of ${(operand as Operand).dtype}.`,
        );
      }
    }
    for (const operand of all) this.#recording.watch(operand as Operand);
  }

  /**
   * Lists the variables that the tape has recorded.
   *
   * @returns Variables, in the order of their first use.
   * @throws TypeError (`ERR_OPTION_TYPE`) on a proxy of the tape
   */
  watchedVariables(): Variable[] {
    checkMethod(this, "watchedVariables", arguments.length, 0);
    GradientTape.#check(this);
    return this.#recording.variables();
  }

  /**
   * Runs `body` without recording it.
   *
   * @param body - A synchronous function that calls operations.
   * @returns The result of `body`.
   * @throws TypeError (`ERR_TAPE`) for anything but a synchronous function, and for one that returns a promise; errors
   * of `body`
   */
  stopRecording<T>(body: () => T): T {
    checkMethod(this, "stopRecording", arguments.length, 1);
    return unrecorded(() => runBody("stopRecording", body));
  }

  /**
   * Forgets everything recorded so far.
   *
   * @throws ValueError (`ERR_BUSY`) inside a call of `gradient()` of this tape; TypeError (`ERR_OPTION_TYPE`) on a proxy
   * of the tape
   */
  reset(): void {
    checkMethod(this, "reset", arguments.length, 0);
    GradientTape.#check(this);
    this.#busy.refuse(TAPE);
    this.#forget(endStep);
  }

  #forget(end: (step: Step) => void): void {
    this.#recording.forget();
    this.#used = false;
    // A recording tape continues.
    if (this.#running === 0 && !this.#isOpen) this.#end(end);
  }

  /**
   * Computes gradients of `target` with respect to `sources`, in their order: tensors that an optimizer reads without a
   * copy, and that stay readable until the next iteration computes the same gradients.
   *
   * @param target - One tensor or several, whose gradients are added.
   * @param sources - A variable or tensor, or a list of them.
   * @param options - {@link GradientOptions}.
   * @returns A gradient in the shape of each source, or `null` if the target does not depend on it; a list if `sources`
   *   is a list.
   * @throws ValueError (`ERR_TAPE`) when a tape that is not persistent is asked twice,
   * and for a value that changed after it was recorded; (`ERR_SHAPE`) for output gradients of another shape
   * @throws TypeError (`ERR_TAPE`, `ERR_OPTION_TYPE`, `ERR_OTHER_COPY`) for anything but float32 tensors and variables;
   * ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`) for an option that is unknown or of the wrong type
   * @throws DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) after `dispose`, and for a freed tensor; ValueError
   * (`ERR_BUSY`) inside another call of it
   * @example
   * ```ts
   * import { GradientTape, ops, SGD, Variable, zip } from "gradstep";
   *
   * const w = new Variable([1, 2], { name: "w" });
   * const optimizer = new SGD({ learningRate: 0.5 });
   * const tape = new GradientTape();
   * const loss = tape.run(() => ops.sum(ops.square(w)));
   * optimizer.applyGradients(zip(tape.gradient(loss, [w]), [w]));
   * console.log(w.array()); // Float32Array [0, 0]
   * ```
   */
  gradient(target: Tensor | readonly Tensor[], sources: Operand, options?: GradientOptions): Tensor<"float32"> | null;
  gradient(
    target: Tensor | readonly Tensor[],
    sources: readonly Operand[],
    options?: GradientOptions,
  ): (Tensor<"float32"> | null)[];
  gradient(
    target: Tensor | readonly Tensor[],
    sources: Operand | readonly Operand[],
    options: GradientOptions = {},
  ): Tensor<"float32"> | null | (Tensor<"float32"> | null)[] {
    checkMethod(this, "gradient", arguments.length, 3);
    GradientTape.#check(this);
    checkKnownOptions("gradient", options, ["outputGradients", "unconnectedGradients"]);
    this.#checkUnused();
    const list = oneOrMore(sources) as readonly Operand[];
    const targets = oneOrMore(target) as readonly Tensor[];
    // Nothing changes until everything is computed: after a refused call, an open tape continues recording.
    const asked = question("gradient", this.#recording, targets, list, options);
    const found = this.#busy.during(TAPE, () => unrecorded(() => this.#computed(asked)));
    this.#asked();
    noteGradients(asked, found);
    if (this.#running === 0) this.#pause();
    return isList(sources) ? found : (found[0] ?? null);
  }

  /**
   * Computes the derivatives of every element of `target` with respect to `sources`. It needs a backward pass for each
   * element; {@link GradientTape.batchJacobian} needs fewer if the samples of a batch do not depend on each other.
   *
   * @param target - One tensor.
   * @param sources - A variable or tensor, or a list of them.
   * @param options - `unconnectedGradients`, as in {@link GradientTape.gradient}.
   * @returns For each source a tensor of the target's shape followed by the source's, or `null` if the target does not
   *   depend on it; a list if `sources` is a list.
   * @throws ValueError, TypeError, DisposedError (`ERR_TAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_UNKNOWN`, `ERR_OTHER_COPY`,
   * `ERR_DISPOSED`, `ERR_STEP_ENDED`, `ERR_BUSY`) in the same cases as {@link GradientTape.gradient}
   * @see [tf.GradientTape.jacobian](https://www.tensorflow.org/api_docs/python/tf/GradientTape#jacobian)
   * @example
   * ```ts
   * import { GradientTape, ops, Variable } from "gradstep";
   *
   * const x = new Variable([1, 2]);
   * const tape = new GradientTape();
   * const y = tape.run(() => ops.square(x));
   * console.log(tape.jacobian(y, x)?.toArray()); // [[2, 0], [0, 4]]
   * ```
   */
  jacobian(target: Tensor, sources: Operand, options?: JacobianOptions): Tensor<"float32"> | null;
  jacobian(target: Tensor, sources: readonly Operand[], options?: JacobianOptions): (Tensor<"float32"> | null)[];
  jacobian(
    target: Tensor,
    sources: Operand | readonly Operand[],
    options: JacobianOptions = {},
  ): Tensor<"float32"> | null | (Tensor<"float32"> | null)[] {
    checkMethod(this, "jacobian", arguments.length, 3);
    GradientTape.#check(this);
    const found = this.#jacobian("jacobian", target, oneOrMore(sources) as readonly Operand[], options, false);
    return isList(sources) ? found : (found[0] ?? null);
  }

  /**
   * Computes a Jacobian for each sample: both tensors have samples along their first axis, and an element of the target
   * depends only on its own sample. It needs a backward pass for each element of a sample.
   *
   * @param target - A tensor, samples first.
   * @param source - A tensor or variable, samples first.
   * @param options - `unconnectedGradients`, as in {@link GradientTape.gradient}.
   * @returns A tensor of the target's shape followed by the source's without its first axis, or `null` if the target
   *   does not depend on it.
   * @throws ValueError (`ERR_SHAPE`) when the first axes differ
   * @throws ValueError, TypeError, DisposedError (`ERR_TAPE`, `ERR_OPTION_TYPE`, `ERR_OPTION_UNKNOWN`, `ERR_OTHER_COPY`,
   * `ERR_DISPOSED`, `ERR_STEP_ENDED`, `ERR_BUSY`) in the same cases as {@link GradientTape.gradient}
   * @see [tf.GradientTape.batch_jacobian](https://www.tensorflow.org/api_docs/python/tf/GradientTape#batch_jacobian)
   * @example
   * ```ts
   * import { GradientTape, ops, Variable } from "gradstep";
   *
   * const x = new Variable([[1, 2], [3, 4]]);
   * const tape = new GradientTape();
   * const y = tape.run(() => ops.square(x));
   * console.log(tape.batchJacobian(y, x)?.toArray()); // [[[2, 0], [0, 4]], [[6, 0], [0, 8]]]
   * ```
   */
  batchJacobian(target: Tensor, source: Operand, options: JacobianOptions = {}): Tensor<"float32"> | null {
    checkMethod(this, "batchJacobian", arguments.length, 3);
    GradientTape.#check(this);
    if (isTensor(target) && (isTensor(source) || isVariable(source))) {
      const [rows, others] = [target.shape[0], source.shape[0]];
      if (rows === undefined || rows !== others) {
        throw new ValueError(
          "ERR_SHAPE",
          `batchJacobian: target and source must have the same first axis, got [${target.shape.join(", ")}] and [${source.shape.join(", ")}].`,
        );
      }
    }
    return this.#jacobian("batchJacobian", target, [source], options, true)[0] ?? null;
  }

  #jacobian(
    name: string,
    target: Tensor,
    sources: readonly Operand[],
    options: JacobianOptions,
    isBatch: boolean,
  ): (Tensor<"float32"> | null)[] {
    checkKnownOptions(name, options, ["unconnectedGradients"]);
    this.#checkUnused();
    const asked = question(name, this.#recording, [target], sources, options);
    const { higher } = asked.entries[0] ?? asked.recorded[0] ?? {};
    const found = this.#busy.during(TAPE, () => higher?.jacobian(asked, isBatch)) ?? sources.map(() => null);
    this.#asked();
    if (this.#running === 0) this.#pause();
    return [...found];
  }

  #asked(): void {
    this.#used = true;
    if (!this.persistent) this.#close();
  }

  #checkUnused(): void {
    if (this.#disposed) {
      throw new DisposedError("This tape was disposed of, with everything that it recorded. Call gradient() first.");
    }
    if (this.#used && !this.persistent) {
      throw new ValueError(
        "ERR_TAPE",
        "gradient() can be called only once on a tape that is not persistent. Use new GradientTape({ persistent: true }), or pass all sources in one call.",
      );
    }
  }

  /**
   * Ends recording, and frees its memory.
   *
   * @throws ValueError (`ERR_BUSY`) inside a call of `gradient()` of this tape; TypeError (`ERR_OPTION_TYPE`) on a proxy
   * of the tape
   */
  dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    GradientTape.#check(this);
    this.#busy.refuse(TAPE);
    this.#close();
    this.#used = true;
    this.#disposed = true;
    this.#recording.forget();
    if (this.#running === 0) this.#end();
  }

  /**
   * The same as {@link GradientTape.dispose}, for `using`.
   *
   * @throws ValueError (`ERR_BUSY`) inside a call of `gradient()` of this tape
   */
  [Symbol.dispose](): void {
    this.dispose();
  }

  static #check(tape: GradientTape): void {
    if (!(#used in tape)) refuseProxy("tape");
  }

  #computed(asked: Question): (Tensor<"float32"> | null)[] {
    const step = this.#step;
    const running = currentArena();
    if (step === undefined || step.isOver || this.#running > 0 || (running ?? step.arenas[0]) !== step.arenas[0]) {
      // Part of another step, or of a separate one, which continues.
      return this.#isLive() && running === undefined ? inArena(this.#arena as Arena, asked) : inRunning(asked);
    }
    const places = placesFor(asked, (length) => this.#gradientArena(step, asked, length).take(length));
    return apart(() => gradientsOf(asked, places));
  }

  /** Gradients of a persistent tape live as long as the tape; those of others are overwritten in the next iteration. */
  #gradientArena(step: Step, asked: Question, length: number): Arena {
    const variable = asked.sources.find((source) => source instanceof Variable);
    if (variable !== undefined) {
      const { id, changed } = variable as Variable;
      step.work = { variable: id, change: changed, form: formOf(asked) };
      beginTurn(step.work, (arena) => readsFrom(asked, arena));
    }
    return this.persistent || length <= FEW ? step.arenas[0]! : gradientArena(step, length);
  }

  /** The outermost step has its own memory; inner steps use it. */
  #enter(): Arena {
    if (!this.#isLive()) {
      const outer = currentArena();
      this.#step = outer === undefined ? beginStep("tape") : undefined;
      this.#arena = outer ?? this.#step!.arenas[0]!;
      this.#generation = this.#arena.generation;
      if (this.#step !== undefined || this.#isOpen) this.#clearUpWhenDropped(this.#arena);
    }
    const arena = this.#arena as Arena;
    if (this.#step !== undefined) awake(this.#step);
    enterArena(arena);
    return arena;
  }

  /**
   * A tape that is dropped while it records must not record forever. A WeakRef does not help: it keeps its target until
   * the end of the running job, and a loop is one job.
   */
  #clearUpWhenDropped(arena: Arena): void {
    this.#left = new Left(this.#recording, arena, this.#step);
    clearUpWhenDropped(this.#life, this.#left);
  }

  /** Nothing is left to clean up. */
  #forgetLeft(): void {
    forgotten(this.#life);
    this.#left?.clear();
    this.#left = undefined;
  }

  /** Whether its temporaries still exist. */
  #isLive(): boolean {
    return this.#arena !== undefined && this.#arena.generation === this.#generation;
  }

  /** Ends the recording that began with the constructor. */
  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    stopRecorder(this.#recording);
    if (this.#arena === undefined) return;
    leaveArena(this.#arena);
    if (this.#step === undefined) this.#forgetLeft();
  }

  /** Its step waits for gradients that may still be requested, or has ended. */
  #pause(): void {
    const isAsked = this.#used && !this.persistent;
    if (isAsked) this.#recording.forgetEntries();
    if (isAsked || this.#disposed) this.#end();
    else if (this.#step !== undefined && !this.#isOpen) waitForGradient(this.#step);
  }

  /** Ends its step: its results stay readable for now. */
  #end(end: (step: Step) => void = endStep): void {
    const step = this.#step;
    this.#arena = undefined;
    this.#step = undefined;
    if (step === undefined) return;
    this.#forgetLeft();
    end(step);
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }

  /** For Vue: see `copies.ts`. @internal */
  get __v_skip(): true {
    return true;
  }
}

/** State to clean up when a tape is dropped while it records, or while its step waits. */
class Left {
  #recording: Recording | undefined;
  #arena: Arena | undefined;
  #step: Step | undefined;

  constructor(recording: Recording, arena: Arena, step: Step | undefined) {
    this.#recording = recording;
    this.#arena = arena;
    this.#step = step;
  }

  clearUp(): void {
    if (this.#recording !== undefined) stopRecorder(this.#recording);
    if (this.#arena !== undefined) leaveArena(this.#arena);
    if (this.#step !== undefined) dropStep(this.#step);
  }

  /** The registry may hold it much longer than the tape. */
  clear(): void {
    this.#recording = undefined;
    this.#arena = undefined;
    this.#step = undefined;
  }
}

/** A separate function, so that its closure keeps only `left`. */
function clearUpWhenDropped(life: object, left: Left): void {
  whenDropped(life, () => left.clearUp());
}

function inRunning(asked: Question): (Tensor<"float32"> | null)[] {
  const arena = currentArena();
  const places = placesFor(asked, (length) => arena?.take(length) ?? new Loose(length));
  return scratch(() => gradientsOf(asked, places));
}

function inArena(arena: Arena, asked: Question): (Tensor<"float32"> | null)[] {
  enterArena(arena);
  try {
    return inRunning(asked);
  } finally {
    leaveArena(arena);
  }
}

/** Recording tapes, this one or outer ones, may request gradients of the gradients. */
function noteGradients(asked: Question, found: Found): void {
  const active = activeRecorders();
  if (active.length === 0) return;
  // Without operations the target is the source.
  (asked.entries[0] ?? asked.recorded[0])?.higher.note(asked, found, active);
}
