/**
 * The script of our own workers in Node. The build makes one file of it, which starts several times as fast.
 *
 * @module
 */

import "../runtime/embedded.js";
import { ownEndpoint } from "./scope-node.js";
import { serve } from "./service.js";

serve(ownEndpoint(), {});
