/**
 * The module with allocations that fail on request: the scalar test build, which has an allocator for it
 * (`crates/wasm/src/failing.rs`). A test that imports this uses that module in its copy of the library.
 */

import { expect } from "vitest";
import scalarModule from "../../pkg-scalar/gradstep_bg.wasm?url&inline";
import { takeArena } from "../../ts/runtime/arena-pool.js";
import { leaveAll, settle } from "../../ts/runtime/loose.js";
import { wasm } from "../../ts/runtime/module.js";
import { initSync, OutOfMemoryError } from "../../ts/slim.js";
import { bytesOf } from "./bytes.js";

initSync({ bytes: bytesOf(scalarModule.slice(scalarModule.indexOf(",") + 1)) });

interface Allocator {
  fail_allocation(n: number, staysFull: number): void;
  allocations_left(): number;
}

const allocator = (): Allocator => wasm() as unknown as Allocator;

/** A call to be tried with each of its allocations failing. */
export interface Trial<State> {
  /** Everything that the call needs: equal at each call. */
  make(): State;
  /** The call: its result, as numbers or text. */
  run(state: State): unknown;
  /** All that it may change. */
  look(state: State): unknown;
  dispose?(state: State): void;
}

/** Until arenas are new, and values outside: there is no room already, and nothing to free when memory is full. */
function withoutSpareMemory(): void {
  settle();
  leaveAll();
  for (const use of ["step", "gradients", "scratch"] as const) while (takeArena(use).length > 0);
}

async function attempt<State>(
  { run }: Trial<State>,
  state: State,
  n: number,
  staysFull: boolean,
): Promise<{ error?: unknown; result?: unknown }> {
  withoutSpareMemory();
  allocator().fail_allocation(n, staysFull ? 1 : 0);
  try {
    return { result: await run(state) };
  } catch (error) {
    return { error };
  } finally {
    if (n > 0 && allocator().allocations_left() > 0) reached = false;
    allocator().fail_allocation(0, 0);
  }
}

/** A call while each allocation fails, which frees all that can be spared. */
export function whileFull(call: () => unknown): void {
  allocator().fail_allocation(1, 1);
  try {
    expect(call).toThrow(OutOfMemoryError);
  } finally {
    allocator().fail_allocation(0, 0);
  }
}

let reached = true;

/**
 * Makes the first, the second, ... allocation of a call fail, alone or with all later ones, until one is not reached.
 * Each failure is an OutOfMemoryError that changed nothing, and the same call then does what it does untroubled.
 *
 * @returns how many allocations failed
 */
export async function failEach<State>(what: string, trial: Trial<State>): Promise<number> {
  const untroubled = trial.make();
  const before = JSON.stringify(await trial.look(untroubled));
  const expected = JSON.stringify([await trial.run(untroubled), await trial.look(untroubled)]);
  trial.dispose?.(untroubled);
  for (const staysFull of [true, false]) {
    let refused = 0;
    for (let n = 1; ; n++) {
      const state = trial.make();
      reached = true;
      const { error, result } = await attempt(trial, state, n, staysFull);
      if (!reached) {
        expect(error, `${what}: nothing failed`).toBeUndefined();
        trial.dispose?.(state);
        if (!staysFull) return n - 1;
        if (n > 1) expect(refused, `${what}: full memory was not refused`).toBeGreaterThan(0);
        break;
      }
      const at = `${what}, allocation ${n}${staysFull ? " and all later ones" : ""}`;
      // If a smaller piece of memory suffices, or a value can move out, the call succeeds.
      if (error === undefined) {
        expect(JSON.stringify([result, await trial.look(state)]), at).toBe(expected);
        trial.dispose?.(state);
        continue;
      }
      if (!(error instanceof OutOfMemoryError)) throw new Error(`${at}: got ${String(error)}`, { cause: error });
      refused++;
      expect(error.code, at).toBe("ERR_OUT_OF_MEMORY");
      expect(JSON.stringify(await trial.look(state)), `${at}: it changed something`).toBe(before);
      const again = JSON.stringify([await trial.run(state), await trial.look(state)]);
      expect(again, `${at}: another result afterwards`).toBe(expected);
      trial.dispose?.(state);
    }
  }
  throw new Error("unreachable");
}
