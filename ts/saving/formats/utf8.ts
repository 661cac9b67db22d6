/**
 * Text of files, decoded strictly; also in jsdom and bare engines, which have neither TextDecoder nor TextEncoder.
 *
 * @module
 */

import type { Bytes } from "../../platform-types.js";
import { refuseFile } from "../stores/file-error.js";

/** Text from UTF-8, including a byte order mark. @throws ValueError for bytes that are not UTF-8 */
export function utf8(file: string, what: string, bytes: Uint8Array): string {
  try {
    if (typeof TextDecoder === "function") {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    }
    // Refuses the same bytes.
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  } catch {
    return refuseFile(file, `${what} is not UTF-8`);
  }
}

/** A surrogate without its other half. */
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** UTF-8 of text, with U+FFFD for a lone surrogate. */
export function utf8Bytes(text: string): Bytes {
  if (typeof TextEncoder === "function") return new TextEncoder().encode(text);
  const escaped = encodeURIComponent(text.replace(LONE, "\ufffd"));
  const bytes = new Uint8Array(escaped.length);
  let length = 0;
  for (let at = 0; at < escaped.length; length++) {
    const isEscape = escaped[at] === "%";
    bytes[length] = isEscape ? Number.parseInt(escaped.slice(at + 1, at + 3), 16) : escaped.charCodeAt(at);
    at += isEscape ? 3 : 1;
  }
  return bytes.slice(0, length);
}
