/**
 * The options of LossScaleOptimizer, which takes none of the inner optimizer's options.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { checkKnownOptions } from "../options.js";
import { SWITCHES } from "./options.js";

/** Options of LossScaleOptimizer. All others belong to the inner optimizer. */
export interface LossScaleOptimizerOptions {
  /** Initial scale, above 0. Default: 32768. */
  readonly initialScale?: number | undefined;
  /** Steps with finite gradients before the scale is doubled, 1 or more. Default: 2000. */
  readonly dynamicGrowthSteps?: number | undefined;
  /** A name for messages and saved files. Default: `"loss_scale_optimizer"`, made unique. */
  readonly name?: string | null | undefined;
}

/** Options of the inner optimizer, with the defaults that old Keras files contain. */
const INNER_OPTIONS: Readonly<Record<string, unknown>> = {
  learningRate: undefined,
  weightDecay: null,
  clipnorm: null,
  globalClipnorm: null,
  clipvalue: null,
  useEma: false,
  emaMomentum: 0.99,
  emaOverwriteFrequency: null,
  lossScaleFactor: null,
  gradientAccumulationSteps: null,
  adaptiveClip: null,
  ...Object.fromEntries(SWITCHES.map((name) => [name, false])),
};

/** Refuses options of the inner optimizer, and unknown ones. */
export function checkLossScaleOptions(owner: string, options: object): void {
  const known = ["initialScale", "dynamicGrowthSteps", "name"];
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(INNER_OPTIONS, name)) {
      // Keras accepts the former only value; anything else is unknown.
      if (name !== "dynamic" || value !== true) others[name] = value;
    } else if (value !== undefined && value !== INNER_OPTIONS[name]) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${owner} does not take "${name}". Set it on the inner optimizer: new ${owner}(new SGD({ ${name}: ... })).`,
      );
    }
  }
  checkKnownOptions(owner, others, known);
}
