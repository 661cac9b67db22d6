/**
 * The script of our own workers. A static graph without top-level await: bundlers make workers of it as
 * classic scripts, and whoever started it may have sent something already.
 *
 * @module
 */

import "../runtime/embedded.js";
import { ownEndpoint } from "#worker-scope";
import { serve } from "./service.js";

serve(ownEndpoint(), {});
