/**
 * First values for weights: `import { initializers } from "gradstep"`.
 *
 * @module
 */

export { Constant, Identity, Ones, Zeros } from "./constants.js";
export {
  RandomNormal,
  type RandomNormalOptions,
  RandomUniform,
  type RandomUniformOptions,
  TruncatedNormal,
} from "./distributions.js";
export { Initializer } from "./initializer.js";
export { Orthogonal, type OrthogonalOptions } from "./orthogonal.js";
export { RandomInitializer, type SeedOptions } from "./random-initializer.js";
export {
  deserialize,
  get,
  type InitializerClassName,
  type InitializerFunction,
  type InitializerIdentifier,
  type InitializerName,
  serialize,
} from "./registry.js";
export {
  type Distribution,
  type FanMode,
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
  type VarianceScalingOptions,
} from "./variance-scaling.js";
