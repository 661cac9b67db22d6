/**
 * Statistics of batch normalization for weights that no training step has seen, such as averages of weights.
 *
 * @module
 */

import { scratch } from "../autodiff/arena.js";
import { isA } from "../brands.js";
import { CallbackList } from "../callbacks/callback-list.js";
import { ArgumentTypeError } from "../errors.js";
import { BatchMeans, gathering } from "../layers/batch-means.js";
import { boolean, checkCount, checkKnownOptions, shown } from "../options.js";
import { withUpdatesLast } from "../updates.js";
import type { PendingBatch } from "./batch.js";
import { underWay } from "./busy.js";
import { inputSource } from "./evaluate.js";
import { Shuffling } from "./fit-data.js";
import { checkedRun, type RunOptions } from "./fit-options.js";
import { closing, goThrough } from "./loop.js";
import type { DataInput } from "./samples.js";
import type { InputStream } from "./stream.js";
import { TrainableModel } from "./trainable-model.js";

/** Options of {@link updateBatchNormalization}. */
export interface UpdateBatchNormalizationOptions extends Pick<RunOptions, "batchSize" | "steps" | "signal"> {
  /** A new order of the samples, as in `fit`. Batches are taken in their order. Default: true. */
  readonly shuffle?: boolean | undefined;
}

const OPTIONS = ["batchSize", "steps", "signal", "shuffle"];
const OWNER = "updateBatchNormalization";

/**
 * Sets the moving mean and variance of each `BatchNormalization` layer to the means over batches of training data, by one pass in
 * training mode: `update_bn` of PyTorch. Averages of weights (`SWA`, `useEma`, schedule-free rules) need it, since the moving
 * averages belong to the weights of the training steps.
 *
 * Each batch counts the same. With an optimizer that averages weights, the model has the averages, as in `evaluate`. Dropout is
 * active; layers that are not trainable keep their statistics. No other weight changes.
 *
 * @param model - The model; it need not be compiled.
 * @param x - Inputs of the training data, in the forms of `predict`.
 * @param options - {@link UpdateBatchNormalizationOptions}.
 * @returns a promise that resolves after the pass
 * @throws TypeError (`ERR_OPTION_TYPE`) for anything but a model; ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_RANGE`,
 * `ERR_OPTION_TYPE`, `ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`, `ERR_SHAPE`, `ERR_INDEX_RANGE`) as of
 * `predict`; the signal's reason when it is aborted. The statistics are as before then
 * @see [Izmailov et al. 2018](https://arxiv.org/abs/1803.05407),
 * [torch.optim.swa_utils.update_bn](https://pytorch.org/docs/stable/optim.html#taking-care-of-batch-normalization)
 * @example
 * ```ts
 * import { layers, Sequential, SGD, SWA, updateBatchNormalization } from "gradstep";
 *
 * const model = new Sequential([new layers.BatchNormalization({ inputShape: [1], name: "norm" }), new layers.Dense(1)]);
 * model.compile({ optimizer: new SWA(new SGD(0.1), { averagePeriod: 1 }), loss: "mse" });
 * const x = [[1], [2], [3], [6]];
 * await model.fit(x, [[0], [1], [2], [5]], { epochs: 5, verbose: 0 });
 * await updateBatchNormalization(model, x);
 * console.log(model.getLayer("norm").getWeights()[2]?.data); // Float32Array [3]
 * ```
 */
export async function updateBatchNormalization(
  model: TrainableModel,
  x: DataInput | InputStream,
  options: UpdateBatchNormalizationOptions = {},
): Promise<void> {
  checkCount(OWNER, arguments.length, 3);
  if (!isA(model, TrainableModel)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${OWNER} takes a model, got ${shown(model)}.`);
  }
  model.checkSelf();
  checkKnownOptions(OWNER, options, OPTIONS);
  const { shuffle, ...given } = options;
  const shuffling = boolean(OWNER, "shuffle", shuffle ?? true) ? new Shuffling() : undefined;
  const checked = checkedRun(OWNER, { ...given, verbose: 0 });
  const means = new BatchMeans();
  await underWay(model, async () => {
    const source = inputSource(OWNER, model, x, checked, shuffling);
    const loop = {
      kind: "Predict",
      callbacks: new CallbackList([], model, { verbose: 0, epochs: 1, steps: null }),
      signal: checked.signal,
      limit: checked.steps,
      step: (batch: PendingBatch) => measure(model, batch, means),
      logs: () => ({}),
      isStopped: () => false,
    } as const;
    await closing([source], checked.signal, () => goThrough(source, loop));
    means.write();
  });
  if (means.size === 0) {
    console.warn(`${OWNER}: "${model.name}" has no BatchNormalization layer that is trainable; nothing was changed.`);
  }
}

/** One batch in training mode, of which only the measurements are kept. */
function measure(model: TrainableModel, batch: PendingBatch, means: BatchMeans): void {
  if (model.optimizer !== null) model.optimizer.evaluates = true;
  scratch(() => {
    const updates = withUpdatesLast(() => {
      model.forward(batch.gather().x, true);
      model.settleLosses();
    });
    gathering(means, () => updates.write());
  });
}
