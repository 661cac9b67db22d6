/**
 * The worker's side: executes requests, and returns errors as values.
 *
 * @module
 */

import { expose, transfer } from "comlink";
import type { CustomObjects } from "../custom-objects.js";
import { ModuleError, ValueError } from "../errors.js";
import type { Model } from "../models/model.js";
import { initSync } from "../runtime/module.js";
import { endProgramThreads, setProgramThreads, threadsOfWorker } from "../threads/program-threads.js";
import { toWire } from "./data/errors-on-the-wire.js";
import { type Methods, PROTOCOL, type Reply, type Served } from "./data/protocol.js";
import type { Handlers } from "./handlers.js";
import type { Endpoint } from "./hosts/endpoint.js";
import { holdLock } from "./hosts/lock.js";
import { servingEnd } from "./hosts/sealed.js";
import { ModelService } from "./model-service.js";
import { OptimizerService } from "./optimizer-service.js";

/** Parts of a custom worker script. */
export interface ServeOptions {
  /** The model that the other side connects to. */
  readonly model?: Model | undefined;
  /** Sets of custom classes and functions. */
  readonly customObjects?: readonly CustomObjects[] | undefined;
  /** Whether this thread may hold a lock during its lifetime. Default: true. */
  readonly holdsLock?: boolean | undefined;
}

/** Answers requests from `endpoint`. Call it before the first `await` of a script. */
export function serve(endpoint: Endpoint, options: ServeOptions): void {
  const { customObjects = [] } = options;
  const model = new ModelService(options.model, customObjects);
  const optimizer = new OptimizerService(customObjects);
  const handlers: Handlers<keyof Methods> = {
    hello: async ({ protocol, module, threads }) => {
      checkProtocol(protocol);
      const count = threads === undefined ? 1 : threadsOfWorker(threads.count, threads.workers);
      if (threads !== undefined && count > 1) await setProgramThreads(count, () => threads.module);
      else if (module !== undefined) initSync({ module });
      return { value: { lock: options.holdsLock === false ? null : await holdLock() } };
    },
    endHelpers: async () => {
      await endProgramThreads();
      return { value: null };
    },
    ...model.handlers,
    ...optimizer.handlers,
  };
  const counts = () => {
    const counted = model.optimizer ?? optimizer.optimizer;
    const { iterations = 0, skippedSteps: skipped = 0, stats } = counted ?? {};
    return { iterations, skipped, ...(stats !== undefined && { stats }) };
  };
  const served: Served = {
    async call(name, args): Promise<Reply<unknown>> {
      try {
        const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
        if (handler === undefined) throw new ModuleError("ERR_INTERNAL", `A worker was asked for "${name}".`);
        const { value, moved = [] } = await handler(args as never);
        return transfer({ ok: true, value, ...counts() }, [...moved]);
      } catch (error) {
        return { ok: false, error: toWire(error), ...counts() };
      }
    },
  };
  expose(served, servingEnd(endpoint) as never);
}

function checkProtocol(protocol: string): void {
  if (protocol === PROTOCOL) return;
  throw new ValueError(
    "ERR_MODULE_CONFLICT",
    `The worker's gradstep has the protocol "${PROTOCOL}", the page's has "${protocol}". Use one version for both.`,
  );
}
