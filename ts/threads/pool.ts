/**
 * Helpers of this thread: each has an instance of the module on the same memory.
 *
 * @module
 */

import { startHelper } from "#thread-host";
import { ModuleError } from "../errors.js";
import { fault } from "../runtime/memory.js";
import type { Helper } from "./hosts/helper.js";
import type { SharedInstance } from "./shared-module.js";

/** Bytes of a helper's stack. Kernels have little on it. */
const STACK = 1 << 17;
/** 1 to 2 ms, and some 40 microseconds. */
const TURNS = { helper: 1_000_000, caller: 30_000 };
/** A chunk takes milliseconds; only a dead thread is silent for so long. */
const PATIENCE = 60_000;

/** A running helper. `ended` is set once its thread is gone. */
interface Running {
  readonly thread: Helper;
  ended: boolean;
}

/** The helpers of this program. */
export class Pool {
  readonly #shared: SharedInstance;
  /** Helpers by number, from 1. */
  readonly #running: Running[] = [];
  /** Lower ends of their stacks, which stay for those that come after them. */
  readonly #stacks: number[] = [];
  #failure: unknown;

  /** Helpers for this instance; none at first. */
  constructor(shared: SharedInstance) {
    this.#shared = shared;
    shared.exports.threads_begin(TURNS.helper, TURNS.caller, Number(mayWait()), PATIENCE);
  }

  /** Threads that take part in a job: helpers, and this one. */
  get threads(): number {
    return this.#running.length + 1;
  }

  /** Starts or ends helpers, and returns when all of them have. @throws ModuleError where a thread cannot be started */
  async resize(helpers: number): Promise<void> {
    const { exports } = this.#shared;
    const leaving = this.#running.splice(helpers);
    exports.threads_resize(Math.min(helpers, this.#running.length));
    await this.#until(this.#running.length);
    for (const { thread } of leaving) thread.terminate();
    if (this.#running.length === helpers) return;
    const before = this.#running.length;
    exports.threads_resize(helpers);
    this.#failure = undefined;
    try {
      for (let id = before + 1; id <= helpers; id++) this.#start(id);
      await this.#until(helpers);
    } catch (cause) {
      for (const { thread } of this.#running.splice(before)) thread.terminate();
      exports.threads_resize(before);
      throw new ModuleError(
        "ERR_MODULE_UNSUPPORTED",
        `setThreads: a helper thread did not start (${(cause as Error)?.message ?? cause}). A page's worker-src needs blob:. Without setThreads gradstep uses one thread.`,
        { cause },
      );
    }
  }

  #start(id: number): void {
    const { exports, module, memory } = this.#shared;
    const stack = this.#stacks[id] ?? exports.alloc(STACK / 4) >>> 0;
    if (stack === 0) throw fault();
    this.#stacks[id] = stack;
    const state = { ended: false } as { thread: Helper; ended: boolean };
    state.thread = startHelper({ module, memory, stack: stack + STACK, id }, (error) => {
      if (state.ended) return;
      state.ended = true;
      if (this.#running[id - 1] !== state) return;
      // Nothing is lost with a helper between two jobs: another takes its place.
      this.#failure ??= error ?? new Error("it ended");
      exports.threads_gone();
      this.#start(id);
    });
    this.#running[id - 1] = state;
  }

  /** Waits until so many helpers run. Their threads answer by shared memory, since they do not return to their event loop. */
  async #until(count: number): Promise<void> {
    while (this.#shared.exports.threads_alive() !== count) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

/** Whether this thread may sleep: a page's main thread may not. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
