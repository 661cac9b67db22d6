/**
 * Errors as values that can be sent to another thread, with class, code and message. Structured cloning drops the
 * package's classes, and comlink keeps only names.
 *
 * @module
 */

import { isDOMException, isError } from "../../brands.js";
import {
  ArgumentTypeError,
  DisposedError,
  type ErrorCode,
  ModuleError,
  OutOfMemoryError,
  ReplicaError,
  ValueError,
  WorkerLostError,
} from "../../errors.js";

/** An error, or another thrown value, as plain data. */
export interface WireError {
  /** Its class, to recreate it on the other side. */
  readonly kind: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: unknown;
  /** `wanted` of an OutOfMemoryError, `lastIteration` of a WorkerLostError, `replica` of a ReplicaError. */
  readonly number: number;
  readonly cause: WireError | undefined;
}

/** The maximum depth of causes: they may form a cycle. */
const DEEPEST_CAUSE = 8;

const OURS: Readonly<Record<string, (code: ErrorCode, message: string, number: number) => Error>> = {
  ValueError: (code, message) => new ValueError(code, message),
  ArgumentTypeError: (code, message) => new ArgumentTypeError(code, message),
  DisposedError: (code, message) => new DisposedError(message, code),
  OutOfMemoryError: (_, message, wanted) => Object.assign(new OutOfMemoryError(wanted, 0), { message }),
  ModuleError: (code, message) => new ModuleError(code, message),
  ReplicaError: (code, message, replica) => new ReplicaError(code, message, replica),
  WorkerLostError: (_, message, lastIteration) => new WorkerLostError(message, lastIteration),
};

const NATIVE: Readonly<Record<string, new (message: string) => Error>> = {
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
};

/** Not by `constructor.name`, which minifiers change. */
function kindOf(error: Error): string {
  if (error instanceof ValueError) return "ValueError";
  if (error instanceof ArgumentTypeError) return "ArgumentTypeError";
  if (error instanceof DisposedError) return "DisposedError";
  if (error instanceof OutOfMemoryError) return "OutOfMemoryError";
  if (error instanceof ModuleError) return "ModuleError";
  if (error instanceof ReplicaError) return "ReplicaError";
  if (error instanceof WorkerLostError) return "WorkerLostError";
  if (isDOMException(error)) return "DOMException";
  return nativeKindOf(error) ?? "Error";
}

/** The JavaScript class that it extends. By name, because each realm has separate classes. */
function nativeKindOf(error: Error): string | undefined {
  for (let level: unknown = error; level !== null; level = Object.getPrototypeOf(level)) {
    const name = (level as Partial<Error>).constructor?.name;
    if (name !== undefined && Object.hasOwn(NATIVE, name)) return name;
  }
  return undefined;
}

/** Converts a thrown value to plain data. It never throws. */
export function toWire(thrown: unknown, depth = 0): WireError {
  try {
    if (isError(thrown)) return described(thrown, depth);
  } catch {
    // A getter, or a proxy.
  }
  const message = textOf(thrown);
  return { kind: "Error", name: "Error", message, stack: undefined, code: undefined, number: 0, cause: undefined };
}

/** A thrown value as text: the message of an error. */
export function textOf(thrown: unknown): string {
  try {
    return isError(thrown) ? String(thrown.message) : String(thrown);
  } catch {
    return "something that has no text";
  }
}

function described(thrown: Error, depth: number): WireError {
  const { name, message, stack, cause, code } = thrown as Error & { code?: unknown };
  return {
    kind: kindOf(thrown),
    name: String(name),
    message: String(message),
    stack: typeof stack === "string" ? stack : undefined,
    code: typeof code === "string" || typeof code === "number" ? code : undefined,
    number: numberOf(thrown),
    cause: cause === undefined || depth === DEEPEST_CAUSE ? undefined : toWire(cause, depth + 1),
  };
}

function numberOf(error: Error): number {
  if (error instanceof OutOfMemoryError) return error.wanted;
  if (error instanceof WorkerLostError) return error.lastIteration;
  return error instanceof ReplicaError ? error.replica : 0;
}

/** Recreates the error: of its class if it is the package's or JavaScript's, otherwise an `Error` with its name. */
export function fromWire(wire: WireError): Error {
  const error = made(wire);
  if (wire.stack !== undefined) hidden(error, "stack", wire.stack);
  if (wire.cause !== undefined) hidden(error, "cause", fromWire(wire.cause));
  return error;
}

function made({ kind, name, message, code, number }: WireError): Error {
  if (kind === "DOMException") return new DOMException(message, name);
  if (Object.hasOwn(OURS, kind)) return OURS[kind]!(code as ErrorCode, message, number);
  const native = Object.hasOwn(NATIVE, kind) ? NATIVE[kind] : undefined;
  const error = native === undefined ? new Error(message) : new native(message);
  if (error.name !== name) Object.assign(error, { name });
  if (code !== undefined) Object.assign(error, { code });
  return error;
}

/** Not enumerable, as in errors of the engine. */
function hidden(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
}
