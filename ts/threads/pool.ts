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

/** A helper. It has failed when its thread is gone. */
interface Running {
  thread: Helper;
  phase: "starting" | "running" | "failed";
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
    const before = this.#running.length;
    exports.threads_resize(before);
    this.#failure = undefined;
    try {
      this.#running.forEach((state, i) => {
        if (state.phase === "failed") this.#start(i + 1);
      });
      await this.#until(before);
      for (const { thread } of leaving) thread.terminate();
      exports.threads_resize(helpers);
      for (let id = before + 1; id <= helpers; id++) this.#start(id);
      await this.#until(helpers);
    } catch (cause) {
      // Those that start after all see that they are too many, and end.
      this.#running.splice(before);
      exports.threads_resize(before);
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
    const state = { phase: "starting" } as Running;
    state.thread = startHelper({ module, memory, stack: stack + STACK, id }, (error = new Error("it ended")) => {
      const { phase } = state;
      state.phase = "failed";
      if (phase === "failed" || this.#running[id - 1] !== state) return;
      if (phase === "starting") {
        this.#failure = error;
        return;
      }
      // Nothing is lost with a helper between two jobs: another takes its place.
      exports.threads_gone();
      try {
        this.#start(id);
        void this.#settled(this.#running[id - 1] as Running);
      } catch {
        // The next call of setThreads tries again. Till then there is one helper less.
      }
    });
    this.#running[id - 1] = state;
  }

  /** Waits until a helper that replaces another runs. */
  async #settled(state: Running): Promise<void> {
    while (state.phase === "starting" && this.#shared.exports.threads_alive() !== this.#running.length) await turn();
    if (state.phase === "starting") state.phase = "running";
  }

  /** Waits until so many helpers run. Their threads answer by shared memory, since they do not return to their event loop. */
  async #until(count: number): Promise<void> {
    while (this.#shared.exports.threads_alive() !== count) {
      if (this.#failure !== undefined) throw this.#failure;
      await turn();
    }
  }
}

const turn = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 1));

/** Whether this thread may sleep: a page's main thread may not. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
