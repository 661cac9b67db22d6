/**
 * `compiled`: one iteration of a custom loop, recorded once and replayed, as `tf.function` and `jit` do.
 *
 * A form is the types and shapes of the arguments. The first call with a form runs the function; the second is recorded; the
 * third is recorded again, and must make the same calls of the WebAssembly module. Later calls copy the arguments into
 * the recording's memory and repeat its calls; every 64th call is recorded again and compared.
 *
 * Over 300 lines: one class decides about each call, and the function has its whole comment.
 *
 * @module
 */

import { tidy } from "../autodiff/arena.js";
import { isNested, isRecording } from "../autodiff/record.js";
import { checkBody, settled } from "../bodies.js";
import { noteMove } from "../changes.js";
import { OutOfMemoryError, ValueError } from "../errors.js";
import { checkCount, checkKnownOptions } from "../options.js";
import { currentGroup } from "../replicas/current.js";
import { Arena, currentArena, enterArena, leaveArena } from "../runtime/arena.js";
import type { RecordedCalls } from "../runtime/call-recorder.js";
import { recorderNow } from "../runtime/recording.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import { warnOnce } from "../warnings.js";
import { checkedJitCompile } from "./compile-checks.js";
import { copyInto, formOf, inputsOf, withInputs } from "./compiled-arguments.js";
import { freedWhenFull } from "./freed-when-full.js";
import { LoopRecorder } from "./loop-recorder.js";
import { KnownForms, MOST_LENGTH, MOST_WASTED, makeRoom, PAYS } from "./recording-limits.js";
import { Results } from "./results.js";
import type { Unchanged } from "./unchanged.js";

/** Calls after which the function runs again, to be compared. */
const CHECKED = 64;

/** Options of {@link compiled}. */
export interface CompiledOptions {
  /**
   * `"auto"` runs the function itself if it cannot be recorded; `true` then refuses the next call with the reason; `false`
   * records nothing. Default: `"auto"`.
   */
  readonly jitCompile?: boolean | "auto" | null | undefined;
}

/**
 * Speeds up one iteration of a custom training loop: records the operations that `fn` calls, and repeats them without running
 * `fn` again, as `tf.function` and `jax.jit` do. No bit of any result changes. `fn` may step optimizers.
 *
 * Only tensors that are arguments, variables, layers, losses and random generators may differ from call to call. **Everything
 * else that `fn` reads keeps its recorded value**, such as a number in a JavaScript variable: pass numbers as arguments;
 * each value has a separate recording. Other work of `fn`, such as counting, is not repeated. Tensors that `fn` creates
 * are freed when it returns, except for its result.
 *
 * @param fn - A synchronous function of tensors, numbers, texts, `true`, `false`, `null`; with other arguments it runs
 * unrecorded. It returns tensors, `null`, numbers, or lists and plain objects of these.
 * @param options - {@link CompiledOptions}.
 * @returns A function that takes and returns the same. Tensors in its results are copies, which stay readable for four calls.
 * @throws TypeError (`ERR_TAPE`, `ERR_OPTION_TYPE`) for anything but a synchronous function and options; ValueError
 * (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`)
 * @see [tf.function](https://www.tensorflow.org/api_docs/python/tf/function)
 * @example
 * ```ts
 * import { Adam, compiled, GradientTape, ops, tensor, type Tensor, Variable, zip } from "gradstep";
 *
 * const w = new Variable([0, 0]);
 * const optimizer = new Adam({ learningRate: 0.1 });
 * const step = compiled((x: Tensor, y: Tensor) => {
 *   const tape = new GradientTape();
 *   const loss = tape.run(() => ops.mean(ops.square(ops.subtract(ops.multiply(x, w), y))));
 *   optimizer.applyGradients(zip(tape.gradient(loss, [w]), [w]));
 *   return loss;
 * });
 *
 * const [x, y] = [tensor([1, 2]), tensor([3, 4])];
 * for (let i = 0; i < 100; i++) step(x, y);
 * console.log(step(x, y).item() < 0.1); // true
 * ```
 */
