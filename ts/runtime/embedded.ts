/**
 * The module's bytes inside the JavaScript: importing is all the setup.
 *
 * @module
 */

import { size, text } from "./generated/bytes.js";
import { embed } from "./module.js";
import { unpacked } from "./unpacked.js";

embed(() => unpacked(text, size));
