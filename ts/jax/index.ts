/**
 * `import { jaxOptimizer } from "gradstep/jax"`: gradstep's optimizers for parameters of jax-js, as optax has them.
 *
 * @module
 */

export {
  type JaxGradientTransformation,
  type JaxOptimizerState,
  jaxOptimizer,
  type Parameters,
} from "./jax-optimizer.js";