export function compiled<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  options: CompiledOptions = {},
): (...args: A) => R {
  checkCount("compiled", arguments.length, 2);
  checkBody("compiled", fn);
  checkKnownOptions("compiled", options, ["jitCompile"]);
  const jitCompile = checkedJitCompile("compiled", options.jitCompile);
  const calls = new CompiledCalls(fn as (...args: readonly unknown[]) => unknown, jitCompile);
  const call = (...args: A): R => settled("compiled", calls.call(args)) as R;
  all.set(call, calls);
  return call;
}

const all = new WeakMap<object, CompiledCalls>();

/** Number of replayed calls, and the reason if others were not. For tests. @internal */
export function replaysOfCompiled(call: object): { readonly replays: number; readonly reason: string | undefined } {
  return all.get(call) as CompiledCalls;
}

/** One recording. */
interface Recording {
  readonly arena: Arena;
  /** The arena's generation during a replay, in which the recorded tensors are valid. */
  readonly generation: number;
  readonly inputs: readonly Tensor[];
  readonly results: Results;
  readonly calls: RecordedCalls;
  readonly dependencies: Unchanged;
  /** Whether a second recording has made the same calls. */
  isConfirmed: boolean;
  replays: number;
  used: number;
}

/** Thrown when a replay differs, inside of this file. */
const DIFFERS = new Error("The replay differs.");

/** Recordings of one function. */
class CompiledCalls {
  replays = 0;
  reason: string | undefined;
  readonly #fn: (...args: readonly unknown[]) => unknown;
  readonly #jitCompile: boolean | "auto";
  readonly #forms = new KnownForms();
  readonly #recorded = new Map<string, Recording>();
  #isRunning = false;
  #isKnown = false;
  #calls = 0;
  #wasted = 0;

  constructor(fn: (...args: readonly unknown[]) => unknown, jitCompile: boolean | "auto") {
    this.#fn = fn;
    this.#jitCompile = jitCompile;
  }

