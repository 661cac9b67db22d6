/**
 * The script of our own workers in browsers, Deno and Bun. The build makes one file of it with all that it imports:
 * workers know no import maps, so that in pages without a bundler nothing else would be found. A static graph
 * without top-level await: bundlers make classic scripts of it, and whoever started it may have sent something.
 *
 * @module
 */

import "../runtime/embedded.js";
import { ownEndpoint } from "./scope-web.js";
import { serve } from "./service.js";

serve(ownEndpoint(), {});
