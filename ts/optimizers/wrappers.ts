/**
 * The wrapper optimizers that a LossScaleOptimizer may contain, in addition to those with an update rule.
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