  call(args: readonly unknown[]): unknown {
    if (this.#jitCompile === false) return this.#fn(...args);
    const form = formOf(args);
    if (form === undefined) {
      this.#noteReason("an argument is neither a tensor nor a number, a text, true, false or null");
      this.#complain();
    }
    // An enclosing tape or recording needs the operations themselves.
    const isPart = isRecording() || isNested() || recorderNow() !== undefined || (currentGroup()?.size ?? 1) > 1;
    if (form === undefined || this.#isRunning || isPart) return this.#fn(...args);
    if (this.#forms.refused.has(form) || this.#wasted >= MOST_WASTED) {
      this.#complain();
      return this.#fn(...args);
    }
    this.#isRunning = true;
    try {
      return this.#known(form, args);
    } finally {
      this.#isRunning = false;
    }
  }

  /** Frees the recordings that are not in use. */
  free(): void {
    if (this.#isRunning) return;
    for (const { arena } of this.#recorded.values()) arena.free();
    this.#recorded.clear();
  }

  #known(form: string, args: readonly unknown[]): unknown {
    const known = this.#recorded.get(form);
    if (known === undefined) {
      if (this.#forms.seen.has(form)) return this.#record(form, args, undefined);
      const result = this.#fn(...args);
      this.#forms.note(form);
      return result;
    }
    if (!known.dependencies.holds) {
      this.#drop(form, known);
      return this.#record(form, args, undefined);
    }
    known.used = ++this.#calls;
    if (!known.isConfirmed || known.replays % CHECKED === CHECKED - 1) return this.#record(form, args, known);
    const replayed = inStep(() => {
      // Before anything changes, because memory may be full.
      const room = known.results.room();
      return isReplayed(known, args) ? { result: known.results.copiedTo(room) } : undefined;
    });
    if (replayed === undefined) return this.#fn(...args);
    known.replays++;
    this.replays++;
    return replayed.result;
  }

  /** Runs and records the function; `before` is a recording of the same form, whose memory is reused. */
  #record(form: string, args: readonly unknown[], before: Recording | undefined): unknown {
    const arena = before?.arena ?? new Arena("scratch");
    if (before !== undefined) this.#recorded.delete(form);
    arena.reset();
    const { generation } = arena;
    const inputs = inputsOf(args, arena);
    const recorder = new LoopRecorder(arena);
    let result: unknown;
    enterArena(arena);
    try {
      result = recorder.run(() => this.#fn(...withInputs(args, inputs)));
    } catch (error) {
      arena.free();
      throw error;
    } finally {
      leaveArena(arena);
    }
    const dependencies = recorder.dependencies();
    const results = Results.of(result, arena);
    if (results === undefined) recorder.decline("it returns something else than its own tensors, numbers and null");
    const { calls } = recorder;
    const room = results === undefined ? undefined : roomFor(results);
    const isSame = before === undefined || (before.calls.isSameAs(calls) && before.results.isSameAs(results));
    if (!isSame) this.#warnOfOther(before);
    const reason = isSame ? recorder.refusal : "it made other calls than before, with arguments of the same form";
    if (reason !== undefined || results === undefined || room === undefined || arena.length > MOST_LENGTH) {
      this.#noteReason(reason ?? "it needs more than 16 MB");
      this.#forms.refused.add(form);
      // The caller may hold its tensors, in the result or elsewhere.
      arena.leave();
      return result;
    }
    const isConfirmed = before !== undefined;
    const replays = before === undefined ? 0 : before.replays + 1;
    const used = ++this.#calls;
    this.#keep(form, { arena, generation, inputs, results, calls, dependencies, isConfirmed, replays, used });
    const copy = results.copiedTo(room);
    // Tensors of the recording that the caller holds are invalid from here on.
    noteMove();
    arena.generation++;
    return copy;
  }

  #warnOfOther({ isConfirmed }: { readonly isConfirmed: boolean }): void {
    if (!isConfirmed) return;
    warnOnce(
      this,
      "compiled: the function makes other calls than when it was recorded, so some of the last calls used old numbers. Pass values that change as arguments. From now on, the function itself runs.",
    );
  }

  #keep(form: string, made: Recording): void {
    if (!this.#isKnown) {
      this.#isKnown = true;
      freedWhenFull(this);
    }
    const all = [...this.#recorded].map(([form, one]) => ({
      arena: one.arena,
      used: one.used,
      isInUse: false,
      drop: () => this.#drop(form, one),
    }));
    makeRoom(made.arena.length, all);
    this.#recorded.set(form, made);
  }

  #drop(form: string, { arena, replays }: Recording): void {
    this.#recorded.delete(form);
    arena.free();
    if (replays < PAYS) this.#wasted++;
  }

  #noteReason(reason: string): void {
    this.reason = reason;
  }

  /** @throws ValueError where recording is required */
  #complain(): void {
    if (this.#jitCompile !== true) return;
    throw new ValueError(
      "ERR_NOT_RECORDABLE",
      `compiled: the function cannot be recorded: ${this.reason ?? "its dependencies change too often"}. Pass { jitCompile: "auto" }, which then runs the function itself.`,
    );
  }
}

/** Runs `body` in the running step, or in a separate one. */
function inStep<T>(body: () => T): T {
  return currentArena() === undefined ? tidy(body) : body();
}

/** Room for a result; `undefined` if memory is full, because the function has already run. */
function roomFor(results: Results): Tensor[] | undefined {
  try {
    return inStep(() => results.room());
  } catch (error) {
    if (error instanceof OutOfMemoryError) return undefined;
    throw error;
  }
}

/** False if a kernel returned another result than in the recording: then nothing has changed. */
function isReplayed(recording: Recording, args: readonly unknown[]): boolean {
  const { arena, generation, inputs, calls } = recording;
  // Its tensors are valid during the replay: recorded optimizers read gradients.
  arena.generation = generation;
  try {
    return refusable(() => {
      copyInto(inputs, args);
      if (!calls.again()) throw DIFFERS;
      return true;
    });
  } catch (error) {
    if (error === DIFFERS) return false;
    throw error;
  } finally {
    arena.generation = generation + 1;
  }
}
