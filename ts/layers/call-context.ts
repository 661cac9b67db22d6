/**
 * How layers are called.
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
  /** Whether it is a step of training. Default: false. */
  readonly training?: boolean | undefined;
}
