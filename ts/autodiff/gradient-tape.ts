/**
 * GradientTape: records operations, and plays them backwards.
 *
 * @module
 */

import { COPY } from "../copies.js";
import { ArgumentTypeError, DisposedError, ValueError } from "../errors.js";
import { boolean, checkKnownOptions, shown } from "../options.js";
import {
  type Arena,
  currentArena,
  enterArena,
  giveArena,
  leaveArena,
  markRead,
  markUnread,
  takeArena,
} from "../runtime/arena.js";
import { forgotten, whenDropped } from "../runtime/memory.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import type { Operand } from "./arena.js";
import { gradientsOf } from "./backward.js";
import { activeRecorders, startRecorder, stopRecorder, unrecorded } from "./record.js";
import { Recording } from "./recording.js";

/** Options of a {@link GradientTape}. */
export interface GradientTapeOptions {
  /** Allow `gradient` more than once. Default: false. */
  readonly persistent?: boolean | undefined;
  /** Track trainable variables without `watch`. Default: true. */
  readonly watchAccessedVariables?: boolean | undefined;
}

/** Options of {@link GradientTape.gradient}. */
export interface GradientOptions {
  /** Gradient of the target(s), of its shape. Default: ones. */
  readonly outputGradients?: Tensor<"float32"> | readonly (Tensor<"float32"> | null)[] | undefined;
  /** What a source that the target does not depend on gets: `null`, or zeros. Default: `"none"`. */
  readonly unconnectedGradients?: "none" | "zero" | undefined;
}

