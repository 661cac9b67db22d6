/**
 * The hard sigmoid of Keras 2 and TensorFlow.js, which Keras 3 changed.
 *
 * @module
 */

/** Its name in configs that were upgraded. */
export const HARD_SIGMOID = "hard_sigmoid_of_keras_2";
