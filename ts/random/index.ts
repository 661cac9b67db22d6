/**
 * Random numbers from a seed: `import { random } from "gradstep"`.
 *
 * @module
 */

export { type DropoutOptions, dropout } from "../ops/dropout.js";
export {
  type NormalArguments,
  type NormalOptions,
  normal,
  permutation,
  randint,
  type SeedOptions,
  truncatedNormal,
  type UniformOptions,
  uniform,
} from "./distributions.js";
export { type Seed, SeedGenerator } from "./generator.js";
