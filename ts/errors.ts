/**
 * Every error that gradstep throws, with a stable `code` beside the message.
 *
 * Over 300 lines: the list of codes, and eight small classes with their examples.
 *
 * @module
 */

/** The error code, for programs. Messages may be reworded; codes stay. */
export type ErrorCode =
  | "ERR_ARGUMENT_COUNT"
  | "ERR_BUSY"
  | "ERR_CONFIG_INVALID"
  | "ERR_CONFIG_UNKNOWN_CLASS"
  | "ERR_DISPOSED"
  | "ERR_FILE_ACCESS"
  | "ERR_FILE_FORMAT"
  | "ERR_FILE_INVALID"
  | "ERR_GRADIENT_COUNT"
  | "ERR_GRADIENT_DTYPE"
  | "ERR_GRADIENT_NONE"
  | "ERR_GRADIENT_SHAPE"
  | "ERR_INDEX_RANGE"
  | "ERR_INTERNAL"
  | "ERR_LEARNING_RATE_FIXED"
  | "ERR_LOSS_MISSING"
  | "ERR_MODULE_CONFLICT"
  | "ERR_MODULE_INVALID"
  | "ERR_MODULE_MISSING"
  | "ERR_MODULE_UNSUPPORTED"
  | "ERR_MPI"
  | "ERR_NOT_BUILT"
  | "ERR_NOT_COMPILED"
  | "ERR_NOT_IMPLEMENTED"
  | "ERR_NOT_RECORDABLE"
  | "ERR_NOT_SENDABLE"
  | "ERR_OPTION_CONFLICT"
  | "ERR_OPTION_RANGE"
  | "ERR_OPTION_TYPE"
  | "ERR_OPTION_UNKNOWN"
  | "ERR_OTHER_COPY"
  | "ERR_OUT_OF_MEMORY"
  | "ERR_PAIRS_MALFORMED"
  | "ERR_REPLICA_DRIFT"
  | "ERR_REPLICA_LOST"
  | "ERR_REPLICA_MISMATCH"
  | "ERR_REPLICA_REFUSED"
  | "ERR_SHAPE"
  | "ERR_SHARED_MEMORY"
  | "ERR_STEP_ENDED"
  | "ERR_TAPE"
  | "ERR_THREAD_LOST"
  | "ERR_VARIABLE_DUPLICATE"
  | "ERR_VARIABLE_UNKNOWN"
  | "ERR_VALUES_DETACHED"
  | "ERR_VALUES_DTYPE"
  | "ERR_VALUES_SHAPE"
  | "ERR_WEIGHTS_COUNT"
  | "ERR_WEIGHTS_NAMES"
  | "ERR_WEIGHTS_SHAPE"
  | "ERR_WORKER_LOST";

/**
 * A value that cannot be used: thrown when Keras raises Python's `ValueError`.
 *
 * @example
 * ```ts
 * import { SGD, ValueError } from "gradstep";
 *
 * try {
 *   new SGD({ momentum: 2 });
 * } catch (error) {
 *   if (error instanceof ValueError) console.log(error.code); // ERR_OPTION_RANGE
 * }
 * ```
 */
export class ValueError extends Error {
  /** Always `"ValueError"`. */
  override readonly name: string = "ValueError";
  /** The error code, for programs. */
  readonly code: ErrorCode;

  /**
   * Creates the error for a value that cannot be used.
   *
   * @param code - What went wrong.
   * @param message - A sentence that names the variable, what was expected, what was passed, and the fix.
   */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A `TypeError` with a `code`: an argument of the wrong kind, or malformed.
 *
 * @example
 * ```ts
 * import { ArgumentTypeError, SGD } from "gradstep";
 *
 * try {
 *   new SGD({ momentum: "high" as never });
 * } catch (error) {
 *   if (error instanceof ArgumentTypeError) console.log(error.code); // ERR_OPTION_TYPE
 * }
 * ```
 */
export class ArgumentTypeError extends TypeError {
  /** Always `"TypeError"`, as Python's. */
  override readonly name: string = "TypeError";
  /** The error code, for programs. */
  readonly code: ErrorCode;

  /**
   * Creates the error for an argument of the wrong kind.
   *
   * @param code - What went wrong.
   * @param message - A sentence for the user.
   * @param options - `cause`: the error behind it.
   */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * A variable, tensor or optimizer was used after its `dispose()`, or a temporary after its step had ended.
 *
 * @example
 * ```ts
 * import { DisposedError, tensor } from "gradstep";
 *
 * const x = tensor([1, 2]);
 * x.dispose();
 * try {
 *   x.array();
 * } catch (error) {
 *   if (error instanceof DisposedError) console.log(error.code); // ERR_DISPOSED
 * }
 * ```
 */
export class DisposedError extends Error {
  /** Always `"DisposedError"`. */
  override readonly name: string = "DisposedError";
  /** The error code, for programs. */
  readonly code: ErrorCode;

