/**
 * Counts of right and wrong predictions, by kind.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Confusion } from "./confusion.js";
import { type ConditionCountOptions, ConfusionMetric } from "./confusion-metric.js";

/**
 * How many predictions are positive and right.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.TruePositives().apply([0, 1, 1, 1], [1, 0, 1, 1])); // 2
 * ```
 */
export class TruePositives extends ConfusionMetric {
  static override readonly className = "TruePositives";

  constructor(
    options?: ConditionCountOptions | ConditionCountOptions["thresholds"],
    name?: ConditionCountOptions["name"] | ConditionCountOptions,
    others?: ConditionCountOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ConditionCountOptions>("TruePositives", ["thresholds", "name"], given);
    super(options);
  }

  protected override values({ truePositives }: Confusion): Float64Array {
    return truePositives;
  }
}

/**
 * How many predictions are negative and right.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.TrueNegatives().apply([0, 1, 1, 1], [1, 0, 1, 1])); // 0
 * ```
 */
export class TrueNegatives extends ConfusionMetric {
  static override readonly className = "TrueNegatives";

  constructor(
    options?: ConditionCountOptions | ConditionCountOptions["thresholds"],
    name?: ConditionCountOptions["name"] | ConditionCountOptions,
    others?: ConditionCountOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ConditionCountOptions>("TrueNegatives", ["thresholds", "name"], given);
    super(options);
  }

  protected override values({ trueNegatives }: Confusion): Float64Array {
    return trueNegatives;
  }
}

/**
 * How many predictions are positive and wrong.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.FalsePositives().apply([0, 1, 1, 1], [1, 0, 1, 1])); // 1
 * ```
 */
export class FalsePositives extends ConfusionMetric {
  static override readonly className = "FalsePositives";

  constructor(
    options?: ConditionCountOptions | ConditionCountOptions["thresholds"],
    name?: ConditionCountOptions["name"] | ConditionCountOptions,
    others?: ConditionCountOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ConditionCountOptions>("FalsePositives", ["thresholds", "name"], given);
    super(options);
  }

  protected override values({ falsePositives }: Confusion): Float64Array {
    return falsePositives;
  }
}

/**
 * How many predictions are negative and wrong.
 *
 * @example
 * ```ts
 * import { metrics } from "gradstep";
 *
 * console.log(new metrics.FalseNegatives().apply([0, 1, 1, 1], [1, 0, 1, 1])); // 1
 * ```
 */
export class FalseNegatives extends ConfusionMetric {
  static override readonly className = "FalseNegatives";

  constructor(
    options?: ConditionCountOptions | ConditionCountOptions["thresholds"],
    name?: ConditionCountOptions["name"] | ConditionCountOptions,
    others?: ConditionCountOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<ConditionCountOptions>("FalseNegatives", ["thresholds", "name"], given);
    super(options);
  }

  protected override values({ falseNegatives }: Confusion): Float64Array {
    return falseNegatives;
  }
}
