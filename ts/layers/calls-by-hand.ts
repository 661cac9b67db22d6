/**
 * Calls of a built-in layer's `call` by hand, which `apply` has not checked.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isA } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";
import { boolean, checkKnownOptions } from "../options.js";
import type { DType } from "../values.js";
import { type CallContext, INFERENCE } from "./call-context.js";
import { checkInputs, type InputSpec } from "./input-spec.js";
import { type InputCount, inputList } from "./inputs.js";

type Call = (inputs: Operand | readonly Operand[], context: CallContext) => Operand | readonly Operand[];

/** A layer, as needed for checking its inputs. */
export interface CalledByHand {
  readonly label: string;
  readonly inputDtype: DType;
  readonly inputCount: InputCount;
  readonly inputSpec: InputSpec | undefined;
}

/**
 * A `call` that checks its arguments first, and takes numbers too.
 *
 * @param symbolic - The class of symbolic tensors, which only `apply` takes.
 */
export function callByHand(
  call: Call,
  checked: () => CalledByHand,
  symbolic: abstract new (...args: never[]) => { readonly shape: readonly (number | null)[] },
): Call {
  return (inputs, context = INFERENCE) => {
    const { label, inputDtype, inputCount, inputSpec } = checked();
    checkKnownOptions(`${label}: call`, context, ["training"]);
    boolean(`${label}: call`, "training", context.training ?? false);
    const { list, isList } = inputList(label, inputs, inputDtype, inputCount, symbolic);
    if (isA(list[0], symbolic)) {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `${label}: call takes numbers; apply takes symbolic tensors too.`);
    }
    const operands = list as readonly Operand[];
    checkInputs(
      label,
      inputSpec,
      operands.map(({ shape }) => shape),
    );
    return call(isList ? operands : operands[0]!, context);
  };
}
