/**
 * The worker that a suite of this folder works in: one for all its cases, since starting thousands takes minutes.
 *
 * @module
 */

import { afterAll } from "vitest";
import type { Model } from "../../../ts/index.js";
import { Client } from "../../../ts/worker/client.js";
import { movable } from "../../../ts/worker/model-state.js";
import { argsOf } from "../../../ts/worker/offload.js";
import { RemoteModel } from "../../../ts/worker/remote-model.js";
import { startWorker } from "../platform.js";

let started: Promise<Client> | undefined;

afterAll(async () => (await started)?.dispose());

/** The worker of this suite. */
export function worker(): Promise<Client> {
  // What it warns of, the suites here have been told already.
  started ??= Client.start((url) => startWorker(url, { stdout: true, stderr: true }));
  return started;
}

/** As `offload`, but into that worker, where it takes the place of the model before. */
export async function offloaded(model: Model): Promise<RemoteModel> {
  const args = argsOf("offload", model);
  const client = await worker();
  return new RemoteModel(client, await client.call("makeModel", args, movable(args.state)), false);
}
