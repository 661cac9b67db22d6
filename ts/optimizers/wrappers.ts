/**
 * The optimizers that may stand in a LossScaleOptimizer beside those with an update rule: they hold others.
 *
 * @module
 */

import type { OptimizerClass } from "./list.js";
import { Lookahead } from "./lookahead.js";
import { MultiOptimizer } from "./multi-optimizer.js";
import { SAM } from "./sam.js";
import { ScheduleFree } from "./schedule-free.js";
import { SWA } from "./swa.js";

/** In the order of messages. */
export const wrappers = (): readonly OptimizerClass[] => [Lookahead, MultiOptimizer, SAM, ScheduleFree, SWA];
