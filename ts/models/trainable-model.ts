/**
 * The base of models: a layer that can be compiled, trained and evaluated.
 *
 * @module
 */

import { keep, type Operand, scratch } from "../autodiff/arena.js";
import { History } from "../callbacks/history.js";
import { ValueError } from "../errors.js";
import { type ApplyOptions, Layer, SymbolicTensor } from "../layers/layer.js";
import type { LayerShape } from "../layers/layer-shape.js";
import type { Metric } from "../metrics/metric.js";
import type { TensorLike } from "../ops/operand.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { OptimizerName } from "../optimizers/registry.js";
import { checkCount, isList } from "../options.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";
import { currentArena } from "../runtime/arena.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import { wholeBatch } from "./batch.js";
import { underWay, underWayNow } from "./busy.js";
import { ClassWeights } from "./class-weights.js";
import { type CompileOptions, type PlacedLoss, placedCompileOptions } from "./compile-options.js";
import { evaluate, predict, type Scores, scores } from "./evaluate.js";
import { prepared, runFit } from "./fit.js";
import { checkedOnBatch, type EvaluateOptions, type FitOptions, type RunOptions } from "./fit-options.js";
import type { LossWeightsOption } from "./objective.js";
import { type DataInput, type Port, samplesOf } from "./samples.js";
import type { SavedModel } from "./saved-model.js";
import type { BatchStream, InputStream } from "./stream.js";
import { Tally } from "./tally.js";
import type { MetricsOption } from "./tracker.js";
import { Training } from "./training.js";

/** Options of `testOnBatch`. */
export interface TestOnBatchOptions {
  /** A weight for each sample. Default: null, 1 each. */
  readonly sampleWeight?: DataInput | null | undefined;
  /** An object of names and values instead of a list. Default: false. */
  readonly returnDict?: boolean | undefined;
}

/** Options of `trainOnBatch`. */
export interface OnBatchOptions extends TestOnBatchOptions {
  /** Weights of classes by their number. Default: null, 1 each. */
  readonly classWeight?: FitOptions["classWeight"];
}

/** Methods of all models. */
export abstract class TrainableModel extends Layer {
  /** Of the last `fit`. */
  history: History | null = null;
  #training: Training | undefined;
  #fitting = false;
  #stopTraining = false;
  /** Told when training shall stop. */
  #onStop: (() => void) | undefined;

  /** Inputs that data have to fit. @internal */
  abstract get inputPorts(): readonly Port[];
  /** Shapes of the outputs for inputs of these shapes, where they are known before a batch was seen. @internal */
  abstract outputShapesFor(inputShapes: readonly LayerShape[]): readonly (LayerShape | undefined)[];
  /** The layers that make the outputs; `undefined` where they are not known. @internal */
  abstract get outputLayers(): readonly (Layer | undefined)[];
  /** Names of the outputs, for losses and metrics. */
  abstract get outputNames(): readonly string[];
  /** Outputs for inputs. @internal */
  abstract forward(inputs: readonly Operand[], training: boolean): readonly Tensor<"float32">[];

  /** The model as Keras's JSON. */
  abstract toJSON(key?: string): SavedModel;

  /** Set it from a callback, and `fit` ends after the batch that runs. */
  get stopTraining(): boolean {
    return this.#stopTraining;
  }

  set stopTraining(stop: boolean) {
    this.#stopTraining = stop;
    if (stop) this.#onStop?.();
  }

  /** For a strategy, which trains elsewhere: what to do when this model's training is stopped. @internal */
  whenStopped(stop: (() => void) | undefined): void {
    this.#onStop = stop;
  }

  /** Makes this process one of several that train the model. @internal */
  joinReplicas(group: ReplicaGroup): void {
    this.#compiled("fit").group = group;
  }

