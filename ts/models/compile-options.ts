/**
 * Options of `compile`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { OptimizerClassName, OptimizerName } from "../optimizers/registry.js";
import { isList } from "../options.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";
import type { NamedConfig } from "../spellings.js";
import type { LossOption, LossWeightsOption } from "./objective.js";
import type { StepOptions } from "./step-data.js";
import type { FitStrategy } from "./strategy.js";
import type { MetricsOption } from "./tracker.js";

/** Options of `compile`. `M` is the type of the model that steps receive. */
export interface CompileOptions<M = unknown> extends StepOptions<M> {
  /** An optimizer, its name, or its config. Default: `"rmsprop"`. */
  readonly optimizer?: Optimizer | OptimizerName | NamedConfig<OptimizerClassName> | object | undefined;
  /** A loss, its name, or a function `(yTrue, yPred) => Tensor`; for several outputs a list or names. Default: none. */
  readonly loss?: LossOption | null | undefined;
  /** Factors of the outputs' losses. Default: null, 1 each. */
  readonly lossWeights?: LossWeightsOption | null | undefined;
  /** Metrics, their names (`"accuracy"`), or functions. Default: none. */
  readonly metrics?: MetricsOption | null | undefined;
  /** Metrics with sample weights. Default: none. */
  readonly weightedMetrics?: MetricsOption | null | undefined;
  /** Number of batches per call of the callbacks' batch hooks, as in Keras. Default: 1. */
  readonly stepsPerExecution?: number | null | undefined;
  /**
   * Whether training steps are recorded and replayed, which speeds up small models without changing results. Keras's
   * name for compiling steps. `"auto"` records steps when possible; `true` refuses steps that cannot be recorded, such
   * as those with custom layers, losses or metrics; `false` records none. Default: `"auto"`.
   */
  readonly jitCompile?: boolean | "auto" | null | undefined;
  /**
   * Whether the optimizer measures its updates: `optimizer.stats` describes the last one, and the logs of `fit` and
   * `trainOnBatch` contain means, as `gradient_norm`, `update_norm`, `update_ratio`, `clipped_share`, `nonfinite_share`
   * and `effective_rate`. Default: false.
   */
  readonly stats?: boolean | null | undefined;
  /**
   * Trains on several replicas: a `MirroredStrategy`, which starts them, or a `ReplicaGroup` of processes that all run
   * the same script. Every replica computes its part of each batch. Default: no replicas.
   */
  readonly distribute?: ReplicaGroup | FitStrategy | null | undefined;
}

/** Losses that `compile` takes by position: a plain object there is the options. */
export type PlacedLoss = Exclude<LossOption, Readonly<Record<string, unknown>>> | CompileOptions | null;

/** Options of `compile` from its arguments. @internal */
export function placedCompileOptions(given: readonly unknown[]): CompileOptions {
  const third = given[2];
  const isMetrics = isList(third) && third.some((entry) => typeof entry !== "number");
  const weights = isMetrics ? ["metrics"] : ["lossWeights"];
  return placedOptions("compile", ["optimizer", "loss", ...weights], given);
}
