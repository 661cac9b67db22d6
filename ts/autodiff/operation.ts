/**
 * The function with which an operation reports to the recording tapes.
 *
 * @module
 */

import { lastChange } from "../changes.js";
import type { Tensor } from "../tensor.js";
import type { Operand } from "./arena.js";
import { higher } from "./nested.js";
import { type Backward, type Entry, isRecording, push, type Tangent } from "./record.js";

const NOTHING: readonly Operand[] = [];

/**
 * Records an operation on every tape that tracks one of its inputs, and returns its output.
 *
 * @param name - Name of the operation, for messages.
 * @param backward - Called at most once for each requested gradient, last operation first.
 * @param tangent - For gradients of gradients. A function that returns `null` declares that the derivative is 0.
 * @param reads - Operands that `backward` and `tangent` read in addition to inputs and output.
 * @param ofCall - For an operation whose tangent depends on the gradient that was just computed.
 * @internal
 */
export function record<T extends Tensor>(
  name: string,
  inputs: readonly Operand[],
  output: T,
  backward: Backward,
  tangent: Tangent,
  reads: readonly Operand[] = NOTHING,
  ofCall?: Entry["ofCall"],
): T {
  if (!isRecording()) return output;
  return push({ name, inputs, output, backward, tangent, reads, change: lastChange(), higher, ofCall });
}
