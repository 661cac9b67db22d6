/**
 * Time, and turns of the event loop, with whatever functions the environment has: jsdom, edge runtimes and bare engines
 * lack some. They are looked up at each use, because tests may replace them.
 *
 * @module
 */

/** Each may be missing. */
interface Environment {
  readonly performance?: { now?(): number };
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel?: typeof MessageChannel;
  readonly setTimeout?: (callback: () => void, milliseconds: number) => unknown;
  readonly clearTimeout?: (timer: unknown) => void;
}

const environment = globalThis as unknown as Environment;

/** Milliseconds since an arbitrary moment. */
export function now(): number {
  const { performance } = environment;
  return typeof performance?.now === "function" ? performance.now() : Date.now();
}

/**
 * One turn of the event loop. `setTimeout(0)` is the last choice, because browsers extend it to four milliseconds.
 * `scheduler.yield()` is not used: it continues before timers and messages of the page are handled.
 */
export function nextTurn(): Promise<void> {
  const { setImmediate, MessageChannel, setTimeout } = environment;
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(() => resolve());
    else if (typeof MessageChannel === "function") {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    } else if (typeof setTimeout === "function") setTimeout(() => resolve(), 0);
    else resolve();
  });
}

/**
 * Calls back after this many milliseconds; without timers, `otherwise` is called immediately.
 *
 * @returns a function that cancels it
 */
export function later(milliseconds: number, callback: () => void, otherwise: () => void = () => {}): () => void {
  const { setTimeout, clearTimeout } = environment;
  if (typeof setTimeout !== "function") {
    otherwise();
    return () => {};
  }
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout?.(timer);
}

/** Milliseconds of one timer of {@link afterWaiting}. */
const NAP = 1000;

/**
 * Calls back after this many milliseconds of running: while the whole program is suspended (a laptop that sleeps, a
 * frozen page), other threads are suspended too. Without timers it never calls back.
 *
 * @returns a function that cancels it
 */
export function afterWaiting(milliseconds: number, callback: () => void): () => void {
  let cancel = () => {};
  const wait = (left: number) => {
    cancel = later(Math.min(left, NAP), () => (left > NAP ? wait(left - NAP) : callback()));
  };
  wait(milliseconds);
  return () => cancel();
}
