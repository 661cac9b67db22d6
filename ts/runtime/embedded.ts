/**
 * The module's bytes inside the JavaScript, so that importing is all the installation there is.
 *
 * @module
 */

import { size, text } from "./generated/bytes.js";
import { embed } from "./module.js";
import { unpacked } from "./unpacked.js";

embed(() => unpacked(text, size));
