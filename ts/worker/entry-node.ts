/**
 * The script of our own workers in Node.
 *
 * @module
 */

import "../runtime/embedded.js";
import { ownEndpoint } from "./scope-node.js";
import { serve } from "./service.js";

serve(ownEndpoint(), {});
