/**
 * Arguments and results of training steps that a model overrides.
 *
 * @module
 */

import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";

/**
 * The data of a step: `[x, y, sampleWeight]`, each with the batch axis, or `undefined` if the caller passed none.
 * Several inputs or outputs are a list, in the model's order; data passed by name to a model without inputs are an
 * object.
 *
 * The tensors are freed after the step; `ops.keep` copies values that must last.
 *
 * A step may declare only the parts that it uses: `trainStep([x, y]: [Tensor, Tensor])`.
 */
export type StepData<X = Tensor, Y = Tensor | undefined, W = Tensor | undefined> = undefined extends W
  ? undefined extends Y
    ? readonly [x: X, y?: Y, sampleWeight?: W]
    : readonly [x: X, y: Y, sampleWeight?: W]
  : readonly [x: X, y: Y, sampleWeight: W];

/** A value in the logs of a step: a number or tensor of one, a list of numbers, or nested logs by name. */
export type StepLog = number | Tensor | Variable | readonly number[] | Float32Array | StepLogs;

/** Results of a step by name, such as `{ loss, accuracy }`. */
export interface StepLogs {
  readonly [name: string]: StepLog;
}

/** Arguments of {@link Model.computeLoss}. */
export interface LossArguments<X = Tensor, Y = Tensor | undefined, P = Tensor, W = Tensor | undefined> {
  /** The inputs. */
  readonly x?: X;
  /** The labels; a list for several outputs. */
  readonly y?: Y;
  /** The model's outputs; a list if there are several. */
  readonly yPred: P;
  /** Weights of the samples; a list for several outputs. */
  readonly sampleWeight?: W;
  /** Whether it is a training step. Default: true. */
  readonly training?: boolean | undefined;
}

/** Arguments of {@link Model.computeMetrics}. */
export type MetricsArguments<X = Tensor, Y = Tensor | undefined, P = Tensor, W = Tensor | undefined> = Omit<
  LossArguments<X, Y, P, W>,
  "training"
>;

/** A model's steps and their parts, as options of `compile`: for models that are not subclasses. */
export interface StepOptions<M> {
  /** Replaces {@link Model.trainStep}: receives the data and the model. Default: none. */
  readonly trainStep?: ((data: StepData<Tensor, Tensor>, model: M) => StepLogs) | null | undefined;
  /** Replaces {@link Model.testStep}. Default: none. */
  readonly testStep?: ((data: StepData<Tensor, Tensor>, model: M) => StepLogs) | null | undefined;
  /** Replaces {@link Model.predictStep}. Default: none. */
  readonly predictStep?: ((data: StepData<Tensor, Tensor>, model: M) => Tensor | readonly Tensor[]) | null | undefined;
  /** Replaces {@link Model.computeLoss}. Default: none. */
  readonly computeLoss?: ((given: LossArguments<Tensor, Tensor>, model: M) => Tensor) | null | undefined;
  /** Replaces {@link Model.computeMetrics}. Default: none. */
  readonly computeMetrics?: ((given: MetricsArguments<Tensor, Tensor>, model: M) => StepLogs) | null | undefined;
}

/** Methods that a subclass or an option may replace. */
export const STEP_NAMES = ["trainStep", "testStep", "predictStep", "computeLoss", "computeMetrics"] as const;

/** One of {@link STEP_NAMES}. */
export type StepName = (typeof STEP_NAMES)[number];
