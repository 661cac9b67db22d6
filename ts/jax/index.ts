/**
 * `import { jaxOptimizer } from "gradstep/jax"`: gradstep's optimizers for parameters of jax-js, in the style of optax.
 *
 * @module
 */

export {
  type JaxGradientTransformation,
  type JaxOptimizerState,
  jaxOptimizer,
  type Parameters,
} from "./jax-optimizer.js";
