// The garbage collector on demand, with or without node's --expose-gc.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** Collects all garbage, now. */
export const collectGarbage = runInNewContext("gc");
