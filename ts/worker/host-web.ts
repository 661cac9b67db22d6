/**
 * Workers in browsers, Deno and Bun: `Worker`.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { shown } from "../options.js";
import type { Endpoint, Starter, WorkerHandle, WorkerLike } from "./endpoint.js";

/** Runtimes that are no browsers can leave a worker out of what keeps the process alive. */
type WebWorker = Worker & { ref?(): void; unref?(): void };

/**
 * Where our worker script is. Bundlers replace the script's path only in a literal `new Worker(new URL(...))`,
 * so there is one, of a class that starts nothing.
 */
export function workerUrl(): URL {
  // Apart: webpack warns of a `new URL` on `import.meta.url` whose first part it cannot read.
  const here = import.meta.url;
  const Worker = class {
    readonly url: URL;
    constructor(url: URL | string, _: object) {
      this.url = new URL(url, here);
    }
  };
  return new Worker(new URL("./entry.js", import.meta.url), { type: "module" }).url;
}

/** Ways of starting it, the best first. */
export function starters(): readonly Starter[] {
  return [
    {
      name: "a worker",
      start: () => handleOf(new Worker(new URL("./entry.js", import.meta.url), { type: "module" })),
    },
    // A page cannot start a worker from another origin, as from a CDN; but a script of the page's origin may import it.
    { name: "a worker from a Blob", start: () => blobWorker(workerUrl()) },
  ];
}

/** A worker that the caller made. @throws TypeError when it is none */
export function adopt(worker: WorkerLike): WorkerHandle {
  // Not by its class: a worker may come from another frame.
  const given = worker as Partial<WebWorker> | undefined;
  if (typeof given?.addEventListener === "function" && typeof given.terminate === "function") {
    return handleOf(worker as unknown as WebWorker);
  }
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `createWorker must return a Worker, got ${shown(worker)}.`);
}

function blobWorker(url: URL): WorkerHandle {
  const script = new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" });
  const address = URL.createObjectURL(script);
  try {
    const handle = handleOf(new Worker(address, { type: "module" }));
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
      // Deno ends the whole program otherwise, also when the worker fails after this side has done with it.
      worker.addEventListener("error", (event) => event.preventDefault());
      on("error", (event) => {
        const { message, error } = event as ErrorEvent;
        lost(message ? `it failed: ${message}` : "its script could not be loaded", error ?? undefined);
      });
      on("messageerror", () => lost("a message of it could not be read"));
      // Bun's, when the worker closed itself.
      on("close", () => lost("it was terminated"));
      // No event tells of it.
      worker.terminate = () => {
        terminate();
        lost("it was terminated");
      };
    },
    watchLock(name, lost) {
      const { signal } = watching;
      // The worker may have what this page lacks.
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