/**
 * Records operations on variables and watched tensors, and computes gradients from the record.
 *
 * Inside {@link GradientTape.run} it records what the function does. Without `run` it records from where it
 * is made to `gradient()`, or with `persistent` to the end of its `using` block. Temporaries of the step are
 * taken back when the next step begins; a loop needs no `dispose()`.
 *
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
  readonly persistent: boolean;
  readonly #recording: Recording;
  #used = false;
  #disposed = false;
  /** Recording without `run`, from the constructor on. */
  #isOpen = true;
  #running = 0;
  /** Where its temporaries are; inside another step that step's, which is not its own to give back. */
  #arena: Arena | undefined;
  #generation = 0;
  #ownsArena = false;

  /** @param options - `persistent`, `watchAccessedVariables`. @throws ValueError, TypeError */
  constructor(options: GradientTapeOptions = {}) {
    checkKnownOptions("GradientTape", options, ["persistent", "watchAccessedVariables"]);
    this.persistent = boolean("GradientTape", "persistent", options.persistent ?? false);
    this.#recording = new Recording(
      boolean("GradientTape", "watchAccessedVariables", options.watchAccessedVariables ?? true),
    );
    startRecorder(this.#recording);
    this.#enter();
  }

  /**
   * Records what `body` does, and returns what it returns. A tape that was used, or disposed of, starts anew.
   *
   * @throws TypeError for what is no function
   */
  run<T>(body: () => T): T {
    if (typeof body !== "function") {
      throw new ArgumentTypeError(
        "ERR_TAPE",
        `run takes a function, whose operations are recorded, got ${shown(body)}.`,
      );
    }
    this.#close();
    this.#disposed = false;
    if (this.#used) this.reset();
    const arena = this.#enter();
    startRecorder(this.#recording);
    this.#running++;
    let done = false;
    try {
      const result = body();
      done = true;
      return result;
    } finally {
      this.#running--;
      stopRecorder(this.#recording);
      leaveArena(arena);
      if (!done) this.reset();
      else if (this.#used && !this.persistent) this.#giveArena();
      else if (this.#ownsArena && !this.persistent && this.#running === 0) markUnread(arena);
    }
  }

  /** Tracks tensors, or variables that are not trained. @throws TypeError for anything else */
  watch(...operands: (Operand | readonly Operand[])[]): void {
    for (const operand of operands.flat() as Operand[]) {
      if (!(operand instanceof Tensor || operand instanceof Variable)) {
        throw new ArgumentTypeError("ERR_TAPE", `watch takes tensors and variables, got ${shown(operand)}.`);
      }
      if (operand.dtype !== "float32") {
        throw new ArgumentTypeError("ERR_TAPE", `watch: only float32 has gradients, got a tensor of ${operand.dtype}.`);
      }
      this.#recording.watch(operand);
    }
  }

  /** The variables that it has met, in the order of their first use. */
  watchedVariables(): Variable[] {
    return this.#recording.variables();
  }

  /** Runs `body` without recording it. */
  stopRecording<T>(body: () => T): T {
    return unrecorded(body);
  }

  /** Forgets everything recorded so far. */
  reset(): void {
    this.#recording.forget();
    this.#used = false;
    // What records goes on where it is.
    if (this.#running === 0 && !this.#isOpen) this.#giveArena();
  }

  /**
   * Gradients of `target` with respect to `sources`, in their order: tensors that an optimizer reads where
   * they lie, and that can be read until the next step begins.
   *
   * @param target - One tensor or several, whose gradients are added.
   * @param sources - A variable or tensor, or a list of them.
   * @returns `null` for a source that the target does not depend on
   * @throws ValueError when a tape that is not persistent is asked twice, a shape does not fit, or a
   * gradient of a gradient is asked for; DisposedError after `dispose`
   *
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
    checkKnownOptions("gradient", options, ["outputGradients", "unconnectedGradients"]);
    if (this.#disposed) {
      throw new DisposedError("This tape was disposed of, and has forgotten what it recorded. Call gradient() before.");
    }
    if (this.#used && !this.persistent) {
      throw new ValueError(
        "ERR_TAPE",
        "gradient() can be called once on a tape that is not persistent. Make it with new GradientTape({ persistent: true }), or ask for all sources at once.",
      );
    }
    this.#recording.checkVersions();
    const isList = Array.isArray(sources);
    const list = (isList ? sources : [sources]) as readonly Operand[];
    const targets = (Array.isArray(target) ? target : [target]) as readonly Tensor[];
    if (!this.persistent) this.#close();
    const arena = this.#isLive() && currentArena() === undefined ? this.#arena : undefined;
    if (arena !== undefined) enterArena(arena);
    let found: (Tensor<"float32"> | null)[];
    try {
      found = unrecorded(() => gradientsOf(this.#recording, targets, list, options));
    } finally {
      if (arena !== undefined) leaveArena(arena);
    }
    this.#used = true;
    this.#refuseSecondOrder(targets, found);
    if (!this.persistent && this.#running === 0) {
      this.#recording.forgetEntries();
      this.#giveArena();
    }
    return isList ? found : (found[0] as Tensor<"float32"> | null);
  }

  /** Ends recording, and gives its memory back. For `using`. */
  dispose(): void {
    this.#close();
    this.#used = true;
    this.#disposed = true;
    this.#recording.forget();
    this.#giveArena();
  }

  /** For `using`, the same as {@link GradientTape.dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** A tape that is recording around this one must not take these gradients for constants. */
  #refuseSecondOrder(targets: readonly Tensor[], found: readonly (Tensor<"float32"> | null)[]): void {
    for (const outer of activeRecorders()) {
      if (outer === this.#recording || !targets.some((target) => outer.tracks(target))) continue;
      for (const output of found) {
        if (output !== null) outer.push({ name: "gradient", inputs: targets, output, backward: refuseSecondOrder });
      }
    }
  }

  /** The outermost step owns an arena; those inside use it. */
  #enter(): Arena {
    if (!this.#isLive()) {
      const outer = currentArena();
      const arena = outer ?? takeArena();
      this.#arena = arena;
      this.#generation = arena.generation;
      this.#ownsArena = outer === undefined;
      if (this.#ownsArena || this.#isOpen) this.#clearUpWhenDropped(arena);
    }
    const arena = this.#arena as Arena;
    markRead(arena);
    enterArena(arena);
    return arena;
  }

  /**
   * A tape that is dropped while it records must not record for ever. Not a WeakRef to it: that keeps its target
   * to the end of the running job, and a loop is one job.
   */
  #clearUpWhenDropped(arena: Arena): void {
    const [recording, ownsArena, generation] = [this.#recording, this.#ownsArena, arena.generation];
    whenDropped(this, () => {
      stopRecorder(recording);
      leaveArena(arena);
      // Another tape may have it by now.
      if (ownsArena && arena.generation === generation) giveArena(arena);
    });
  }

  /** Whether its temporaries are still there. */
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
    if (!this.#ownsArena) forgotten(this);
  }

  #giveArena(): void {
    const arena = this.#arena;
    if (arena === undefined) return;
    this.#arena = undefined;
    if (!this.#ownsArena) return;
    forgotten(this);
    if (arena.generation === this.#generation) giveArena(arena);
  }

  /** @internal */
  get gradstepCopy(): symbol {
    return COPY;
  }
}

function refuseSecondOrder(): never {
  throw new ValueError(
    "ERR_TAPE",
    "This gradient depends on another gradient: second-order gradients are not supported. Compute the inner gradient outside of the outer tape, or pass it through ops.stopGradient.",
  );
}
