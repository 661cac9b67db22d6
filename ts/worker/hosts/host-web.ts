/**
 * Workers in browsers, Deno and Bun: `Worker`.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.js";
import { shown } from "../../options.js";
import { trusted } from "../../runtime/trusted-url.js";
import type { Endpoint, Starter, WorkerHandle, WorkerLike } from "./endpoint.js";

/** Runtimes other than browsers can keep a worker from keeping the process alive. */
type WebWorker = Worker & { ref?(): void; unref?(): void };

const MODULE = { type: "module" } as const;

/**
 * The URL of the package's worker script; `undefined` in classic scripts, which do not know their URL. The build
 * bundles that script into one file, so bundlers may treat it as an asset.
 */
export function workerUrl(): URL | undefined {
  try {
    return new URL("../gradstep-worker.js", import.meta.url);
  } catch {
    return undefined;
  }
}

/** Whether helper threads of a worker outlive it: threads of `node:worker_threads`, in Deno's workers. */
export const helpersStay: boolean = "Deno" in globalThis;

/** Ways to start that script, best first. */
export function starters(): readonly Starter[] {
  const url = workerUrl();
  if (url === undefined) return [];
  return [
    { name: "a worker", start: () => handleOf(new Worker(trusted(url.href), MODULE)) },
    // A page cannot start a worker from another origin, such as a CDN, but a script of the page's origin may import it.
    { name: "a worker from a Blob", start: () => blobWorker(`import ${JSON.stringify(url.href)};`) },
  ];
}

/** Starts the script that the package embeds. `script` is called only if workers are available. */
export function embeddedStarter(): Starter<Uint8Array<ArrayBuffer>> | undefined {
  if (typeof Worker !== "function" || typeof URL.createObjectURL !== "function") return undefined;
  return { name: "a worker from the embedded script", start: blobWorker };
}

/** A worker that the caller created. @throws TypeError for anything else  */
export function adopt(worker: WorkerLike): WorkerHandle {
  // Not by its class: a worker may come from another frame.
  const given = worker as Partial<WebWorker> | undefined;
  if (typeof given?.addEventListener === "function" && typeof given.terminate === "function") {
    return handleOf(worker as unknown as WebWorker);
  }
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `createWorker must return a Worker, got ${shown(worker)}.`);
}

function blobWorker(code: string | Uint8Array<ArrayBuffer>): WorkerHandle {
  const script = new Blob([code], { type: "text/javascript" });
  const address = URL.createObjectURL(script);
  try {
    const handle = handleOf(new Worker(trusted(address), MODULE));
    const terminate = async () => {
      URL.revokeObjectURL(address);
      await handle.terminate();
    };
    return { ...handle, terminate };
  } catch (error) {
    URL.revokeObjectURL(address);
    throw error;
  }
}

function handleOf(worker: WebWorker): WorkerHandle {
  const watching = new AbortController();
  const terminate = worker.terminate.bind(worker);
  return {
    endpoint: worker as unknown as Endpoint,
    watch(lost) {
      const on = (type: string, report: (event: Event) => void) =>
        worker.addEventListener(type, report, { signal: watching.signal });
      // Otherwise Deno ends the whole program, even if the worker fails after this side is finished with it.
      worker.addEventListener("error", (event) => event.preventDefault());
      on("error", (event) => {
        const { message, error } = event as ErrorEvent;
        lost(message ? `it failed: ${message}` : "its script could not be loaded", error ?? undefined);
      });
      on("messageerror", () => lost("a message of it could not be read"));
      // Bun's, when the worker closed itself.
      on("close", () => lost("it was terminated"));
      // No event reports it.
      worker.terminate = () => {
        terminate();
        lost("it was terminated");
      };
    },
    watchLock(name, lost) {
      const { signal } = watching;
      // The worker may have locks although this page lacks them.
      navigator.locks?.request(name, { signal }, () => lost("it was terminated")).catch(() => {});
    },
    hold(keepsAlive) {
      if (keepsAlive) worker.ref?.();
      else worker.unref?.();
    },
    async terminate() {
      watching.abort();
      terminate();
    },
  };
}
