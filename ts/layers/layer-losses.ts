/**
 * Losses of a layer: penalties on its weights, and values computed in its call.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.js";
import { cast } from "../ops/control.js";
import { checkMethod, isList, oneOrMore, shown } from "../options.js";
import { isTensor, type Tensor } from "../tensor.js";
import { AddedLosses, anyAdded } from "./added-losses.js";
import { LayerWeights } from "./layer-weights.js";

/** The part of a layer that manages its losses. */
export abstract class LayerLosses extends LayerWeights {
  readonly #added = new AddedLosses();

  /** @internal */
  override get sublayers(): readonly LayerLosses[] {
    return super.sublayers as readonly LayerLosses[];
  }

  /**
   * Adds a value to the loss that `call` computed from its inputs, weights or outputs; gradients flow through it.
   * `fit`, `evaluate` and `trainOnBatch` include it; a custom loop reads {@link LayerLosses.losses}. The next call of
   * the outermost layer or model discards it.
   *
   * @param loss - One or several numbers, which `fit` sums; or a list of such tensors.
   * @throws TypeError (`ERR_OPTION_TYPE`) for anything but tensors
   * @example
   * ```ts
   * import { layers, ops, type Tensor } from "gradstep";
   *
   * class Sparse extends layers.Layer {
   *   override call(x: Tensor) {
   *     this.addLoss(ops.multiply(ops.mean(ops.abs(x)), 0.1));
   *     return ops.multiply(x, 1);
   *   }
   * }
   *
   * const layer = new Sparse();
   * layer.apply([[1, -3]]);
   * console.log(layer.losses[0]?.item().toFixed(2)); // 0.20
   * ```
   */
  addLoss(loss: Tensor | readonly Tensor[]): void {
    checkMethod(this, "addLoss", arguments.length, 1);
    const losses: readonly unknown[] = isList(loss) ? oneOrMore(loss) : [loss];
    for (const one of losses) {
      if (isTensor(one)) continue;
      throw new ArgumentTypeError(
        "ERR_OPTION_TYPE",
        `${this.label}: addLoss takes a tensor that operations made, got ${shown(one)}. Numbers would have no gradient.`,
      );
    }
    for (const one of losses as readonly Tensor<"float32">[]) {
      this.#added.add(one.dtype === "float32" ? one : cast(one, "float32"));
    }
  }

  /**
   * Terms added to the loss, including those of sublayers: first `addLoss` values and activity penalties of the last
   * call, then the current penalties of the trainable weights. In Keras's order.
   *
   * In a custom loop, read it within the tape:
   *
   * @example
   * ```ts
   * import { GradientTape, layers, losses, ops, Sequential } from "gradstep";
   *
   * const model = new Sequential([new layers.Dense(1, { kernelRegularizer: "l2", inputShape: [2] })]);
   * const tape = new GradientTape();
   * const loss = tape.run(() => {
   *   const loss = new losses.MeanSquaredError().apply([[1]], model.apply([[1, 2]]));
   *   return model.losses.reduce((sum, term) => ops.add(sum, term), loss);
   * });
   * console.log(tape.gradient(loss, model.trainableWeights).length); // 2
   * ```
   */
  get losses(): Tensor<"float32">[] {
    this.checkSelf();
    const losses = layersOf(this).flatMap((layer) => layer.#added.tensors);
    losses.push(...this.regularizationLosses("weights"));
    return losses;
  }

  /**
   * The same, in the order in which `fit` adds them: weights first.
   *
   * @param kind - Only penalties on weights, or only added losses.
   * @internal
   */
  regularizationLosses(kind: "all" | "weights" | "added" = "all"): Tensor<"float32">[] {
    const losses: Tensor<"float32">[] = [];
    const weights = kind !== "added" && this.trainable;
    const added = kind !== "weights" && anyAdded();
    // A layer in two places is counted once.
    const seen = new Set<LayerLosses>();
    const visit = (layer: LayerLosses): void => {
      if (seen.has(layer)) return;
      seen.add(layer);
      if (weights) losses.push(...layer.ownPenalties());
      if (added) losses.push(...layer.#added.tensors);
      for (const inner of layer.sublayers) visit(inner);
    };
    if (weights || added) visit(this);
    return losses;
  }

  /** Discards the losses that the last call added. @internal */
  clearLosses(): void {
    if (anyAdded()) for (const layer of layersOf(this)) layer.#added.clear();
  }

  /** Copies the losses that the last call added, before the memory of its step is reused. @internal */
  settleLosses(): void {
    if (anyAdded()) for (const layer of layersOf(this)) layer.#added.settle();
  }
}

/** A layer and all layers in it, each once, in the order of Keras's `_flatten_layers`. */
function layersOf(top: LayerLosses): LayerLosses[] {
  const found = new Set<LayerLosses>();
  const waiting = [top];
  for (let layer = waiting.pop(); layer !== undefined; layer = waiting.pop()) {
    if (found.has(layer)) continue;
    found.add(layer);
    // Layers of the top one in order; inner ones, as in Keras, in reverse order.
    waiting.push(...(layer === top ? [...layer.sublayers].reverse() : layer.sublayers));
  }
  return [...found];
}
