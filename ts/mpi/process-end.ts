/**
 * The end of a script: normal, or by an unhandled error.
 *
 * @module
 */

/** Functions to call at the end. */
export interface EndListeners {
  /** Called for an error that will end the process, before it does. */
  uncaught(error: unknown): void;
  /** Called when the process ends normally, or by `process.exit` or `Deno.exit`. */
  exit(code: number): void;
}

/** The `process` that Node, Deno and Bun share. */
interface Process {
  on(event: string, listener: (value: unknown) => void): unknown;
  listenerCount(event: string): number;
  hasUncaughtExceptionCaptureCallback?(): boolean;
}

interface Realm {
  readonly process: Process;
  readonly Deno?: { readonly exitCode: number };
  readonly Bun?: object;
  addEventListener(type: string, listener: () => void): void;
}

/** Registers both. */
export function onProcessEnd({ uncaught, exit }: EndListeners): void {
  const realm = globalThis as unknown as Realm;
  const { process, Deno, Bun } = realm;

  // Rejections arrive here too, but not in Bun. If the script handles such errors, the job continues.
  process.on("uncaughtExceptionMonitor", (error) => {
    const isHandled = process.listenerCount("uncaughtException") > 0 || process.hasUncaughtExceptionCaptureCallback?.();
    if (!isHandled) uncaught(error);
  });
  if (Bun !== undefined) {
    process.on("unhandledRejection", (error) => {
      if (process.listenerCount("unhandledRejection") === 1) uncaught(error);
    });
  }

  // Deno.exit notifies only this one.
  if (Deno !== undefined) realm.addEventListener("unload", () => exit(Deno.exitCode));
  else process.on("exit", (code) => exit(Number(code)));
}
