/**
 * The module with allocations that fail on request: the scalar test build, which has an allocator for it
 * (`crates/wasm/src/failing.rs`). A test that imports this gives its copy of the library that module.
 */

import { expect } from "vitest";
import scalarModule from "../../pkg-scalar/gradstep_bg.wasm?url&inline";
import { takeArena } from "../../ts/runtime/arena-pool.js";
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
  /** The call: what it gives, as numbers or text. */
  run(state: State): unknown;
  /** All that it may change. */
  look(state: State): unknown;
  dispose?(state: State): void;
}

/** Until arenas are new: those that lie idle have room already, and nothing would fail. */
function withoutIdleArenas(): void {
  for (const use of ["step", "gradients", "scratch"] as const) while (takeArena(use).length > 0);
}

async function attempt<State>(
  { run }: Trial<State>,
  state: State,
  n: number,
  staysFull: boolean,
): Promise<{ error?: unknown; result?: unknown }> {
  withoutIdleArenas();
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
    for (let n = 1; ; n++) {
      const state = trial.make();
      reached = true;
      const { error, result } = await attempt(trial, state, n, staysFull);
      if (!reached) {
        expect(error, `${what}: nothing failed`).toBeUndefined();
        trial.dispose?.(state);
        if (!staysFull) return n - 1;
        break;
      }
      const at = `${what}, allocation ${n}${staysFull ? " and all later ones" : ""}`;
      // Where a smaller piece of memory does as well, the call succeeds.
      if (error === undefined && !staysFull) {
        expect(JSON.stringify([result, await trial.look(state)]), at).toBe(expected);
        trial.dispose?.(state);
        continue;
      }
      if (!(error instanceof OutOfMemoryError)) throw new Error(`${at}: got ${String(error)}`, { cause: error });
      expect(error.code, at).toBe("ERR_OUT_OF_MEMORY");
      expect(JSON.stringify(await trial.look(state)), `${at}: it changed something`).toBe(before);
      const again = JSON.stringify([await trial.run(state), await trial.look(state)]);
      expect(again, `${at}: another result afterwards`).toBe(expected);
      trial.dispose?.(state);
    }
  }
  throw new Error("unreachable");
}
