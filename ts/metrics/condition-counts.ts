/**
 * Counts of right and wrong predictions, by kind.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Confusion } from "./confusion.js";
import { type ConditionCountOptions, ConfusionMetric } from "./confusion-metric.js";

/**
 * Number of correct positive predictions.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: TruePositives](https://keras.io/api/metrics/classification_metrics/#truepositives-class)
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
 * Number of correct negative predictions.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: TrueNegatives](https://keras.io/api/metrics/classification_metrics/#truenegatives-class)
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
 * Number of wrong positive predictions.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: FalsePositives](https://keras.io/api/metrics/classification_metrics/#falsepositives-class)
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
 * Number of wrong negative predictions.
 *
 * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
 * @see [Keras: FalseNegatives](https://keras.io/api/metrics/classification_metrics/#falsenegatives-class)
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
