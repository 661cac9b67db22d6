/**
 * The worker's script inside the package, for hosts in which its file cannot be found: programs bundled to one file,
 * development servers that move the package's modules, pages that require Trusted Types. It has no WebAssembly module:
 * the other thread sends its own.
 *
 * @module
 */

import { size, text } from "../runtime/generated/worker-script.js";
import { unpacked } from "../runtime/unpacked.js";

let script: Uint8Array<ArrayBuffer> | undefined;

/** A classic script, in UTF-8. */
export function embeddedScript(): Uint8Array<ArrayBuffer> {
  script ??= unpacked(text, size);
  return script;
}
