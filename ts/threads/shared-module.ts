/**
 * The module of gradstep/threads: the same kernels on shared memory.
 *
 * @module
 */

import { ModuleError } from "../errors.js";
import type { WasmMemory, WasmModule } from "../platform-types.js";
import { now } from "../runtime/clock.js";
import type { InitOutput } from "../runtime/generated/gradstep.js";
import { adopt, hasStarted, stopped } from "../runtime/module.js";

/** Exports for the pool, and those that all modules have. */
export interface SharedExports extends InitOutput {
  /**
   * How long threads spin before they sleep, in iterations; whether this thread may sleep; milliseconds until a thread
   * counts as lost; minimum size of a job for a second thread; milliseconds of a wait after which helpers may have no core.
   */
  threads_begin(
    helperTurns: number,
    callerTurns: number,
    maySleep: number,
    patience: number,
    least: number,
    late: number,
  ): void;
  /** Helpers 1 to `count` take part; the others end. */
  threads_resize(count: number): void;
  /** Number of running helpers. */
  threads_alive(): number;
  /** Number of helpers that sleep. */
  threads_asleep(): number;
  /** Number of jobs that this thread ran alone because helpers got no core. */
  threads_alone(): number;
  /** A ticket for the thread that becomes helper `id`. */
  threads_expect(id: number): number;
  /** Tells the module that the thread with this ticket was terminated, or is not waited for. */
  threads_gone(id: number, ticket: number): void;
  __wbindgen_start(): void;
}

/** An instance with its memory, on which helpers create theirs. */
export interface SharedInstance {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly exports: SharedExports;
}

/** Minimum initial size of the memory, in pages. */
const PAGES = 32;
/** 4 GB; some systems reserve only less. */
const MOST_PAGES = 65_536;

/** Makes `compiled` the module of this program. @throws ModuleError if there is another */
export function beginShared(compiled: () => WasmModule): SharedInstance {
  refuseIfStarted();
  const module = compiled() as WebAssembly.Module;
  const memory = sharedMemory();
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = kind === "memory" ? memory : name.includes("_now_") ? now : lost;
  }
  const exports = new WebAssembly.Instance(module, imports).exports as unknown as SharedExports;
  exports.__wbindgen_start();
  // The generated glue reads the memory from there.
  const instance = { ...exports, memory } as SharedExports;
  adopt(instance);
  return { module, memory, exports: instance };
}

/** @throws ModuleError (`ERR_MODULE_CONFLICT`) after the first tensor */
function refuseIfStarted(): void {
  if (!hasStarted()) return;
  throw new ModuleError(
    "ERR_MODULE_CONFLICT",
    "setThreads: gradstep runs on one thread already, and its memory cannot become shared. Call await setThreads(n) first, before the first tensor, variable or model.",
  );
}

function sharedMemory(): WebAssembly.Memory {
  for (let maximum = MOST_PAGES; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: PAGES, maximum, shared: true });
    } catch (error) {
      if (maximum <= 4096) throw error;
    }
  }
}

function lost(): never {
  return stopped(
    new ModuleError(
      "ERR_THREAD_LOST",
      "A helper thread has not answered for a minute: it was terminated during a step, or the machine hangs. The results of that step are incomplete. Reload the page or start a new process, and continue from saved weights.",
    ),
  );
}
