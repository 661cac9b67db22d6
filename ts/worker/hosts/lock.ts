/**
 * The worker's side of the lock with which the other side detects its end: neither `terminate()` nor, in Deno, the
 * worker's `close()` fires an event. A busy worker keeps the lock.
 *
 * @module
 */

/** The part of the Web Locks API that is used; missing on pages served over http, in Bun, which has events, and in Deno before 2.9. */
interface Locks {
  request(name: string, options: object, held: () => Promise<void>): Promise<void>;
}

/** Holds a lock as long as this thread lives. @returns its name; `null` without Web Locks */
export function holdLock(): Promise<string | null> {
  const { locks } = (globalThis.navigator ?? {}) as { locks?: Locks };
  if (locks === undefined || typeof globalThis.crypto?.randomUUID !== "function") return Promise.resolve(null);
  const name = `gradstep-worker-${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    const held = () => {
      resolve(name);
      return new Promise<void>(() => {});
    };
    // Refused, for example, in a sandboxed frame.
    locks.request(name, {}, held).catch(() => resolve(null));
  });
}
