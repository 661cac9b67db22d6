/**
 * The numbers by which the module knows operations: their places in the lists of `crates/nn`.
 *
 * @module
 */

/** `Unary::ALL` in `crates/nn/src/elementwise/unary.rs`. */
export const UNARY = {
  negative: 0,
  abs: 1,
  sign: 2,
  exp: 3,
  log: 4,
  log1p: 5,
  sqrt: 6,
  rsqrt: 7,
  square: 8,
  reciprocal: 9,
  tanh: 10,
  sigmoid: 11,
  relu: 12,
  boundedRelu: 13,
  elu: 14,
  selu: 15,
  softplus: 16,
  softsign: 17,
  gelu: 18,
  approximateGelu: 19,
  silu: 20,
  hardSigmoid: 21,
  hardSilu: 22,
  mish: 23,
  erf: 24,
  clip: 25,
  sin: 26,
  cos: 27,
  floor: 28,
  round: 29,
  not: 30,
  isNan: 31,
} as const;

/** `Binary::ALL` in `crates/nn/src/elementwise/binary.rs`. */
export const BINARY = {
  add: 0,
  subtract: 1,
  multiply: 2,
  divide: 3,
  maximum: 4,
  minimum: 5,
  power: 6,
  powerByBase: 7,
  powerByExponent: 8,
  gate: 9,
  greater: 10,
  greaterEqual: 11,
  equal: 12,
  notEqual: 13,
  and: 14,
  or: 15,
} as const;

/** `Reduction::ALL` in `crates/nn/src/reduce/mod.rs`. */
export const REDUCTION = { sum: 0, mean: 1, prod: 2, max: 3, min: 4 } as const;
