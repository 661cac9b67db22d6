/**
 * The script of the package's workers in browsers, Deno and Bun. The build bundles it with its imports, because workers
 * have no import maps. It has a static graph without top-level await: bundlers turn it into a classic script, and the
 * thread that starts it may already have sent a message. The file name contains the package's name, because in a bundle
 * its URL might refer to a user's file.
 *
 * @module
 */

import "../runtime/embedded.js";
import { ownEndpoint } from "./hosts/scope-web.js";
import { serve } from "./service.js";

serve(ownEndpoint(), {});
