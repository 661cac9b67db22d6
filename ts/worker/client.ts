/**
 * The main thread's side of a worker: starts it, calls it, and detects its loss.
 *
 * @module
 */

import { releaseProxy, transfer, wrap } from "comlink";
import { adopt, embeddedStarter, helpersStay, starters, workerUrl } from "#worker-host";
import { isCallable } from "../brands.js";
import { ArgumentTypeError, DisposedError, ModuleError, WorkerLostError } from "../errors.js";
import type { OptimizerStats } from "../optimizers/optimizer-stats.js";
import { shown } from "../options.js";
import type { Transferable, URL, WasmModule } from "../platform-types.js";
import { afterWaiting, later } from "../runtime/clock.js";
import { compiledModule } from "../runtime/module.js";
import { unpacked } from "../runtime/unpacked.js";
import { fromWire } from "./data/errors-on-the-wire.js";
import { type Methods, PROTOCOL, type Reply, type Served, type WorkerThreads } from "./data/protocol.js";
import { unsendable } from "./data/unsendable.js";
import type { WorkerHandle, WorkerLike } from "./hosts/endpoint.js";
import { callingEnd } from "./hosts/sealed.js";
import { localHandle } from "./local-handle.js";

/**
 * Creates the worker: from the package's script, with a nonce or a name, or from a custom script that calls `expose`.
 */
export type CreateWorker = (url: URL) => WorkerLike | Promise<WorkerLike>;

/** The option `createWorker`: `undefined` for the package's worker. @throws TypeError for anything but a function */
export function starterOption(owner: string, createWorker: unknown): CreateWorker | undefined {
  return createWorker === undefined || createWorker === null ? undefined : checkedStarter(owner, createWorker);
}

