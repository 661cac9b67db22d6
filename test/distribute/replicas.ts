/**
 * Code that runs in real worker threads, each a replica of one group.
 *
 * @module
 */

import { SharedMemoryGroup } from "gradstep/distribute";
import type { WorkerLike } from "gradstep/worker";
import { workerOf } from "../worker/platform.js";

/** End of a replica: its result or its error. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string; readonly replica: number };
}

interface Threads extends WorkerLike {
  on?(type: "message" | "error", listener: (data: never) => void): void;
  addEventListener?(type: string, listener: (event: MessageEvent & ErrorEvent) => void): void;
}

// Vite takes a URL that is written in one for a file to bundle.
const here = import.meta.url;
const dist = new URL("../../dist/", here).href;

const script = (code: string) => `
  import * as gradstep from "${dist}index.js";
  import * as distribute from "${dist}distribute/index.js";
  const port = globalThis.process?.getBuiltinModule?.("node:worker_threads").parentPort ?? globalThis;
  const { SharedMemoryGroup, getReplicaContext, setReplicaContext } = distribute;
  port.addEventListener("message", async ({ data: { shared, rank, given } }) => {
    try {
      const group = SharedMemoryGroup.join(shared, rank);
      const value = await (async () => { ${code} })();
      port.postMessage({ value });
    } catch ({ name, code, message, replica }) {
      port.postMessage({ error: { name, code, message, replica } });
    }
  });`;

/**
 * Runs `code` on so many replicas. It sees \`gradstep\`, \`distribute\`, \`group\`, \`rank\` and \`given\`, and returns
 * something that can be posted.
 */
export async function onReplicas(
  size: number,
  code: string,
  given: unknown = null,
  timeout = 20_000,
): Promise<Outcome[]> {
  const shared = SharedMemoryGroup.create(size, { timeout });
  const text = script(code);
  const workers = Array.from({ length: size }, () => workerOf(text) as Threads);
  try {
    return await Promise.all(
      workers.map(
        (worker, rank) =>
          new Promise<Outcome>((resolve, reject) => {
            if (worker.on !== undefined) {
              worker.on("message", (outcome: Outcome) => resolve(outcome));
              worker.on("error", reject);
            } else {
              worker.addEventListener?.("message", ({ data }) => resolve(data));
              worker.addEventListener?.("error", ({ message }) => reject(new Error(message)));
            }
            worker.postMessage({ shared, rank, given } as never);
          }),
      ),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Results of all replicas. @throws if one failed, with its error */
export async function valuesOf<T>(size: number, code: string, given: unknown = null): Promise<T[]> {
  const outcomes = await onReplicas(size, code, given);
  return outcomes.map(({ value, error }) => {
    if (error !== undefined) throw new Error(`${error.name} ${error.code}: ${error.message}`);
    return value as T;
  });
}
