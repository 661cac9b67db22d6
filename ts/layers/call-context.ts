/**
 * Context of a layer's call.
 *
 * @module
 */

/** What a call is for. */
export interface CallContext {
  /** Whether it is a step of training: dropout drops, batch statistics are used. */
  readonly training: boolean;
}

/** Options of {@link Layer.apply}. */
export interface ApplyOptions {
  /**
   * Whether it is a step of training. In a functional model the value stays with this call of the layer: it wins
   * over what `fit`, `evaluate` and `predict` say, is saved, and holds for all layers of a nested model that do not
   * say otherwise. Default: that of the call around this one, as in a model's `call`; false outside of any.
   */
  readonly training?: boolean | null | undefined;
}

/** Of the innermost call that is under way. */
let current: boolean | undefined;

/** Runs a layer's `call`; the layers that it calls inherit `training`, as in Keras. @internal */
export function calledWith<I, O>(
  layer: { call(inputs: I, context: CallContext): O },
  inputs: I,
  given: boolean | undefined,
): O {
  const outer = current;
  const training = given ?? outer ?? false;
  current = training;
  try {
    return layer.call(inputs, { training });
  } finally {
    current = outer;
  }
}
