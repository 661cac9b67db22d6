/**
 * Pauses of a long loop, so that the page it runs in stays alive.
 *
 * @module
 */

/** Milliseconds of work between two pauses: a frame of a screen has 16. */
const STRETCH = 10;

/** Lets the event loop run now and then. */
export class Pacer {
  readonly #stretch: number;
  #since = performance.now();

  /** @param stretch - Milliseconds of work between two pauses. */
  constructor(stretch: number = STRETCH) {
    this.#stretch = stretch;
  }

  /** Whether a pause is due. */
  get isDue(): boolean {
    return performance.now() - this.#since >= this.#stretch;
  }

  /** One turn of the event loop. */
  async pause(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }
}

/** What Node, Deno and Bun have, beyond the types of a browser. */
interface Turns {
  readonly setImmediate?: (callback: () => void) => unknown;
}

/**
 * Not `setTimeout(0)`, which browsers stretch to four milliseconds, nor `scheduler.yield()`, which goes on
 * before the page's own timers and messages have had their turn.
 */
function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as unknown as Turns;
  if (setImmediate !== undefined) return new Promise((resolve) => setImmediate(() => resolve()));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
