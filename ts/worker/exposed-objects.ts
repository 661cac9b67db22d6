/**
 * Custom classes and functions that a worker's script exposes.
 *
 * @module
 */

import { type CustomObjects, withAllCustomObjects } from "../custom-objects.js";
import { ValueError } from "../errors.js";

/**
 * Runs `read`, in which the script's objects are known by name. Errors about unknown names suggest the cure for
 * workers.
 */
export function withExposedObjects<T>(sets: readonly CustomObjects[], read: () => T): T {
  try {
    return withAllCustomObjects("expose", sets, read);
  } catch (error) {
    if (!(error instanceof ValueError) || error.code !== "ERR_CONFIG_UNKNOWN_CLASS") throw error;
    throw new ValueError(
      error.code,
      `${error.message} A worker knows only what its script exposes: pass createWorker, with a script that calls expose({ customObjects }).`,
    );
  }
}
