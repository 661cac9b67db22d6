/**
 * The script of the package's workers in browsers, Deno and Bun. The build bundles it with all that it imports, because
 * workers have no import maps. A static graph without top-level await: bundlers make classic scripts of it, and the
 * thread that starts it may have sent a message already. The file has the package's name, since a bundle may find a
 * user's file where it expects this one.
 *
 * @module
 */

import "../runtime/embedded.js";
import { ownEndpoint } from "./hosts/scope-web.js";
import { serve } from "./service.js";

serve(ownEndpoint(), {});
