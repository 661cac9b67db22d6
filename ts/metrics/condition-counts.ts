/**
 * How many predictions are right or wrong, by kind.
 *
 * @module
 */

import type { Confusion } from "./confusion.js";
import { ConfusionMetric } from "./confusion-metric.js";

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

  protected override values({ falseNegatives }: Confusion): Float64Array {
    return falseNegatives;
  }
}