  /** For a strategy: refuses options and data that `fit` would refuse before its first step. @internal */
  checkFit(x: DataInput | BatchStream, y: DataInput | undefined, options: FitOptions): void {
    prepared(this, this.#compiled("fit"), x, y, options);
  }

  /** The optimizer of `compile`, or `null`. */
  get optimizer(): Optimizer | null {
    return this.#training?.optimizer ?? null;
  }

  /** The metrics of `compile`, once the model has seen data. */
  get metrics(): readonly Metric[] {
    return this.#training?.tracker?.metrics ?? [];
  }

  /** The arguments of `compile`, or `null`. @internal */
  get compileOptions(): CompileOptions | null {
    return this.#training?.options ?? null;
  }

  /**
   * Configures training. The optimizer's state is reset; the weights are kept.
   *
   * @param options - `optimizer`, `loss`, `lossWeights`, `metrics`, `weightedMetrics`; identifiers in Keras's
   * spelling or in camelCase.
   * @throws ValueError, TypeError for unknown options and names
   */
  compile(
    options?: CompileOptions | Optimizer | OptimizerName,
    loss?: PlacedLoss,
    lossWeights?: LossWeightsOption | MetricsOption | CompileOptions,
    others?: CompileOptions,
  ): void;
  compile(...given: unknown[]): void {
    const options = placedCompileOptions(given);
    this.#refuseWhileFitting("compile");
    this.#training?.refuseInside();

    this.#training = refusable(() => new Training(this, options));
  }

  /**
   * Trains the model on data.
   *
   * @param x - Samples along the first axis: a tensor, nested numbers, or a typed array; for several inputs a
   * list or an object by name. Or batches `[x, y]`, from a list, a (generator) function or an (async) iterable.
   * @param y - Labels, in the same forms. Not beside batches.
   * @returns the history: losses and metrics of every epoch
   * @throws ValueError, TypeError for data and options that do not fit, before anything is trained
   */
  async fit(x: DataInput | BatchStream, y?: DataInput, options: FitOptions = {}): Promise<History> {
    checkCount("fit", arguments.length, 3);
    const training = this.#compiled("fit");
    this.#refuseWhileFitting("fit");
    this.#fitting = true;
    try {
      if (training.strategy !== null) {
        const { strategy } = training;
        this.history = await underWay(this, () => strategy.fit(this, x, y, options));
        return this.history;
      }
      const history = new History();
      const begin = () => {
        this.history = history;
        return history;
      };
      return await underWay(this, () => runFit(this, training, x, y, options, begin));
    } finally {
      this.#fitting = false;
    }
  }

  /**
   * Loss and metrics over data, without training.
   *
   * @returns the loss alone where there is no metric, else a list: loss first, then metrics; with
   * `returnDict` by name
   */
  async evaluate(
    x: DataInput | BatchStream,
    y: DataInput | undefined,
    options: EvaluateOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async evaluate(x: DataInput | BatchStream, y?: DataInput, options?: EvaluateOptions): Promise<number | number[]>;
  async evaluate(x: DataInput | BatchStream, y?: DataInput, options: EvaluateOptions = {}): Promise<Scores> {
    checkCount("evaluate", arguments.length, 3);
    const training = this.#compiled("evaluate");
    return underWay(this, () => evaluate(this, training, x, y, options));
  }

  /** The model's outputs for data: a tensor with separate memory, or one for each output. */
  async predict(x: DataInput | InputStream, options: RunOptions = {}): Promise<Tensor<"float32">> {
    checkCount("predict", arguments.length, 2);
    const outputs = await this.predictAll(x, options);
    return outputs[0]!;
  }

  /** Outputs for data, one tensor for each output. */
  async predictAll(x: DataInput | InputStream, options: RunOptions = {}): Promise<Tensor<"float32">[]> {
    checkCount("predictAll", arguments.length, 2);
    return underWay(this, () => predict(this, x as DataInput | BatchStream, options));
  }

  /** One update with these samples. @returns loss and metrics of this batch, from before the update */
  async trainOnBatch(x: DataInput, y: DataInput, options: OnBatchOptions = {}): Promise<Scores> {
    checkCount("trainOnBatch", arguments.length, 3);
    return this.#onBatch("trainOnBatch", x, y, options);
  }

  /** Loss and metrics of these samples, without an update. */
  async testOnBatch(x: DataInput, y: DataInput, options: TestOnBatchOptions = {}): Promise<Scores> {
    checkCount("testOnBatch", arguments.length, 3);
    return this.#onBatch("testOnBatch", x, y, options);
  }

  /** Whether a metric gets better upwards or downwards. @internal */
  metricDirection(name: string): "up" | "down" | undefined {
    return this.#training?.tracker?.direction(name);
  }

  /** Outside of a step, temporaries are freed at once, and the result has separate memory. */
  override apply(inputs: SymbolicTensor | readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor;
  override apply(inputs: TensorLike | readonly TensorLike[], options?: ApplyOptions): Tensor<"float32">;
  override apply(inputs: never, options?: ApplyOptions): unknown {
    checkCount("apply", arguments.length, 2);
    if (currentArena() !== undefined) return super.apply(inputs, options);
    return scratch(() =>
      refusable(() => {
        const result: unknown = super.apply(inputs, options);
        if (result instanceof SymbolicTensor) return result;
        this.settleLosses();
        return isList(result) ? result.map((tensor) => keep(tensor as Tensor)) : keep(result as Tensor);
      }),
    );
  }

  #onBatch(owner: "trainOnBatch" | "testOnBatch", x: DataInput, y: DataInput, options: OnBatchOptions): Scores {
    const training = this.#compiled(owner);
    const isTraining = owner === "trainOnBatch";
    if (isTraining) this.#refuseWhileFitting(owner);
    const returnDict = checkedOnBatch(owner, options);
    const samples = samplesOf(owner, this, { x, y, sampleWeight: options.sampleWeight });
    const given = options.classWeight ?? undefined;
    const classWeights = given === undefined ? undefined : new ClassWeights(owner, given);
    classWeights?.check(samples);
    const tally = new Tally();
    try {
      // What runs in the middle of it cannot add layers, or take them away.
      underWayNow(this, () => {
        if (isTraining) training.train(wholeBatch(samples), { tally, classWeights });
        else training.test(wholeBatch(samples), { tally });
      });
      return scores(tally, returnDict);
    } finally {
      tally.close();
    }
  }

  #compiled(owner: string): Training {
    if (this.#training !== undefined) return this.#training;
    throw new ValueError("ERR_NOT_COMPILED", `${this.name}: call compile({ optimizer, loss }) before ${owner}.`);
  }

  #refuseWhileFitting(owner: string): void {
    if (!this.#fitting) return;
    throw new ValueError(
      "ERR_BUSY",
      `${this.name}: ${owner} cannot start while fit runs on the same model. Wait for its promise first.`,
    );
  }
}
