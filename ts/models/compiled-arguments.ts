/**
 * Arguments of a compiled function: their form, and the recording's copies of their tensors.
 *
 * @module
 */

import type { Arena } from "../runtime/arena.js";
import { wasm } from "../runtime/module.js";
import { isTensor, Tensor } from "../tensor.js";
import { updatesWait } from "../updates.js";

/** Types and shapes of tensors, and all other arguments themselves; `undefined` if one is nothing of these. */
export function formOf(args: readonly unknown[]): string | undefined {
  let form = updatesWait() ? "in a step;" : "";
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (isTensor(arg)) {
      // One tensor given twice is one in the recording too.
      const first = args.indexOf(arg);
      form += first < i ? `=${first};` : `${arg.dtype} ${arg.shape.join()};`;
    } else if (typeof arg === "number") form += Object.is(arg, -0) ? "-0;" : `${arg};`;
    else if (typeof arg === "string") form += `${JSON.stringify(arg)};`;
    else if (arg === null || arg === undefined || typeof arg === "boolean") form += `${arg};`;
    else return undefined;
  }
  return form;
}

/** Copies of tensors among the arguments, each once, in the recording's memory. */
export function inputsOf(args: readonly unknown[], arena: Arena): Tensor[] {
  const given = [...new Set(args)].filter(isTensor);
  const inputs = given.map(({ shape, dtype, size }) => new Tensor(shape, dtype, arena.take(size)));
  copyInto(inputs, given);
  return inputs;
}

/** The arguments, with the copies in place of tensors. */
export function withInputs(args: readonly unknown[], inputs: readonly Tensor[]): unknown[] {
  const given = [...new Set(args)].filter(isTensor);
  return args.map((arg) => (isTensor(arg) ? inputs[given.indexOf(arg)] : arg));
}

/** Copies the numbers of the tensors among the arguments. */
export function copyInto(inputs: readonly Tensor[], args: readonly unknown[]): void {
  const { copy_values } = wasm();
  let at = 0;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (!isTensor(arg) || args.indexOf(arg) < i) continue;
    const input = inputs[at++]!;
    copy_values(arg.address, arg.size, input.address);
  }
}
