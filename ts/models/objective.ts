/**
 * Objective of a compiled model: the weighted sum of a loss for each output, and the layers' losses.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isPlain } from "../brands.js";
import { ValueError } from "../errors.js";
import type { Loss } from "../losses/loss.js";
import { type LossIdentifier, lossFor } from "../losses/registry.js";
import { add, multiply } from "../ops/arithmetic.js";
import { sum } from "../ops/reduce.js";
import { finiteNumber, isList, shown } from "../options.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** A loss, or the cross-entropy that fits the shapes of labels and outputs. */
type OneLoss = LossIdentifier | "crossentropy" | "ce";

/** One loss, or one for each output: as a list, or by name; `null` for none. */
export type LossOption = OneLoss | readonly (OneLoss | null)[] | Readonly<Record<string, OneLoss | null>>;

/** One weight for each output. */
export type LossWeightsOption = number | readonly number[] | Readonly<Record<string, number>>;

/** An object with a shape: labels, outputs. */
export interface Shaped {
  readonly shape: Shape;
}

/**
 * A model's losses, resolved for its outputs.
 *
 * @throws ValueError when the losses do not fit the outputs
 */
export class Objective {
  /** One for each output; `null` where an output has none. */
  readonly losses: readonly (Loss | null)[];
  /** Whether `compile` had no loss. */
  readonly isEmpty: boolean;
  readonly #weights: readonly number[];
  readonly #outputs: readonly string[];

  constructor(
    option: LossOption | null,
    weights: LossWeightsOption | null,
    outputs: readonly string[],
    y: readonly Shaped[],
    predictions: readonly Shaped[],
  ) {
    this.#outputs = outputs;
    // Then Keras trains with the layers' losses.
    this.isEmpty = option === null;
    this.losses =
      option === null
        ? outputs.map(() => null)
        : perOutput("loss", option, outputs).map((identifier, i) =>
            identifier === null ? null : lossFor(identifier, y[i]?.shape, predictions[i]!.shape),
          );
    if (!this.isEmpty && this.losses.every((loss) => loss === null)) {
      throw new ValueError("ERR_OPTION_RANGE", 'compile: no output has a loss. Pass compile({ loss: "mse", ... }).');
    }
    this.#weights =
      weights === null || this.isEmpty
        ? outputs.map(() => 1)
        : perOutput("lossWeights", weights, outputs).map((weight) =>
            weight === null ? 1 : finiteNumber("compile", "lossWeights", weight),
          );
  }

  /**
   * The sum, and the unweighted loss of each output.
   *
   * @param fraction - The fraction that a replica's loss contributes to the whole batch.
   */
  of(
    y: readonly Operand[],
    predictions: readonly Tensor[],
    sampleWeights: readonly (Operand | undefined)[],
    regularization: readonly Tensor<"float32">[],
    fraction: (loss: Loss, output: number) => number = () => 1,
  ): { total: Tensor<"float32">; parts: readonly (Tensor<"float32"> | null)[] } {
    const parts = this.losses.map((loss, i) => {
      if (loss === null) return null;
      const target = y[i];
      if (target === undefined) {
        throw new ValueError(
          "ERR_SHAPE",
          `The output "${this.#outputs[i]}" has a loss, but no labels. Pass them in "y", or null as its loss.`,
        );
      }
      const part = loss.apply(target, predictions[i]!, sampleWeights[i]) as Tensor<"float32">;
      const share = fraction(loss, i);
      return share === 1 ? part : multiply(part, share);
    });
    let total: Tensor<"float32"> | undefined;
    parts.forEach((part, i) => {
      if (part === null) return;
      const weight = this.#weights[i]!;
      const weighted = weight === 1 ? part : multiply(part, weight);
      total = total === undefined ? weighted : add(total, weighted);
    });
    for (const given of regularization) {
      const term = given.size === 1 ? given : sum(given);
      total = total === undefined ? term : add(total, term);
    }
    return { total: total as Tensor<"float32">, parts };
  }
}

/** One entry for each output, from a single value, a list, or names. */
export function perOutput<T>(
  option: string,
  given: T | readonly (T | null)[] | Readonly<Record<string, T | null>>,
  outputs: readonly string[],
): (T | null)[] {
  if (isList(given)) {
    if (given.length === outputs.length) return [...given];
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `compile: "${option}" must have one entry for each output (${outputs.join(", ")}), got ${given.length}.`,
    );
  }
  if (isPlain(given as unknown) && !("class_name" in (given as object))) {
    const named = given as Readonly<Record<string, T | null>>;
    const unknown = Object.keys(named).find((name) => !outputs.includes(name));
    if (unknown !== undefined) {
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `compile: "${option}" names an output ${shown(unknown)} that the model does not have. It has: ${outputs.join(", ")}.`,
      );
    }
    return outputs.map((name) => named[name] ?? null);
  }
  if (outputs.length > 1 && option === "loss") return outputs.map(() => given as T);
  return outputs.map(() => given as T);
}
