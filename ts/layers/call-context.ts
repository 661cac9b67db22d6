/**
 * Context of a layer's call.
 *
 * @module
 */

/** The purpose of a call. */
export interface CallContext {
  /** Whether it is a training step: dropout drops, batch statistics are used. */
  readonly training: boolean;
}

/** The context of an explicit `call` without one. @internal */
export const INFERENCE: CallContext = { training: false };

/** Options of {@link Layer.apply}. */
export interface ApplyOptions {
  /**
   * Whether it is a training step. In a functional model, the value belongs to this call of the layer: it overrides
   * that of `fit`, `evaluate` and `predict`, is saved, and applies to all layers of a nested model without a value.
   * Default: that of the enclosing call, as in a model's `call`; otherwise false.
   */
  readonly training?: boolean | null | undefined;
}

/** Of the innermost running call. */
let current: boolean | undefined;

/** A layer, as needed for calling it. */
interface Called<I, O> {
  call(inputs: I, context: CallContext): O;
}

/** Runs a layer's `call`; the layers that it calls inherit `training`, as in Keras. @internal */
export function calledWith<I, O>(layer: Called<I, O>, inputs: I, given: boolean | undefined): O {
  return called(given, (context) => layer.call(inputs, context));
}

/** Runs the call of a layer. The outermost call first discards the losses added before. @internal */
export function calledIn<O>(
  layer: { clearLosses(): void },
  given: boolean | undefined,
  call: (context: CallContext) => O,
): O {
  if (current === undefined) layer.clearLosses();
  return called(given, call);
}

function called<O>(given: boolean | undefined, call: (context: CallContext) => O): O {
  const outer = current;
  const training = given ?? outer ?? false;
  current = training;
  try {
    return call({ training });
  } finally {
    current = outer;
  }
}
