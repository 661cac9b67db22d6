/**
 * The worker's side of the lock by which pages notice that it is gone: `terminate()` fires no event.
 *
 * @module
 */

/** The part of the Web Locks API that is used; missing in Deno, and on pages that came by http. */
interface Locks {
  request(name: string, options: object, held: () => Promise<void>): Promise<void>;
}

/** Takes a lock for as long as this thread lives. @returns its name, or `null` where there are none */
export function holdLock(): Promise<string | null> {
  const { locks } = (globalThis.navigator ?? {}) as { locks?: Locks };
  if (locks === undefined) return Promise.resolve(null);
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
