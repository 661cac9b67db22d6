/**
 * Workers in Node: `node:worker_threads`.
 *
 * @module
 */

/// <reference types="node" />
import process from "node:process";
import { Worker, type WorkerOptions } from "node:worker_threads";
import { ArgumentTypeError } from "../../errors.js";
import { shown } from "../../options.js";
import type { Starter, WorkerHandle, WorkerLike } from "./endpoint.js";

/** The URL of the package's worker script; `undefined` in CommonJS bundles, which do not know their URL. */
export function workerUrl(): URL | undefined {
  try {
    return new URL("../gradstep-worker-node.js", import.meta.url);
  } catch {
    return undefined;
  }
}

/** Whether helper threads of a worker outlive it. */
export const helpersStay = false;

/** Ways to start that script, best first. */
export function starters(): readonly Starter[] {
  const url = workerUrl();
  if (url === undefined) return [];
  const thread = (options: WorkerOptions) => ({
    name: "a thread",
    start: () => handleOf(new Worker(url, options)),
  });
  // Flags that define how a program from text is parsed are refused for one from a file. In an explicit list Node
  // refuses some flags that a thread would inherit, so the last way passes none.
  const options = process.execArgv.filter((option) => !option.startsWith("--input-type"));
  if (options.length === process.execArgv.length) return [thread({})];
  return [thread({ execArgv: options }), thread({ execArgv: [] })];
}

/** Starts the script that the package embeds. */
export function embeddedStarter(): Starter<Uint8Array> {
  const port = 'const gradstepPort = require("node:worker_threads").parentPort;';
  return {
    name: "a thread from the embedded script",
    // Without options: some make an ES module of it, which has no `require`.
    start: (script) =>
      handleOf(new Worker(`${port}\n${new TextDecoder().decode(script)}`, { eval: true, execArgv: [] })),
  };
}

/** A worker that the caller created. @throws TypeError for anything but a worker of Node */
export function adopt(worker: WorkerLike): WorkerHandle {
  // Not by its class: this module and the caller's may have node:worker_threads from two realms.
  const { threadId, on, off, ref } = (worker ?? {}) as Partial<Worker>;
  if (typeof threadId === "number" && [on, off, ref].every((method) => typeof method === "function")) {
    return handleOf(worker as Worker);
  }
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `createWorker must return a Worker of node:worker_threads, got ${shown(worker)}.`,
  );
}

function handleOf(worker: Worker): WorkerHandle {
  const relays = new Map<unknown, (data: unknown) => void>();
  return {
    endpoint: {
      postMessage: (message, transfer) => worker.postMessage(message, (transfer ?? []) as never[]),
      addEventListener(type, listener) {
        const relay = (data: unknown) => listener({ data } as never);
        relays.set(listener, relay);
        worker.on(type, relay);
      },
      removeEventListener(type, listener) {
        const relay = relays.get(listener);
        if (relay !== undefined) worker.off(type, relay);
        relays.delete(listener);
      },
    },
    watch(lost) {
      worker.on("error", (error) => lost(`it failed: ${(error as Error)?.message ?? error}`, error));
      worker.on("messageerror", (error) => lost("a message of it could not be read", error));
      worker.on("exit", (code) => lost(`it ended, with exit code ${code}`));
    },
    hold(keepsAlive) {
      if (keepsAlive) worker.ref();
      else worker.unref();
    },
    async terminate() {
      await worker.terminate();
    },
  };
}