/** Checks a function that starts a worker. @throws TypeError for anything but a function */
export function checkedStarter(owner: string, createWorker: unknown): CreateWorker {
  if (isCallable(createWorker)) return createWorker as CreateWorker;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "createWorker" must be a function (url) => Worker, got ${shown(createWorker)}.`,
  );
}

/** Milliseconds within which a worker must answer for the first time: its script may load over a slow network. */
const START = 30_000;

/** Milliseconds for a worker to end its helpers, which wait between two steps. */
const FAREWELL = 2000;

/** Passed to `createWorker` if a classic script does not know the URLs of the package's files. */
const NOWHERE = "file:///gradstep-worker.js";

/** Whether starting the worker's file failed before, and the embedded script worked. */
let startsEmbedded = false;

/** Settings of a worker, set before its first task. */
interface Start {
  /** Replaces the module that the worker's script embeds. */
  readonly module?: WasmModule | undefined;
  readonly threads?: WorkerThreads | undefined;
  /** Advice for a worker that is lost before it has answered. */
  readonly cure?: string;
}

/** Advice for a caller's worker that may not call `expose`. */
const EXPOSE = ' Its script must call expose() of "gradstep/worker" before its first await.';

/** A comlink proxy. It has every property, so it must not leave this file. */
type Proxy = Served & { [releaseProxy](): void };

/** A worker with a service in it. */
export class Client {
  /** The optimizer's iterations, as last reported by the worker. */
  lastIteration = 0;
  /** Its skipped steps, as last reported. */
  skippedSteps = 0;
  /** Statistics of its last update, if they are measured. */
  stats: OptimizerStats | null | undefined;
  readonly #handle: WorkerHandle;
  readonly #proxy: Proxy;
  readonly #pending = new Set<(error: Error) => void>();
  #lost: { readonly reason: string; readonly cause: unknown } | undefined;
  #ended: Promise<void> = Promise.resolve();
  #isDisposed = false;
  /** Whether it has threads that would outlive it. */
  #hasHelpers = false;
  /** Advice for a worker that never answered. */
  #cure = "";

  private constructor(handle: WorkerHandle) {
    this.#handle = handle;
    handle.watch((reason, cause) => this.#lose(reason, cause));
    const end = callingEnd(handle.endpoint, () => this.#rejectAll(unreadable));
    this.#proxy = wrap(end as never) as unknown as Proxy;
  }

  /**
   * A worker that answers: the caller's; otherwise the package's, from its file or from the embedded script; otherwise
   * this thread.
   *
   * @param mayStay - Whether this thread is used if no worker can be started.
   * @param createWorker - The checked option.
   * @param settings - The worker's threads and module. This thread keeps its own.
   * @throws WorkerLostError when the caller's worker does not start, TypeError for anything else */
  static async start(
    createWorker: CreateWorker | undefined,
    mayStay = true,
    settings: Pick<Start, "module" | "threads"> = {},
  ): Promise<Client> {
    if (createWorker !== undefined) {
      const made = createWorker(workerUrl() ?? new URL(NOWHERE));
      // A worker that exists already gets its listeners immediately: Deno may report a failed start in the next
      // microtask.
      return Client.#connected(adopt("then" in Object(made) ? await made : (made as WorkerLike)), {
        ...settings,
        cure: EXPOSE,
      });
    }
    const problems: string[] = [];
    for (const { name, start } of startsEmbedded ? [] : starters()) {
      try {
        return await Client.#connected(start(), settings);
      } catch (error) {
        problems.push(`${name}: ${(error as Error).message}`);
      }
    }
    const embedded = embeddedStarter();
    if (embedded !== undefined) {
      try {
        // Loaded only here: bundlers emit a separate file for it.
        const { size, text } = await import("../runtime/generated/worker-script.js");
        const client = await Client.#connected(embedded.start(unpacked(text, size)), {
          ...settings,
          module: settings.module ?? compiledModule(),
        });
        startsEmbedded = true;
        return client;
      } catch (error) {
        problems.push(`${embedded.name}: ${(error as Error).message}`);
      }
    }
    if (!mayStay) throw new WorkerLostError(`No worker can be started here: ${problems.join(" | ")}`, 0);
    console.warn(
      `gradstep: no worker can be started here, so the work stays on this thread, and blocks it. Pass createWorker to offload, or see the reasons: ${problems.join(" | ")}`,
    );
    return Client.#connected(localHandle());
  }

  static async #connected(handle: WorkerHandle, { module, threads, cure = "" }: Start = {}): Promise<Client> {
    const client = new Client(handle);
    client.#cure = cure;
    const cancel = afterWaiting(START, () => client.#lose(`it did not answer within ${START / 1000} seconds`));
    try {
      const { lock } = await client.call("hello", {
        protocol: PROTOCOL,
        ...(module && { module }),
        ...(threads && { threads }),
      });
      client.#cure = "";
      client.#hasHelpers = helpersStay && threads !== undefined;
      if (lock !== null) handle.watchLock?.(lock, (reason) => client.#lose(reason));
      return client;
    } catch (error) {
      await client.dispose();
      throw error;
    } finally {
      cancel();
    }
  }

  /** Whether all calls reject. */
  get isGone(): boolean {
    return this.#lost !== undefined || this.#isDisposed;
  }

  /**
   * Calls the worker.
   *
   * @param moved - Buffers that are transferred, not copied.
   * @throws what the worker threw; WorkerLostError when it is or gets lost, DisposedError after `dispose`
   */
  call<K extends keyof Methods>(
    name: K,
    args: Methods[K]["args"],
    moved: Transferable[] = [],
  ): Promise<Methods[K]["result"]> {
    return new Promise((resolve, reject) => {
      if (this.#isDisposed) throw disposed();
      if (this.#lost !== undefined) throw this.#lostError();
      const sent = typeof args === "object" && args !== null ? transfer(args, moved) : args;
      if (this.#pending.size === 0) this.#handle.hold(true);
      this.#pending.add(reject);
      const settle = () => {
        this.#pending.delete(reject);
        if (this.#pending.size === 0) this.#handle.hold(false);
      };
      (this.#proxy.call(name, sent) as Promise<unknown>).then(
        (reply) => {
          settle();
          if (!isReply<Methods[K]["result"]>(reply)) {
            reject(new ModuleError("ERR_INTERNAL", `The worker's answer to "${name}" is not a message of gradstep.`));
            return;
          }
          this.lastIteration = reply.iterations;
          this.skippedSteps = reply.skipped;
          this.stats = reply.stats;
          if (reply.ok) resolve(reply.value);
          else reject(fromWire(reply.error));
        },
        // The worker's errors are replies, so errors here are from comlink.
        (error) => {
          settle();
          reject(unsendable(`The arguments of ${name}, or its result,`, error));
        },
      );
    });
  }

  /** Ends the worker. Pending calls reject. */
  dispose(): Promise<void> {
    if (!this.#isDisposed) {
      const isThere = this.#lost === undefined;
      // Set before it is ended: some runtimes report the end immediately, which is not a lost worker.
      this.#rejectAll(disposed);
      this.#isDisposed = true;
      this.#ended =
        isThere && this.#hasHelpers ? this.#endHelpers().then(() => this.#end(isThere)) : this.#end(isThere);
    }
    return this.#ended;
  }

  async #end(isThere: boolean): Promise<void> {
    // Frees comlink's records on this side; the worker does not listen to this.
    if (isThere) this.#proxy[releaseProxy]();
    await this.#handle.terminate();
  }

  /** Ends helpers that would outlive the worker, unless it is stuck. */
  async #endHelpers(): Promise<void> {
    this.#handle.hold(true);
    let cancel = (): void => {};
    const late = new Promise<void>((resolve) => {
      cancel = later(FAREWELL, resolve);
    });
    await Promise.race([Promise.resolve(this.#proxy.call("endHelpers", null)).catch(() => {}), late]);
    cancel();
  }

  #lose(reason: string, cause?: unknown): void {
    if (this.#lost !== undefined || this.#isDisposed) return;
    this.#lost = { reason, cause };
    this.#rejectAll(() => this.#lostError());
    // It may still run, after an error outside of a call; and the handle's resources must be closed.
    this.#handle.terminate().catch(() => {});
  }

  #rejectAll(error: () => Error): void {
    for (const reject of this.#pending) reject(error());
    this.#pending.clear();
  }

  #lostError(): WorkerLostError {
    const { reason, cause } = this.#lost ?? { reason: "", cause: undefined };
    const iteration = this.lastIteration;
    const hint = ` The last iteration known is ${iteration}. A new worker can continue from the last weights that it returned.`;
    // The error of a failed script is the most specific reason.
    const cure = /^it (did not answer|ended|was terminated)/.test(reason) ? this.#cure : "";
    return new WorkerLostError(
      `The worker is lost: ${reason.replace(/\.$/, "")}.${iteration > 0 ? hint : cure}`,
      iteration,
      cause === undefined ? {} : { cause },
    );
  }
}

function isReply<T>(reply: unknown): reply is Reply<T> {
  const { ok, iterations, skipped, error } = (reply ?? {}) as Record<string, unknown>;
  const isKnown = ok === true || (ok === false && typeof error === "object" && error !== null);
  return isKnown && typeof iterations === "number" && typeof skipped === "number";
}

function unreadable(): Error {
  return unsendable("A message to the worker", "it could not be read there");
}

function disposed(): DisposedError {
  return new DisposedError("This worker was disposed of. Offload the model again.");
}
