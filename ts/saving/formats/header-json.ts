/**
 * JSON of a file's header, parsed strictly: `JSON.parse` uses the last of several equal keys, and accepts 1e3 as a
 * count.
 *
 * @module
 */

import { refuseFile } from "../stores/file-error.js";
import { parsedJSON } from "./json-text.js";

/** The maximum nesting of a header; the format needs four levels. */
const DEPTH = 32;

const COUNT = /^(0|[1-9]\d*)$/;

/**
 * The object in a header.
 *
 * @param most - The maximum memory for it, in bytes.
 * @throws ValueError for invalid JSON, for a key that occurs twice, and for numbers that are not counts
 */
export function headerJSON(file: string, text: string, most: number): Record<string, unknown> {
  const value = parsedJSON(file, "the header", text, most);
  checkKeysAndNumbers(file, text);
  return value as Record<string, unknown>;
}

/** `text` is JSON. No regular expression, whose stack overflows at strings of a few million characters. */
function checkKeysAndNumbers(file: string, text: string): void {
  /** Keys of the enclosing objects; `undefined` for a list. */
  const open: (Set<string> | undefined)[] = [];
  let last = "";
  for (let i = 0; i < text.length; i++) {
    const mark = text[i]!;
    if (mark === '"') {
      const end = stringEnd(text, i);
      last = text.slice(i, end);
      i = end - 1;
    } else if (mark === "{" || mark === "[") {
      if (open.length === DEPTH) refuseFile(file, `the header is nested deeper than ${DEPTH} levels`);
      open.push(mark === "{" ? new Set() : undefined);
    } else if (mark === "}" || mark === "]") {
      open.pop();
    } else if (mark === ":") {
      // Parsed, because "a" and "\u0061" are the same key.
      const key = JSON.parse(last) as string;
      if (open.at(-1)?.has(key)) refuseFile(file, `the header has ${last} twice`);
      open.at(-1)?.add(key);
    } else if (mark === "-" || (mark >= "0" && mark <= "9")) {
      const end = numberEnd(text, i);
      const number = text.slice(i, end);
      if (!COUNT.test(number)) refuseFile(file, `the header has the number ${number}, where only counts can be`);
      i = end - 1;
    }
  }
}

/** Index after the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let i = start + 1;
  while (text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i + 1;
}

function numberEnd(text: string, start: number): number {
  let i = start;
  while (i < text.length && "+-.eE0123456789".includes(text[i]!)) i++;
  return i;
}
