/**
 * Strategies: run `fit` elsewhere, such as on several workers.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { History } from "../callbacks/history.js";
import type { DrawingLayer } from "../layers/generators.js";
import type { LayerShapes } from "../layers/layer-shape.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import type { LayerWeight, WeightInput } from "../weights.js";
import type { FitOptions } from "./fit-options.js";
import type { DataInput, FedModel } from "./samples.js";
import type { SavedModel } from "./saved-model.js";
import type { BatchStream } from "./stream.js";

/** The parts of a compiled model that a strategy needs to train a copy elsewhere. {@link Model} and its subclasses have them. */
export interface StrategyModel extends DrawingLayer, FedModel {
  /** Name for messages. */
  readonly name: string;
  /** The optimizer of `compile`. */
  readonly optimizer: Optimizer | null;
  /** All weights, in Keras's order. */
  readonly weights: Variable[];
  /** The weights that training changes. */
  readonly trainableWeights: Variable[];
  /** Whether its weights exist. */
  readonly built: boolean;
  /** The shape or shapes of its build. @internal */
  readonly builtShape: LayerShapes | undefined;
  /** The history of the last `fit`; `null` before. */
  history: History | null;
  /** Whether training ends after the current batch. */
  stopTraining: boolean;
  /**
   * Copies the weights.
   *
   * @returns A list of `{ data, shape, dtype }`.
   */
  getWeights(): LayerWeight[];
  /**
   * Overwrites the weights.
   *
   * @param weights - One for each weight.
   */
  setWeights(weights: readonly WeightInput[]): void;
  /**
   * Describes layers, options and optimizer as Keras's JSON.
   *
   * @param key - `JSON.stringify` passes it.
   * @returns An object that `modelFromJSON` reads.
   */
  toJSON(key?: string): SavedModel;
  /** @internal */
  build(inputShape: LayerShapes): void;
  /** @internal */
  forward(inputs: readonly Operand[], training: boolean): readonly Tensor<"float32">[];
  /** Throws if `fit` would refuse before its first step. @internal */
  checkFit(x: DataInput | BatchStream, y: DataInput | undefined, options: FitOptions): void;
  /** Called when its training is stopped. @internal */
  whenStopped(stop: (() => void) | undefined): void;
}

/** The strategy that runs `fit`, if this realm does not. */
export interface FitStrategy {
  /**
   * Trains the model and returns its weights to it: `fit` of a model compiled with the strategy calls it.
   *
   * @param model - The compiled model.
   * @param x - As for the model's `fit`.
   * @param y - As for the model's `fit`.
   * @param options - As for the model's `fit`.
   * @returns The history.
   */
  fit(
    model: StrategyModel,
    x: DataInput | BatchStream,
    y: DataInput | undefined,
    options: FitOptions,
  ): Promise<History>;
}
