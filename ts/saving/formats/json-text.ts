/**
 * JSON in files.
 *
 * @module
 */

import { refuseFile } from "../stores/file-error.js";
import { mostBytes } from "./memory-limit.js";

/** Bytes that engines use for a list or an object, for a text in addition to its characters, and for another value. */
const COSTS = { container: 64, text: 40, value: 10 } as const;

/** The maximum nesting of objects and lists. */
const DEEPEST = 1000;

/** Bytes for each character of configurations: they are short texts and numbers. */
const MOST_TIMES = 8;

/**
 * The value of a text.
 *
 * @param most - The maximum memory for the value, in bytes. Default: enough for any configuration.
 * @throws ValueError for invalid JSON, and for JSON that would take more memory
 */
export function parsedJSON(file: string, what: string, text: string, most?: number): unknown {
  checkCost(file, what, text, most ?? mostBytes(0) + MOST_TIMES * text.length);
  try {
    return JSON.parse(text);
  } catch (cause) {
    return refuseFile(file, `${what} is not JSON: ${(cause as Error).message}`);
  }
}

/** Only counts punctuation: the text need not be JSON. */
function checkCost(file: string, what: string, text: string, most: number): void {
  let [cost, depth, isText] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const mark = text.charCodeAt(i);
    if (isText) {
      if (mark === 0x5c) i++;
      else if (mark === 0x22) isText = false;
    } else if (mark === 0x22) {
      isText = true;
      cost += COSTS.text;
    } else if (mark === 0x7b || mark === 0x5b) {
      cost += COSTS.container;
      if (++depth > DEEPEST) refuseFile(file, `${what} is nested deeper than ${DEEPEST} levels`);
    } else if (mark === 0x7d || mark === 0x5d) depth--;
    else if (mark === 0x2c) cost += COSTS.value;
  }
  if (cost > most) refuseFile(file, `${what} has ${text.length} characters, and would take ${cost} bytes of memory`);
}
