/**
 * Initial values of weights: `import { initializers } from "gradstep"`.
 *
 * @module
 */

export { Constant, Identity, Identity as IdentityInitializer, Ones, Zeros } from "./constants.js";
export {
  RandomNormal,
  type RandomNormalOptions,
  RandomUniform,
  type RandomUniformOptions,
  TruncatedNormal,
} from "./distributions.js";
export { Initializer } from "./initializer.js";
export {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  zeros,
} from "./lower-case.js";
export { Orthogonal, Orthogonal as OrthogonalInitializer, type OrthogonalOptions } from "./orthogonal.js";
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
