/**
 * The script of the package's workers in Node. The build bundles it, which makes it start several times as fast.
 *
 * @module
 */

import "../runtime/embedded.js";
import { ownEndpoint } from "./hosts/scope-node.js";
import { serve } from "./service.js";

serve(ownEndpoint(), {});
