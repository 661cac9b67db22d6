/**
 * The first part of `minimize`: from a loss to its gradients.
 *
 * @module
 */

import { GradientTape } from "../autodiff/gradient-tape.js";
import { isA } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";
import { list, shown, text } from "../options.js";
import { isTensor, Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { ListedInputs, type StepInputs } from "./step-inputs.js";

/** A loss: a function that computes it, or a tensor that a tape recorded. */
export type MinimizedLoss = Tensor | (() => Tensor);

/** Variables, or a function that returns them: a model may create some in its first call. */
export type MinimizedVariables = Iterable<Variable> | (() => Iterable<Variable>);

/** Options of `minimize`. */
export interface MinimizeOptions {
  /** The tape that recorded the loss, or will record it. Default: a new tape. */
  readonly tape?: GradientTape | undefined;
  /** Name for messages, and for a mark in the performance timeline. Default: the optimizer's. */
  readonly name?: string | undefined;
}

/**
 * Gradients of the loss times `scale`. For use inside a step.
 *
 * @throws TypeError when the loss is not a float32 tensor, or the tape did not record it
 */
export function lossGradients(
  owner: string,
  loss: MinimizedLoss,
  variables: MinimizedVariables,
  options: MinimizeOptions,
  scale: number,
): StepInputs {
  const { tape, name } = options;
  if (name !== undefined) text("minimize", "name", name);
  if (tape !== undefined && !isA(tape, GradientTape)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `minimize: "tape" must be a GradientTape, got ${shown(tape)}.`);
  }
  if (typeof loss !== "function" && tape === undefined) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${owner}: minimize takes a function that computes the loss, or with { tape } a tensor that this tape recorded, got ${shown(loss)}.`,
    );
  }
  const recorder = tape ?? new GradientTape();
  try {
    const target: unknown = typeof loss === "function" ? recorder.run(loss) : loss;
    if (!isTensor(target) || target.dtype !== "float32") {
      const got = isTensor(target) ? `a tensor of ${target.dtype}` : shown(target);
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${owner}: the loss of minimize must be a float32 tensor, made by operations, got ${got}.`,
      );
    }
    const trained = list(owner, "variables", typeof variables === "function" ? variables() : variables);
    if (trained.length === 0) return new ListedInputs(owner, [], []);
    const outputGradients = scale === 1 ? undefined : new Tensor(target.shape, "float32");
    outputGradients?.numbers.fill(scale);
    const gradients = recorder.gradient(target, trained, { outputGradients });
    return new ListedInputs(owner, gradients, trained);
  } finally {
    if (tape === undefined) recorder.dispose();
  }
}
