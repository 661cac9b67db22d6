/**
 * The base of models: a layer that can be compiled, trained and evaluated.
 *
 * Over 300 lines: one class, whose methods are fully documented.
 *
 * @module
 */

import { keep, type Operand, scratch } from "../autodiff/arena.js";
import { History } from "../callbacks/history.js";
import { ValueError } from "../errors.js";
import type { InputCount } from "../layers/inputs.js";
import { type ApplyOptions, type Layer, type ResultList, type SeveralInputs, SymbolicTensor } from "../layers/layer.js";
import type { LayerShape } from "../layers/layer-shape.js";
import { mapResults, resultList } from "../layers/results.js";
import type { TensorLike } from "../ops/operand.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { OptimizerName } from "../optimizers/registry.js";
import { checkMethod, checkObject } from "../options.js";
import type { ReplicaGroup } from "../replicas/replica-group.js";
import { currentArena } from "../runtime/arena.js";
import type { Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import { wholeBatch } from "./batch.js";
import { underWay, underWayNow } from "./busy.js";
import { ClassWeights } from "./class-weights.js";
import { type CompileOptions, type PlacedLoss, placedCompileOptions } from "./compile-options.js";
import { uncompiled } from "./custom-steps.js";
import { evaluate, predict, predictedBatch } from "./evaluate.js";
import { prepared, runFit } from "./fit.js";
import {
  checkedOnBatch,
  type EvaluateOptions,
  type FitOptions,
  labelsAndOptions,
  type RunOptions,
  refusePlaced,
} from "./fit-options.js";
import type { LossWeightsOption } from "./objective.js";
import { type DataInput, type Port, samplesOf } from "./samples.js";
import type { SavedModel } from "./saved-model.js";
import { type LossAndMetrics, type Scores, scores } from "./scores.js";
import type { BatchStream, InputStream } from "./stream.js";
import type { MetricsOption } from "./tracker.js";
import { Training } from "./training.js";
import { TrainingSteps } from "./training-steps.js";

/** Options of `testOnBatch`. */
export interface TestOnBatchOptions {
  /** A weight for each sample. Default: null, 1 each. */
  readonly sampleWeight?: DataInput | null | undefined;
  /** Return an object of names and values instead of a list. Default: false. */
  readonly returnDict?: boolean | undefined;
}

/** Options of `trainOnBatch`. */
export interface OnBatchOptions extends TestOnBatchOptions {
  /** Weights of classes, by class index. Default: null, 1 each. */
  readonly classWeight?: FitOptions["classWeight"];
}

/** Methods of all models. */
export abstract class TrainableModel extends TrainingSteps {
  /** The history of the last `fit`, even if it failed after it began; `null` before. */
  history: History | null = null;
  #training: Training | undefined;
  #fitting = false;
  #stopTraining = false;
  /** Called to stop training. */
  #onStop: (() => void) | undefined;

  /** Inputs that data must fit. @internal */
  abstract get inputPorts(): readonly Port[];
  /** Shapes of the outputs for inputs of these shapes, if they are known before the first batch. @internal */
  abstract outputShapesFor(inputShapes: readonly LayerShape[]): readonly (LayerShape | undefined)[];
  /** @internal */
  abstract checksAll(inputShapes: readonly LayerShape[]): boolean;
  /** The output layers; `undefined` if unknown. @internal */
  abstract get outputLayers(): readonly (Layer | undefined)[];
  /** Names of the outputs, for losses and metrics. */
  abstract get outputNames(): readonly string[];
  /** Outputs for inputs. @internal */
  abstract forward(inputs: readonly Operand[], training: boolean): readonly Tensor<"float32">[];

  /**
   * Describes the model as Keras's JSON.
   *
   * @param key - `JSON.stringify` passes it.
   * @returns An object that `modelFromJSON` and Python's Keras read.
   * @throws ValueError, TypeError (`ERR_CONFIG_INVALID`) for values that cannot be saved
   */
  abstract toJSON(key?: string): SavedModel;

  /**
   * Whether `fit` ends after the current batch. Set it in a callback.
   *
   * @throws TypeError (`ERR_OPTION_TYPE`) for anything but true and false
   */
  get stopTraining(): boolean {
    this.checkSelf();
    return this.#stopTraining;
  }

  set stopTraining(stop: boolean) {
    this.checkSelf();
    this.#stopTraining = stop;
    if (stop) this.#onStop?.();
  }

  /** For a strategy, which trains elsewhere: called when this model's training is stopped. @internal */
  whenStopped(stop: (() => void) | undefined): void {
    this.#onStop = stop;
  }

  /** Joins a group of processes that train the model. @internal */
  joinReplicas(group: ReplicaGroup): void {
    this.compiledFor("fit").group = group;
  }

  /** For a strategy: refuses options and data that `fit` would refuse before its first step. @internal */
  checkFit(x: DataInput | BatchStream, y: DataInput | undefined, options: FitOptions): void {
    prepared(this, this.compiledFor("fit"), x, y, options, true);
  }

  /** The optimizer of `compile`, or `null`. */
  get optimizer(): Optimizer | null {
    this.checkSelf();
    return this.#training?.optimizer ?? null;
  }

  /** @internal */
  protected override get inputCount(): InputCount {
    return this.takesList ? "list" : "any";
  }

  /** @internal */
  override get compiled(): Training | undefined {
    this.checkSelf();
    return this.#training;
  }

  /** The arguments of `compile`, or `null`. @internal */
  get compileOptions(): CompileOptions | null {
    return this.#training?.options ?? null;
  }

  /**
   * Configures training. The optimizer's state is reset; the weights are kept.
   *
   * @param options - {@link CompileOptions}, or an optimizer, or its name in Keras's spelling or in camelCase.
   * @param loss - {@link CompileOptions.loss}, or the options.
   * @param lossWeights - {@link CompileOptions.lossWeights}, the metrics, or the options.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown optimizer, loss or
   * metric, with the nearest known name
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an option that is unknown, given twice, out of range or of the wrong type; ValueError (`ERR_BUSY`) during a run
   * @see [Model training APIs](https://keras.io/api/models/model_training_apis/#compile-method)
   */
  compile(
    options?: CompileOptions | Optimizer | OptimizerName,
    loss?: PlacedLoss,
    lossWeights?: LossWeightsOption | MetricsOption | CompileOptions,
    others?: CompileOptions,
  ): void;
  compile(...given: unknown[]): void {
    this.checkSelf();
    const options = placedCompileOptions(given);
    this.#refuseWhileFitting("compile");
    this.#training?.refuseInside();

    const training = refusable(() => new Training(this, options));
    this.#training?.recorded?.free();
    this.#training = training;
  }

  /**
   * Trains the model on data.
   *
   * @param x - Samples along the first axis: a tensor, nested lists or a typed array; for several inputs a list, or an
   * object by name. Or batches, from a list, a (generator) function or an (async) iterable.
   * @param y - Labels, in the same forms; none with batches.
   * @param options - {@link FitOptions}.
   * @returns The history: losses and metrics of every epoch.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers, do not fit the model, or have an index or a class out of range;
   * before anything is trained
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`)
   * for an option that is unknown, out of range, of the wrong type, or excluded by another
   * @throws ValueError (`ERR_NOT_COMPILED`) before `compile`, (`ERR_BUSY`) during another run of this model, or of
   * another one with one of these callbacks; DisposedError (`ERR_DISPOSED`) after `dispose`; the signal's reason when it
   * is aborted
   * @see [Model training APIs](https://keras.io/api/models/model_training_apis/#fit-method)
   */
  async fit(x: DataInput | BatchStream, y?: DataInput | FitOptions | null, options?: FitOptions): Promise<History> {
    checkObject(this, "fit");
    if (arguments.length > 3) refusePlaced(arguments);
    this.checkSelf();
    const given = this.#given("fit", x, y, options);
    const training = this.compiledFor("fit");
    this.#refuseWhileFitting("fit");
    this.#fitting = true;
    try {
      if (training.strategy !== null) {
        const { strategy } = training;
        this.history = await underWay(this, () => strategy.fit(this, x, given.y, given.options));
        return this.history;
      }
      const history = new History();
      const begin = () => {
        this.history = history;
        return history;
      };
      return await underWay(this, () => runFit(this, training, x, given.y, given.options, begin));
    } finally {
      this.#fitting = false;
    }
  }

  /**
   * Computes loss and metrics over data, without training.
   *
   * @param x - Samples along the first axis: a tensor, nested lists or a typed array; for several inputs a list, or an
   * object by name. Or batches, from a list, a (generator) function or an (async) iterable.
   * @param y - Labels, in the same forms; none with batches.
   * @param options - {@link EvaluateOptions}.
   * @returns The loss alone if there are no metrics, otherwise a list: the loss first, then the metrics; with
   * `returnDict` an object by name. All are means over the samples.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers, do not fit the model, or have an index or a class out of range
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`)
   * for an option that is unknown, out of range, of the wrong type, or excluded by another
   * @throws ValueError (`ERR_NOT_COMPILED`) before `compile`, (`ERR_BUSY`) during another run of this model, or of
   * another one with one of these callbacks; DisposedError (`ERR_DISPOSED`) after `dispose`; the signal's reason when it
   * is aborted
   * @see [Model training APIs](https://keras.io/api/models/model_training_apis/#evaluate-method)
   */
  async evaluate(
    x: DataInput | BatchStream,
    y: DataInput | null | undefined,
    options: EvaluateOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async evaluate(
    x: DataInput | BatchStream,
    options: EvaluateOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async evaluate(
    x: DataInput | BatchStream,
    y?: DataInput | EvaluateOptions | null,
    options?: EvaluateOptions,
  ): Promise<LossAndMetrics>;
  async evaluate(
    x: DataInput | BatchStream,
    second?: DataInput | EvaluateOptions | null,
    third?: EvaluateOptions,
  ): Promise<unknown> {
    checkMethod(this, "evaluate", arguments.length, 3);
    this.checkSelf();
    const { y, options } = this.#given("evaluate", x, second, third);
    const training = this.compiledFor("evaluate");
    return underWay(this, () => evaluate(this, training, x, y, options));
  }

  /**
   * Computes the model's outputs for data.
   *
   * @param x - Samples along the first axis: a tensor, nested lists or a typed array; for several inputs a list, or an
   * object by name. Or batches, from a list, a (generator) function or an (async) iterable.
   * @param options - {@link RunOptions}.
   * @returns A tensor with separate memory, of the output's shape with all samples along the first axis. For several
   * outputs, the first; `predictAll` returns all.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers, do not fit the model, or have an index or a class out of range
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`)
   * for an option that is unknown, out of range, of the wrong type, or excluded by another
   * @throws ValueError (`ERR_BUSY`) during a run of another model with one of these callbacks; DisposedError
   * (`ERR_DISPOSED`) after `dispose`; the signal's reason when it is aborted
   * @see [Model training APIs](https://keras.io/api/models/model_training_apis/#predict-method)
   */
  async predict(x: DataInput | InputStream, options: RunOptions = {}): Promise<Tensor<"float32">> {
    checkMethod(this, "predict", arguments.length, 2);
    const outputs = await this.predictAll(x, options);
    return outputs[0]!;
  }

  /**
   * Computes the model's outputs for data, always as a list.
   *
   * @param x - Samples along the first axis: a tensor, nested lists or a typed array; for several inputs a list, or an
   * object by name. Or batches, from a list, a (generator) function or an (async) iterable.
   * @param options - {@link RunOptions}.
   * @returns A list with one tensor for each output, as `predict` returns it.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers, do not fit the model, or have an index or a class out of range
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`)
   * for an option that is unknown, out of range, of the wrong type, or excluded by another
   * @throws ValueError (`ERR_BUSY`) during a run of another model with one of these callbacks; DisposedError
   * (`ERR_DISPOSED`) after `dispose`; the signal's reason when it is aborted
   * @see [Model training APIs](https://keras.io/api/models/model_training_apis/#predict-method)
   */
  async predictAll(x: DataInput | InputStream, options: RunOptions = {}): Promise<Tensor<"float32">[]> {
    checkMethod(this, "predictAll", arguments.length, 2);
    this.checkSelf();
    return underWay(this, () =>
      predict(this, this.#training ?? uncompiled(this), x as DataInput | BatchStream, options),
    );
  }

  /**
   * Trains on one batch: one update with these samples.
   *
   * @param x - One batch of samples, as for `fit`.
   * @param y - Their labels.
   * @param options - {@link OnBatchOptions}.
   * @returns Loss and metrics of this batch, before the update: a number, a list of numbers, or an object by name.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers, do not fit the model, or have an index or a class out of range
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`)
   * for an option that is unknown, out of range, of the wrong type, or excluded by another
   * @throws ValueError (`ERR_NOT_COMPILED`) before `compile`, (`ERR_BUSY`) during another run of this model;
   * DisposedError (`ERR_DISPOSED`) after `dispose`
   * @see [Model training APIs](https://keras.io/api/models/model_training_apis/#train_on_batch-method)
   */
  async trainOnBatch(
    x: DataInput,
    y: DataInput | null | undefined,
    options: OnBatchOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async trainOnBatch(
    x: DataInput,
    options: OnBatchOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async trainOnBatch(
    x: DataInput,
    y?: DataInput | OnBatchOptions | null,
    options?: OnBatchOptions,
  ): Promise<LossAndMetrics>;
  async trainOnBatch(
    x: DataInput,
    second?: DataInput | OnBatchOptions | null,
    third?: OnBatchOptions,
  ): Promise<unknown> {
    checkMethod(this, "trainOnBatch", arguments.length, 3);
    this.checkSelf();
    const { y, options } = this.#given("trainOnBatch", x, second, third);
    return this.#onBatch("trainOnBatch", x, y, options);
  }

  /**
   * Computes loss and metrics of these samples, without an update.
   *
   * @param x - One batch of samples, as for `fit`.
   * @param y - Their labels.
   * @param options - {@link TestOnBatchOptions}.
   * @returns Loss and metrics of this batch: a number, a list of numbers, or an object by name.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers, do not fit the model, or have an index or a class out of range
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`)
   * for an option that is unknown, out of range, of the wrong type, or excluded by another
   * @throws ValueError (`ERR_NOT_COMPILED`) before `compile`, (`ERR_BUSY`) during another run of this model;
   * DisposedError (`ERR_DISPOSED`) after `dispose`
   * @see [Model training APIs](https://keras.io/api/models/model_training_apis/#test_on_batch-method)
   */
  async testOnBatch(
    x: DataInput,
    y: DataInput | null | undefined,
    options: TestOnBatchOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async testOnBatch(
    x: DataInput,
    options: TestOnBatchOptions & { readonly returnDict: true },
  ): Promise<Record<string, number>>;
  async testOnBatch(
    x: DataInput,
    y?: DataInput | TestOnBatchOptions | null,
    options?: TestOnBatchOptions,
  ): Promise<LossAndMetrics>;
  async testOnBatch(
    x: DataInput,
    second?: DataInput | TestOnBatchOptions | null,
    third?: TestOnBatchOptions,
  ): Promise<unknown> {
    checkMethod(this, "testOnBatch", arguments.length, 3);
    this.checkSelf();
    const { y, options } = this.#given("testOnBatch", x, second, third);
    return this.#onBatch("testOnBatch", x, y, options);
  }

  /** Whether a metric gets better upwards or downwards. @internal */
  metricDirection(name: string): "up" | "down" | undefined {
    // Custom steps also report metrics of fields and of addMetric.
    const own = () => this.metrics.find((_, i) => this.metricNames[i] === name)?.direction;
    return this.#training?.tracker?.direction(name) ?? own();
  }

  /**
   * Calls the model, and builds it first if it is not built yet. Outside of a step, temporaries are freed at once, and
   * the result has separate memory.
   *
   * @param inputs - Numbers with the batch axis in any form, or symbolic tensors, for a nested model; several as a list
   * or by name.
   * @param options - {@link ApplyOptions}.
   * @returns The output, with the shape of `computeOutputShape`; a symbolic tensor for symbolic inputs. For several
   * outputs a list, or an object if they have names; its type may be given:
   * `model.apply<[SymbolicTensor, SymbolicTensor]>(x)`.
   * @throws ValueError, TypeError (`ERR_SHAPE`, `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_OPTION_TYPE`,
   * `ERR_OPTION_UNKNOWN`, `ERR_NOT_IMPLEMENTED`) as `Layer.apply`; ValueError (`ERR_BUSY`) when a model calls
   * itself
   */
  override apply(inputs: TensorLike | readonly TensorLike[], options?: ApplyOptions): Tensor<"float32">;
  override apply(inputs: SymbolicTensor | readonly SymbolicTensor[], options?: ApplyOptions): SymbolicTensor;
  override apply<R extends ResultList>(inputs: SeveralInputs, options?: ApplyOptions): R;
  override apply(inputs: never, options?: ApplyOptions): unknown {
    checkMethod(this, "apply", arguments.length, 2);
    this.checkSelf();
    if (currentArena() !== undefined) {
      const result: unknown = super.apply(inputs, options);
      const list = resultList(result, this.outputKeys);
      if (this.#training !== undefined && !(list[0] instanceof SymbolicTensor)) {
        this.#training.steps.note(list as readonly Tensor[]);
      }
      return result;
    }
    return scratch(() =>
      refusable(() => {
        const result: unknown = super.apply(inputs, options);
        const keys = this.outputKeys;
        if (resultList(result, keys)[0] instanceof SymbolicTensor) return result;
        this.settleLosses();
        return mapResults(result, keys, (tensor) => keep(tensor as Tensor));
      }),
    );
  }

  /**
   * Computes the outputs of one batch.
   *
   * @param x - One batch of samples, as for `fit`.
   * @returns A tensor in separate memory, with the batch axis; a list for several outputs.
   * @throws ValueError, TypeError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`,
   * `ERR_INDEX_RANGE`) for data that are not numbers, do not fit the model, or have an index out of range; DisposedError
   * (`ERR_DISPOSED`) after `dispose`
   * @see [Model training APIs](https://keras.io/api/models/model_training_apis/#predict_on_batch-method)
   */
  async predictOnBatch(x: DataInput): Promise<Tensor<"float32">> {
    checkMethod(this, "predictOnBatch", arguments.length, 1);
    this.checkSelf();
    const samples = samplesOf("predictOnBatch", this, { x });
    const training = this.#training ?? uncompiled(this);
    const outputs = underWayNow(this, () => predictedBatch(this, training, wholeBatch(samples)));
    return (outputs.length > 1 ? outputs : outputs[0]) as Tensor<"float32">;
  }

  /** Frees the weights and the memory of training steps. Using the model afterwards is an error. */
  override dispose(): void {
    checkMethod(this, "dispose", arguments.length, 0);
    super.dispose();
    this.#training?.recorded?.free();
  }

  /** Whether losses or metrics need labels. @internal */
  get needsLabels(): boolean {
    return this.#training?.needsLabels ?? true;
  }

  #given<O extends object>(owner: string, x: unknown, y: DataInput | O | null | undefined, options: O | undefined) {
    return labelsAndOptions(owner, x, y, options, this.outputNames, this.needsLabels);
  }

  #onBatch(
    owner: "trainOnBatch" | "testOnBatch",
    x: DataInput,
    y: DataInput | undefined,
    options: OnBatchOptions,
  ): Scores {
    const training = this.compiledFor(owner);
    const isTraining = owner === "trainOnBatch";
    if (isTraining) this.#refuseWhileFitting(owner);
    const returnDict = checkedOnBatch(owner, options);
    const samples = samplesOf(owner, this, { x, y, sampleWeight: options.sampleWeight });
    const given = options.classWeight ?? undefined;
    const classWeights = given === undefined ? undefined : new ClassWeights(owner, given);
    classWeights?.check(samples);
    const tally = training.steps.begin(isTraining ? "train" : "test");
    try {
      // User code that runs meanwhile cannot add or remove layers.
      underWayNow(this, () => {
        if (isTraining) training.train(wholeBatch(samples), { tally, classWeights });
        else training.test(wholeBatch(samples), { tally });
      });
      return scores(tally, returnDict);
    } finally {
      tally.close();
    }
  }

  #refuseWhileFitting(owner: string): void {
    if (!this.#fitting) return;
    throw new ValueError(
      "ERR_BUSY",
      `${this.name}: ${owner} cannot start while fit runs on the same model. Wait for its promise first.`,
    );
  }
}
