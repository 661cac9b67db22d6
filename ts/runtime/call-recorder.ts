/**
 * Recording of a step's calls of the WebAssembly module, for replaying them.
 *
 * While shapes and options stay the same, every step makes the same calls with the same numbers. While a recorder is
 * active, `wasm()` returns exports that record the calls.
 *
 * Anything that may differ between steps refuses the recording: calls of exports other than the kernels listed here,
 * memory that does not belong to the recording, and JavaScript that accesses memory outside of `repeated`.
 *
 * @module
 */

import type { Arena } from "./arena.js";
import type { InitOutput } from "./generated/gradstep.js";
import { fault } from "./memory.js";
import { divert, wasm } from "./module.js";
import { DRAWS, KERNELS, type Name, WORDS } from "./recorded-kernels.js";
import { recordWith, type StepRecorder } from "./recording.js";

type Kernel = (...args: number[]) => number | undefined;
type Draw = () => readonly number[];

/** Exports that a replay skips: its memory is already allocated. */
const LEFT_OUT: ReadonlySet<string> = new Set<Name>(["alloc", "free", "bytes_in_use", "fault_bytes", "fault_code"]);

/** One entry: a call of a kernel, or JavaScript code. */
interface Entry {
  readonly kernel: Kernel;
  readonly args: number[];
  /** The result of the kernel: a different result ends a replay. */
  readonly result: number | undefined;
  readonly draw: Draw | undefined;
  /** Position of its words. */
  readonly at: number;
  readonly work: (() => void) | undefined;
  /** The optimizer that runs it. */
  readonly owner?: object | undefined;
  /** Set if something was changed before that cannot be undone. */
  readonly isLate: boolean;
}

let active: CallRecorder | undefined;

/** Records the calls of one step. */
export class CallRecorder implements StepRecorder {
  readonly isOwn: boolean = false;
  readonly #entries: Entry[] = [];
  readonly #arena: Arena;
  #refusal: string | undefined;
  #draw: Draw | undefined;
  #allocated: number;
  /** Whether the rest cannot restart as a normal step. */
  protected isLate = false;

  /**
   * Records the calls of one step.
   *
   * @param arena - The recording's memory, which already contains the batch.
   */
  constructor(arena: Arena) {
    this.#arena = arena;
    this.#allocated = arena.pieces;
  }

  /** Why the step cannot be replayed. */
  get refusal(): string | undefined {
    if (this.#refusal !== undefined) return this.#refusal;
    if (this.#draw !== undefined) return "it draws random numbers in JavaScript";
    return this.#allocated === this.#arena.pieces ? undefined : "it uses memory beside the step's";
  }

  /** The recorded calls. */
  get calls(): RecordedCalls {
    return new RecordedCalls(this.#entries);
  }

  /** Records `body`. */
  run<T>(body: () => T): T {
    this.#begin();
    try {
      return body();
    } finally {
      end();
    }
  }

  /** Runs `body` without recording it; it is not part of the step. */
  paused<T>(body: () => T): T {
    end();
    try {
      return body();
    } finally {
      this.#begin();
    }
  }

  repeat(work: () => void, reads: readonly number[] = [], owner?: object): void {
    this.paused(work);
    const { isLate } = this;
    const args = [...reads];
    this.#entries.push({ kernel: nothing, args, result: undefined, draw: undefined, at: 0, work, owner, isLate });
  }

  uses(_part: object): void {}

  update(_optimizer: object, _given: object, _mode: object): boolean {
    return false;
  }

  /** Checks and records a call that was made. */
  protected noticed(_name: string, _args: readonly number[], _result: number | undefined): void {}

  drew(draw: Draw): void {
    if (this.#draw !== undefined) this.decline("it draws random numbers in JavaScript");
    this.#draw = draw;
  }

  /** The step cannot be replayed. */
  decline(reason: string): void {
    this.#refusal ??= reason;
  }

  /** Records a call. */
  note(name: string, kernel: Kernel, args: number[], result: number | undefined): void {
    if (LEFT_OUT.has(name)) {
      if (name === "alloc" && result !== 0) this.#allocated++;
      return;
    }
    const draw = this.#draw;
    const at = DRAWS.get(name);
    this.#draw = undefined;
    if (!KERNELS.has(name) || (draw !== undefined && at === undefined)) this.decline(`it calls ${name}`);
    this.noticed(name, args, result);
    this.#entries.push({ kernel, args, result, draw, at: at ?? 0, work: undefined, isLate: this.isLate });
  }

  #begin(): void {
    active = this;
    recordWith(this);
    divert(recordingExports());
  }
}

function end(): void {
  active = undefined;
  recordWith(undefined);
  divert(undefined);
}

function nothing(): undefined {}

/** Exports that report each call to the active recorder; created once for the module. */
let wrapped: { readonly own: InitOutput; readonly exports: InitOutput } | undefined;

function recordingExports(): InitOutput {
  const own = wasm();
  if (wrapped?.own === own) return wrapped.exports;
  const exports: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(own)) {
    if (typeof value !== "function") continue;
    exports[name] = (...args: number[]) => {
      const result = (value as Kernel)(...args);
      active?.note(name, value as Kernel, args, result);
      return result;
    };
  }
  Object.defineProperty(exports, "memory", {
    get: () => {
      active?.decline("JavaScript reads or writes its numbers");
      return own.memory;
    },
  });
  wrapped = { own, exports: exports as unknown as InitOutput };
  return wrapped.exports;
}

/** Calls that can be replayed. */
export class RecordedCalls {
  readonly #kernels: readonly Kernel[];
  readonly #args: readonly number[][];
  /** Entries other than calls without a result. */
  readonly #special: readonly (Entry | undefined)[];
  readonly #entries: readonly Entry[];

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
    this.#kernels = entries.map(({ kernel }) => kernel);
    this.#args = entries.map(({ args }) => args);
    this.#special = entries.map((entry) =>
      entry.draw === undefined && entry.work === undefined && entry.result === undefined ? undefined : entry,
    );
  }

