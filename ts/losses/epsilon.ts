/**
 * What keeps divisors and logarithms away from zero: `keras.backend.epsilon()`.
 *
 * @module
 */

/** 1e-7, as everywhere in Keras. */
export const EPSILON = 1e-7;
