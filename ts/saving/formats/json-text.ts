/**
 * JSON in files.
 *
 * @module
 */

import { refuseFile } from "../stores/file-error.js";

/** The value of a text. @throws ValueError for text that is no JSON */
export function parsedJSON(file: string, what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return refuseFile(file, `${what} is not JSON: ${(cause as Error).message}`);
  }
}
