/**
 * The module's bytes from the text in the package.
 *
 * @module
 */

import { ModuleError } from "../errors.js";
import { lzmaDecoded } from "./lzma.js";
import { decodedText } from "./text-encoding.js";

/**
 * The bytes that were encoded in `text`.
 *
 * @param size - Number of bytes.
 * @throws ModuleError `ERR_MODULE_INVALID` if the text was changed or cut.
 */
export function unpacked(text: string, size: number): Uint8Array<ArrayBuffer> {
  const packed = decodedText(text);
  const bytes = packed && lzmaDecoded(packed, size);
  if (bytes !== undefined) return bytes;
  throw new ModuleError(
    "ERR_MODULE_INVALID",
    `gradstep's embedded module is damaged: ${text.length} characters of text do not decode to its ${size} bytes. Install gradstep again and rebuild the page.`,
  );
}