  /** Number of calls. */
  get length(): number {
    return this.#kernels.length;
  }

  /**
   * Replays the calls.
   *
   * @returns Whether each call returned the recorded result; otherwise the replay stops there.
   * @throws what the recorded work of JavaScript throws; OutOfMemoryError for a kernel after an update
   */
  again(): boolean {
    const kernels = this.#kernels;
    const lists = this.#args;
    const special = this.#special;
    for (let i = 0; i < kernels.length; i++) {
      const entry = special[i];
      if (entry === undefined) call(kernels[i]!, lists[i]!);
      else if (!isAsRecorded(entry)) {
        if (entry.isLate) throw fault();
        return false;
      }
    }
    return true;
  }

  /** Whether these are the same calls, apart from the words of draws. */
  isSameAs(other: RecordedCalls): boolean {
    const [entries, others] = [this.#entries, other.#entries];
    return entries.length === others.length && entries.every((entry, i) => isSame(entry, others[i]!));
  }
}

function isSame(a: Entry, b: Entry): boolean {
  if (a.kernel !== b.kernel || a.owner !== b.owner || a.result !== b.result || a.args.length !== b.args.length)
    return false;
  if ((a.work === undefined) !== (b.work === undefined) || (a.draw === undefined) !== (b.draw === undefined))
    return false;
  const isWord = (i: number) => a.draw !== undefined && i >= a.at && i < a.at + WORDS;
  return a.args.every((arg, i) => Object.is(arg, b.args[i]) || isWord(i));
}

function isAsRecorded({ kernel, args, result, draw, at, work }: Entry): boolean {
  if (work !== undefined) {
    work();
    return true;
  }
  if (draw !== undefined) {
    const words = draw();
    for (let i = 0; i < words.length; i++) args[at + i] = words[i]!;
  }
  return call(kernel, args) === result;
}

/** A call, by its number of arguments: engines are slow at spreading. */
function call(kernel: Kernel, a: readonly number[]): number | undefined {
  switch (a.length) {
    case 3:
      return kernel(a[0]!, a[1]!, a[2]!);
    case 4:
      return kernel(a[0]!, a[1]!, a[2]!, a[3]!);
    case 5:
      return kernel(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!);
    case 6:
      return kernel(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!);
    case 7:
      return kernel(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!);
    case 8:
      return kernel(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!);
    case 9:
      return kernel(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!);
    case 10:
      return kernel(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!);
    default:
      return kernel(...a);
  }
}
