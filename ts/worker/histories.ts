/**
 * Histories of a `fit` that ran in a worker.
 *
 * @module
 */

import { History } from "../callbacks/history.js";
import type { Client } from "./client.js";
import type { SentHistory } from "./data/protocol.js";

/** Restores the history that a worker has sent. */
export function received({ epoch, history }: SentHistory): History {
  const made = new History();
  made.epoch = epoch;
  made.history = history as History["history"];
  return made;
}

/** The history of a `fit` that has just failed; `null` if it was refused before it began, or the worker is lost. */
export async function failedHistory(client: Client): Promise<History | null> {
  const sent = await client.call("takeHistory", null).catch(() => null);
  return sent === null ? null : received(sent);
}
