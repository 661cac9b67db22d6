/**
 * Helpers in browsers and Bun: workers from a Blob.
 *
 * @module
 */

import { trusted } from "../../runtime/trusted-url.js";
import { HELPER, type StartHelper } from "./helper.js";

/** Number of cores that the browser reports. 1 without workers: in threads of Node that run the embedded script. */
export const cores = (): number =>
  typeof Worker === "undefined" ? 1 : (globalThis.navigator?.hardwareConcurrency ?? 1);

export const startHelper: StartHelper = (data, ended) => {
  const code = `onmessage = ({ data }) => { ${HELPER}(data); close(); };`;
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(trusted(address), { type: "module" }) as Worker & { unref?(): void };
  worker.addEventListener("error", (event) => {
    ended((event as ErrorEvent).error ?? new Error((event as ErrorEvent).message || "its script could not be loaded"));
  });
  // Bun's.
  worker.addEventListener("close", () => ended());
  worker.postMessage(data);
  worker.unref?.();
  return {
    async terminate() {
      URL.revokeObjectURL(address);
      worker.terminate();
    },
  };
};
