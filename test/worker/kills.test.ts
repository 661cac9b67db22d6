/** A worker that is killed in a call, at a few moments of each. */

import { testKills } from "./killed.js";

testKills(8);
