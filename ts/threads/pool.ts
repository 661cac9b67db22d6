/**
 * Helpers of this thread: each runs an instance of the module on the same memory.
 *
 * @module
 */

import { startHelper } from "#thread-host";
import { ModuleError } from "../errors.js";
import { later, nextTurn, now } from "../runtime/clock.js";
import { fault } from "../runtime/memory.js";
import { broken } from "../runtime/module.js";
import type { Helper } from "./hosts/helper.js";
import type { SharedInstance } from "./shared-module.js";

/** Bytes of a helper's stack. Kernels use little of it. */
const STACK = 1 << 17;
/** 1 to 2 ms, and some 40 microseconds. */
const TURNS = { helper: 1_000_000, caller: 30_000 };

/** Settings that only tests change. */
export interface PoolSettings {
  /** Milliseconds. A chunk takes a few; only a dead thread is silent for a minute. */
  readonly patience: number;
  /** Minimum size of a job for a second thread: dispatching costs as much as a few thousand numbers. */
  readonly least: number;
  /**
   * Milliseconds that a job waits for its helpers until it seems that they get no core. If that proves right, the next
   * jobs have one thread. Infinity: all jobs are shared; 0: the first wait leads to a comparison.
   */
  readonly late: number;
  /** Address for the stacks of new helpers, instead of allocated memory. */
  readonly stackTop?: number;
}

/** A helper. It has failed if its thread has ended. */
interface Running {
  readonly id: number;
  /** The ticket that admits its thread. */
  readonly ticket: number;
  thread: Helper;
  phase: "starting" | "running" | "failed";
}

/** The helpers of this program. */
export class Pool {
  readonly #shared: SharedInstance;
  #settings: PoolSettings;
  /** Helpers by number, from 1. */
  readonly #running: Running[] = [];
  /** Lower ends of their stacks, which later helpers reuse. */
  readonly #stacks: number[] = [];
  #failure: unknown;

  /** Helpers of this instance; initially none. */
  constructor(shared: SharedInstance, settings: PoolSettings) {
    this.#shared = shared;
    this.#settings = settings;
    this.configure(settings);
  }

  /** Threads that take part in a job: the helpers and this thread. */
  get threads(): number {
    return this.#running.length + 1;
  }

  /** Helpers that sleep, and jobs that this thread ran alone because helpers got no core. */
  get counts(): { readonly asleep: number; readonly alone: number } {
    const { exports } = this.#shared;
    return { asleep: exports.threads_asleep(), alone: exports.threads_alone() >>> 0 };
  }

  /** Never during a job. */
  configure(settings: PoolSettings): void {
    this.#settings = settings;
    const { patience, least, late } = settings;
    this.#shared.exports.threads_begin(TURNS.helper, TURNS.caller, Number(mayWait()), patience, least, late);
  }

  /**
   * Starts or ends helpers, and returns when all have started or ended. @throws ModuleError if a thread cannot be
   * started
   */
  async resize(helpers: number): Promise<void> {
    const { exports } = this.#shared;
    const leaving = this.#running.splice(helpers);
    const before = this.#running.length;
    exports.threads_resize(before);
    this.#failure = undefined;
    try {
      for (const { id, phase } of [...this.#running]) if (phase === "failed") this.#start(id);
      // A helper between two jobs sees immediately that it must end. A helper that does not was lost in a job.
      const end = now() + (broken === undefined ? this.#settings.patience : 0);
      await this.#until(before, () => now() > end);
      await Promise.all(leaving.map((state) => this.#end(state)));
      await this.#until(before);
      exports.threads_resize(helpers);
      for (let id = before + 1; id <= helpers; id++) this.#start(id);
      await this.#until(helpers);
    } catch (cause) {
      exports.threads_resize(before);
      await Promise.all(this.#running.splice(before).map((state) => this.#end(state)));
      throw new ModuleError(
        "ERR_MODULE_UNSUPPORTED",
        `setThreads: a helper thread did not start (${(cause as Error)?.message ?? cause}). A page's worker-src needs blob:. Without setThreads gradstep uses one thread.`,
        { cause },
      );
    }
    for (const state of this.#running) state.phase = "running";
  }

  #start(id: number): void {
    const { exports, module, memory } = this.#shared;
    const stack = this.#stacks[id] ?? exports.alloc(STACK / 4) >>> 0;
    if (stack === 0) throw fault();
    this.#stacks[id] = stack;
    const ticket = exports.threads_expect(id) >>> 0;
    const state = { id, ticket, phase: "starting" } as Running;
    state.thread = startHelper(
      { module, memory, stack: this.#settings.stackTop ?? stack + STACK, id, ticket },
      (error) => {
        this.#ended(state, error);
      },
    );
    this.#running[id - 1] = state;
  }

  /** Called when the thread of a helper has ended. */
  #ended(state: Running, error: unknown = new Error("it ended")): void {
    const { id, ticket, phase } = state;
    this.#shared.exports.threads_gone(id, ticket);
    state.phase = "failed";
    if (phase === "failed" || this.#running[id - 1] !== state) return;
    if (phase === "starting") {
      this.#failure = error;
      return;
    }
    // Between two jobs nothing is lost with a helper: another replaces it.
    void state.thread.terminate();
    try {
      this.#start(id);
      void this.#settled(this.#running[id - 1]!);
    } catch {
      // The next call of setThreads tries again. Until then there is one helper fewer.
    }
  }

  /** Ends a helper that has no job, or was lost in one. */
  async #end(state: Running): Promise<void> {
    const { id, ticket, phase, thread } = state;
    state.phase = "failed";
    this.#shared.exports.threads_gone(id, ticket);
    // A thread that starts too late is rejected, but until then it owns the stack.
    if (phase === "starting") delete this.#stacks[id];
    await thread.terminate();
  }

  /** Waits until the replacement of a helper runs. */
  async #settled(state: Running): Promise<void> {
    while (state.phase === "starting" && this.#shared.exports.threads_alive() !== this.#running.length) await turn();
    if (state.phase === "starting") state.phase = "running";
  }

  /**
   * Waits until this many helpers run, or `isLate`. Their threads answer through shared memory, because they do not
   * return to their event loop.
   */
  async #until(count: number, isLate: () => boolean = () => false): Promise<void> {
    while (this.#shared.exports.threads_alive() !== count && !isLate()) {
      if (this.#failure !== undefined) throw this.#failure;
      await turn();
    }
  }
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    later(1, resolve, () => void nextTurn().then(resolve));
  });

/** Whether this thread may sleep: a page's main thread may not. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
