/**
 * The workers that a suite of this folder works in: few for all its cases, since starting thousands takes minutes.
 *
 * @module
 */

import { afterAll } from "vitest";
import type { Model } from "../../../ts/index.js";
import { Client } from "../../../ts/worker/client.js";
import { movable } from "../../../ts/worker/data/model-state.js";
import { argsOf } from "../../../ts/worker/offload.js";
import { RemoteModel } from "../../../ts/worker/remote-model.js";
import { startWorker } from "../platform.js";

/** All that were started, and those of them that have nothing to do. */
const started: Client[] = [];
const idle: Client[] = [];

afterAll(async () => {
  await Promise.all(started.map((client) => client.dispose()));
});

/** Workers for several models at a time. */
export const workers = {
  async take(): Promise<Client> {
    const waiting = idle.pop();
    if (waiting !== undefined) return waiting;
    // The suites on this thread have already printed its warnings.
    const client = await Client.start((url) => startWorker(url, { stdout: true, stderr: true }));
    started.push(client);
    return client;
  },
  giveBack(client: Client): void {
    idle.push(client);
  },
};

let one: Promise<Client> | undefined;

/** The worker of a suite that needs one at a time. */
export function worker(): Promise<Client> {
  one ??= workers.take();
  return one;
}

/** As `offload`, but into that worker, where it takes the place of the model before. */
export async function offloaded(model: Model): Promise<RemoteModel> {
  const args = argsOf("offload", model);
  const client = await worker();
  return new RemoteModel(client, await client.call("makeModel", args, movable(args.state)), false);
}
