/**
 * The script of the package's workers in Node. The build bundles it, and it starts several times as fast for that.
 *
 * @module
 */

import "../runtime/embedded.js";
import { ownEndpoint } from "./hosts/scope-node.js";
import { serve } from "./service.js";

serve(ownEndpoint(), {});
