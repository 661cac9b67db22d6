/**
 * The module's bytes inside the JavaScript, so that importing is all the installation there is.
 *
 * @module
 */

import { length, order, text } from "./generated/bytes.js";
import { embed } from "./module.js";
import { decodedBytes } from "./text-encoding.js";

embed(() => decodedBytes(text, order, length));
