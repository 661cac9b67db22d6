/**
 * Recording of the calls that a step makes of the WebAssembly module, to make them again.
 *
 * Forward and backward pass of a step make the same calls with the same numbers in every step, as long as shapes and
 * options are the same. While a recorder is active, `wasm()` returns exports that take the calls down.
 *
 * What is not known to be the same in each step refuses the recording: calls of other exports than the kernels listed
 * here, memory that is not the recording's own, and JavaScript that looks at memory outside of `repeated`.
 *
 * @module
 */

import type { Arena } from "./arena.js";
import type { InitOutput } from "./generated/gradstep.js";
import { divert, wasm } from "./module.js";
import { recordWith, type StepRecorder } from "./recording.js";

type Name = Exclude<keyof InitOutput, "memory">;
type Kernel = (...args: number[]) => number | undefined;
type Draw = () => readonly number[];

/** Kernels: their results depend only on their arguments and on the memory that these name, which is the caller's. */
const KERNELS: ReadonlySet<string> = new Set<Name>([
  "add_bias",
  "add_rows",
  "add_values",
  "arg_extreme",
  "batch_input_gradient",
  "batch_normalize",
  "batch_statistics",
  "batch_sums",
  "binary",
  "binary_cross_entropy",
  "binary_cross_entropy_backward",
  "categorical_cross_entropy",
  "categorical_cross_entropy_backward",
  "choose",
  "column_sums",
  "convolution",
  "copy_strided",
  "copy_values",
  "extreme_backward",
  "fill_values",
  "first_out_of_range",
  "layer_input_gradient",
  "layer_normalize",
  "layer_sums",
  "masked_values",
  "matmul_batched",
  "pool",
  "product_backward",
  "random_fill",
  "random_integers",
  "random_permutation",
  "reduce",
  "relu_gate",
  "softmax",
  "softmax_backward",
  "take_rows",
  "unary",
  "unary_backward",
]);

/** Position of the four words of a draw among the arguments. */
const DRAWS: ReadonlyMap<string, number> = new Map<Name, number>([
  ["random_fill", 1],
  ["random_integers", 0],
  ["random_permutation", 0],
]);

/** Exports that a replay leaves out: its memory is there. */
const LEFT_OUT: ReadonlySet<string> = new Set<Name>(["alloc", "free", "bytes_in_use", "fault_bytes", "fault_code"]);

/** One entry: a call of a kernel, or work of JavaScript. */
interface Entry {
  readonly kernel: Kernel;
  readonly args: number[];
  /** The result of the kernel: another one ends a replay. */
  readonly result: number | undefined;
  readonly draw: Draw | undefined;
  /** Position of its words. */
  readonly at: number;
  readonly work: (() => void) | undefined;
}

let active: CallRecorder | undefined;

/** Takes down the calls of one step. */
export class CallRecorder implements StepRecorder {
  readonly #entries: Entry[] = [];
  readonly #arena: Arena;
  #refusal: string | undefined;
  #draw: Draw | undefined;
  #allocated: number;

  /**
   * Takes down the calls of one step.
   *
   * @param arena - The recording's memory, which has the batch already.
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

  /** The calls taken down. */
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

  /** Runs `body` unrecorded; it is no part of the step. */
  paused<T>(body: () => T): T {
    end();
    try {
      return body();
    } finally {
      this.#begin();
    }
  }

  repeat(work: () => void): void {
    this.paused(work);
    this.#entries.push({ kernel: nothing, args: [], result: undefined, draw: undefined, at: 0, work });
  }

  drew(draw: Draw): void {
    if (this.#draw !== undefined) this.decline("it draws random numbers in JavaScript");
    this.#draw = draw;
  }

  /** The step cannot be replayed. */
  decline(reason: string): void {
    this.#refusal ??= reason;
  }

  /** Takes down a call. */
  note(name: string, kernel: Kernel, args: number[], result: number | undefined): void {
    if (LEFT_OUT.has(name)) {
      if (name === "alloc" && result !== 0) this.#allocated++;
      return;
    }
    const draw = this.#draw;
    const at = DRAWS.get(name);
    this.#draw = undefined;
    if (!KERNELS.has(name) || (draw !== undefined && at === undefined)) this.decline(`it calls ${name}`);
    this.#entries.push({ kernel, args, result, draw, at: at ?? 0, work: undefined });
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

/** Exports that tell the active recorder of each call, made once for the module. */
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

/** Calls, to be made again. */
export class RecordedCalls {
  readonly #kernels: readonly Kernel[];
  readonly #args: readonly number[][];
  /** Entries that are more than a call without a result. */
  readonly #special: readonly (Entry | undefined)[];

  constructor(entries: readonly Entry[]) {
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
   * Makes the calls.
   *
   * @returns Whether each returned what it returned when it was recorded; the rest was not called otherwise.
   * @throws what the recorded work of JavaScript throws
   */
  again(): boolean {
    const kernels = this.#kernels;
    const lists = this.#args;
    const special = this.#special;
    for (let i = 0; i < kernels.length; i++) {
      const entry = special[i];
      if (entry === undefined) call(kernels[i]!, lists[i]!);
      else if (!isAsRecorded(entry)) return false;
    }
    return true;
  }
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

/** A call by its number of arguments: without a spread, which engines do slowly. */
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
