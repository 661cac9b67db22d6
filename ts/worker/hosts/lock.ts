/**
 * The worker's side of the lock by which the other side notices that it is gone: neither `terminate()` nor, in Deno,
 * the worker's own `close()` fires an event. A worker that is merely busy keeps it.
 *
 * @module
 */

/** The part of the Web Locks API that is used; missing on pages served over http, in Bun, which has events, and in Deno before 2.9. */
interface Locks {
  request(name: string, options: object, held: () => Promise<void>): Promise<void>;
}

/** Holds a lock as long as this thread lives. @returns its name, or `null` without Web Locks */
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
