/** Timeouts of a program that was suspended: only its running time counts. */

import { afterEach, expect, it, vi } from "vitest";
import { afterWaiting } from "../../ts/runtime/clock.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Timers that end when the test says so. */
function timers() {
  const pending = new Map<number, { callback: () => void; milliseconds: number }>();
  let last = 0;
  vi.stubGlobal("setTimeout", (callback: () => void, milliseconds: number) => {
    pending.set(++last, { callback, milliseconds });
    return last;
  });
  vi.stubGlobal("clearTimeout", (id: number) => pending.delete(id));
  return {
    pending,
    /** Ends the timers, however long that took by the clock, and returns their lengths. */
    end() {
      const due = [...pending.values()];
      pending.clear();
      for (const { callback } of due) callback();
      return due.map(({ milliseconds }) => milliseconds);
    },
  };
}

it("one late timer is one second of waiting", () => {
  const host = timers();
  let calls = 0;
  afterWaiting(2500, () => calls++);
  expect([host.end(), calls, host.end(), calls, host.end(), calls]).toEqual([[1000], 0, [1000], 0, [500], 1]);
  expect(host.pending.size).toBe(0);
});

it("it can be canceled before its first timer, and after", () => {
  const host = timers();
  const never = () => expect.fail("it was canceled");
  afterWaiting(2500, never)();
  expect(host.pending.size).toBe(0);
  const cancel = afterWaiting(2500, never);
  host.end();
  cancel();
  expect(host.end()).toEqual([]);
});
