/** A worker that is killed in a call, at many moments of each; at fewer in pages, where starting a worker takes longer. */

import { testKills } from "./killed.js";
import { isNode } from "./platform.js";

testKills(isNode ? 50 : 8);
