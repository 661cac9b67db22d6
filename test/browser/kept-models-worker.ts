/**
 * The checks of kept-models.ts in a worker.
 *
 * @module
 */

import { CHECKS } from "./kept-models.js";

globalThis.onmessage = async ({ data }: MessageEvent<string>) => {
  try {
    await CHECKS[data]!();
    postMessage(null);
  } catch (error) {
    postMessage(String((error as Error).stack ?? error));
  }
};
postMessage("ready");
