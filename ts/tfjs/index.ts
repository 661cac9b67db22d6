/**
 * `import { tfjsOptimizer } from "gradstep/tfjs"`: gradstep's optimizers for models of TensorFlow.js. Importing it lets
 * TensorFlow.js load models that were saved with such an optimizer.
 *
 * @module
 */

import { serialization } from "@tensorflow/tfjs-core";
import { TfjsOptimizer } from "./tfjs-optimizer.js";

export type { TfjsConfig } from "./config.js";
export { TfjsOptimizer, tfjsOptimizer } from "./tfjs-optimizer.js";

serialization.registerClass(TfjsOptimizer);
