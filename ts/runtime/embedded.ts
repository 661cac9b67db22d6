/**
 * The module's bytes inside the JavaScript, so that importing is all the installation there is.
 *
 * @module
 */

import { base64 } from "./generated/bytes.js";
import { embed } from "./module.js";

embed(() => {
  // `Uint8Array.fromBase64` is missing in Node 20 to 24; `Buffer` would drag a polyfill into bundles.
  const decoder = Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  return decoder.fromBase64?.(base64) ?? Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
});