  /**
   * Creates the error for an object that was freed.
   *
   * @param message - A sentence for the user.
   * @param code - What went wrong. Default: `"ERR_DISPOSED"`.
   */
  constructor(message: string, code: ErrorCode = "ERR_DISPOSED") {
    super(message);
    this.code = code;
  }
}

/**
 * Bytes of the largest tensor, variable or state of one kind: the largest allocation of Rust on wasm32, in whole cache
 * lines. @internal
 */
export const LARGEST_PIECE = 2 ** 31 - 64;

/**
 * Memory is full, or more than 2,147,483,584 bytes (536,870,896 values) were requested at once. The call that threw
 * this changed nothing.
 *
 * @example
 * ```ts
 * import { ops, OutOfMemoryError } from "gradstep";
 *
 * try {
 *   ops.zeros([1e6, 1e6]);
 * } catch (error) {
 *   if (error instanceof OutOfMemoryError) console.log(error.code, error.wanted); // ERR_OUT_OF_MEMORY 4000000000000
 * }
 * ```
 */
export class OutOfMemoryError extends RangeError {
  /** Always `"OutOfMemoryError"`. */
  override readonly name: string = "OutOfMemoryError";
  /** The error code, for programs. */
  readonly code: ErrorCode = "ERR_OUT_OF_MEMORY";
  /** Bytes requested. */
  readonly wanted: number;

  /**
   * Creates the error for memory that is full.
   *
   * @param wanted - Bytes requested.
   * @param inUse - Bytes in live buffers.
   */
  constructor(wanted: number, inUse: number) {
    const bytes = (count: number) => count.toLocaleString("en");
    super(
      wanted > LARGEST_PIECE
        ? `Out of memory: wanted ${bytes(wanted)} bytes in one piece, of which ${bytes(LARGEST_PIECE)} (${bytes(LARGEST_PIECE / 4)} values) is the most. Split the tensor or the variable.`
        : `Out of memory: wanted ${bytes(wanted)} bytes with ${bytes(inUse)} in use. Use tidy(() => ...) or dispose() in loops: what is dropped is freed only when the event loop runs.`,
    );
    this.wanted = wanted;
  }
}

/**
 * The WebAssembly module is missing, incompatible or broken.
 *
 * @example
 * ```ts
 * import { initSync, ModuleError } from "gradstep/slim";
 *
 * try {
 *   initSync({ bytes: new Uint8Array(8) });
 * } catch (error) {
 *   if (error instanceof ModuleError) console.log(error.code); // ERR_MODULE_INVALID
 * }
 * ```
 */
export class ModuleError extends Error {
  /** Always `"ModuleError"`. */
  override readonly name: string = "ModuleError";
  /** The error code, for programs. */
  readonly code: ErrorCode;

  /**
   * Creates the error for a WebAssembly module that cannot be used.
   *
   * @param code - What went wrong.
   * @param message - A sentence for the user.
   * @param options - `cause`: the error behind it.
   */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * A worker can no longer respond: it threw outside a call, ended, was terminated, or could not be started. A new one
 * can continue from the last weights that it returned.
 *
 * @example
 * ```ts
 * import { WorkerLostError } from "gradstep";
 *
 * const error = new WorkerLostError("The worker was terminated.", 120);
 * console.log(error.code, error.lastIteration); // ERR_WORKER_LOST 120
 * ```
 */
export class WorkerLostError extends Error {
  /** Always `"WorkerLostError"`. */
  override readonly name: string = "WorkerLostError";
  /** The error code, for programs. */
  readonly code: ErrorCode = "ERR_WORKER_LOST";
  /** The last known `iterations` of the optimizer. */
  readonly lastIteration: number;

  /**
   * Creates the error for a worker that can no longer respond.
   *
   * @param message - A sentence for the user.
   * @param lastIteration - The last known `iterations` of the optimizer.
   * @param options - `cause`: the error behind it.
   */
  constructor(message: string, lastIteration: number, options?: ErrorOptions) {
    super(message, options);
    this.lastIteration = lastIteration;
  }
}

/**
 * Replicas cannot continue together: one is gone (`ERR_REPLICA_LOST`), has refused its part of a step
 * (`ERR_REPLICA_REFUSED`), passed data of a different form (`ERR_REPLICA_MISMATCH`), or has different weights
 * (`ERR_REPLICA_DRIFT`).
 *
 * @example
 * ```ts
 * import { ReplicaError } from "gradstep";
 *
 * const error = new ReplicaError("ERR_REPLICA_LOST", "Replica 1 is gone.", 1);
 * console.log(error.code, error.replica); // ERR_REPLICA_LOST 1
 * ```
 */
export class ReplicaError extends Error {
  /** Always `"ReplicaError"`. */
  override readonly name: string = "ReplicaError";
  /** The error code, for programs. */
  readonly code: ErrorCode;
  /** The rank of the replica concerned; -1 if unknown. */
  readonly replica: number;

  /**
   * Creates the error for replicas that cannot continue together.
   *
   * @param code - What went wrong.
   * @param message - A sentence for the user.
   * @param replica - The rank of the replica concerned; -1 if unknown.
   * @param options - `cause`: the error behind it.
   */
  constructor(code: ErrorCode, message: string, replica: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.replica = replica;
  }
}
