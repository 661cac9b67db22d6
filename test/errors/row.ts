/** A row of the tables of errors: a call, and everything that a program or a person sees of the error. */

import { expect } from "vitest";
import {
  ArgumentTypeError,
  DisposedError,
  type ErrorCode,
  ModuleError,
  OutOfMemoryError,
  ReplicaError,
  ValueError,
  WorkerLostError,
} from "../../ts/index.js";

/** Our classes by the `name` that their errors have. */
const CLASSES = {
  ValueError,
  TypeError: ArgumentTypeError,
  DisposedError,
  ModuleError,
  OutOfMemoryError,
  ReplicaError,
  WorkerLostError,
} as const;

/** A refused call, the name of the error, its code, and its message in full. */
export type Row = readonly [call: () => unknown, name: keyof typeof CLASSES, code: ErrorCode, message: string];
export type Rows = readonly Row[];

/** The error that a call throws or rejects with. */
export async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Fails unless the row's call throws the row's error, to the letter. */
export async function check([call, name, code, message]: Row): Promise<void> {
  const error = (await thrownBy(call)) as InstanceType<(typeof CLASSES)[typeof name]> | undefined;
  expect({ name: error?.name, code: error?.code, message: error?.message }).toEqual({ name, code, message });
  expect(error).toBeInstanceOf(CLASSES[name]);
}
