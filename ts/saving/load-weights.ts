/**
 * Weights, and the optimizer's state, from a file.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { TrainableModel } from "../models/trainable-model.js";
import { boolean, checkCount, checkKnownOptions, counted } from "../options.js";
import type { AbortSignal } from "../platform-types.js";
import { sameShape, sizeOf } from "../shape.js";
import { warnOnce } from "../warnings.js";
import type { WeightHolder } from "../weights.js";
import { checkFinite, type ReadTensor, readTensors, writeTensors } from "./assignment.js";
import { checkedModel, type SavableModel } from "./checked-model.js";
import { nameOf } from "./formats/chosen-format.js";
import { type WeightsFormat, weightsFormat } from "./formats/formats.js";
import { AVERAGES } from "./formats/keras-groups.js";
import { numbersOf, type StoredTensor } from "./formats/stored-tensor.js";
import { type FileProgress, watched } from "./stores/progress.js";
import { bytesOf, type Source } from "./stores/sources.js";
import { namedState, namedWeights, OPTIMIZER } from "./weight-names.js";

/** Options of {@link loadWeights}. */
export interface LoadWeightsOptions {
  /** The format. Default: null, by the source's ending. */
  readonly format?: WeightsFormat | null | undefined;
  /** Loads the weights that the file and the model have in common. Default: false, the names must match both ways. */
  readonly byName?: boolean | undefined;
  /** Leaves out weights of another shape, with a warning. Default: false. */
  readonly skipMismatch?: boolean | undefined;
  /** Takes NaN and infinities. Default: false. */
  readonly allowNonfinite?: boolean | undefined;
  /** Ends the reading, and rejects with its reason. Default: null. */
  readonly signal?: AbortSignal | null | undefined;
  /** Called with the bytes of each file so far, every 4 MB at least; an error that it throws ends the reading. Default: null. */
  readonly onProgress?: ((progress: FileProgress) => void) | null | undefined;
}

/**
 * Loads weights that `saveWeights`, or any program that writes safetensors or NumPy's .npz, saved. The file is read
 * and checked as a whole before the first weight changes.
 *
 * The state of the optimizer is loaded when the file has it and the model is compiled; state of another optimizer is left out
 * with a warning, as in Keras.
 *
 * @param model - A built model.
 * @param source - A path, a URL, `"indexeddb://name"`, `"opfs://path"`, a `FileSystemFileHandle`, a `Blob` or `File`, a stream,
 * or bytes, which stay the caller's.
 * @throws ValueError with `ERR_FILE_INVALID` (damaged), `ERR_FILE_FORMAT`, `ERR_WEIGHTS_NAMES`, `ERR_WEIGHTS_SHAPE`,
 * `ERR_NOT_BUILT`; FileError with `ERR_FILE_ACCESS`
 * @see https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 * import { loadWeights, saveWeights } from "gradstep/saving";
 *
 * const model = new Sequential([new layers.Dense(1, { inputShape: [2], name: "head" })]);
 * const bytes = await saveWeights(model, { format: "npz" });
 * await loadWeights(model, bytes, { format: "npz", byName: true });
 * console.log(model.getWeights().length); // 2
 * ```
 */
export async function loadWeights(
  model: SavableModel,
  source: Source,
  options: LoadWeightsOptions = {},
): Promise<void> {
  const owner = "loadWeights";
  checkCount(owner, arguments.length, 3);
  checkKnownOptions(owner, options, ["format", "byName", "skipMismatch", "allowNonfinite", "signal", "onProgress"]);
  const byName = boolean(owner, "byName", options.byName ?? false);
  const skipMismatch = boolean(owner, "skipMismatch", options.skipMismatch ?? false);
  const allowNonfinite = boolean(owner, "allowNonfinite", options.allowNonfinite ?? false);
  const target = checkedModel(owner, model);
  const codec = weightsFormat(owner, { format: options.format, place: source, isWritten: false });
  if (!target.built) {
    throw new ValueError(
      "ERR_NOT_BUILT",
      `${owner}: ${target.name} has no weights yet. Build it: give inputShape, or call build(shape) first.`,
    );
  }
  const file = nameOf(source) ?? "the file";
  const watch = watched(owner, options);
  const { signal } = watch;
  try {
    const bytes = await bytesOf(owner, source, signal, watch.tellOf(file));
    const wanted = namedWeights(target);
    const names = new Map([...wanted].map(([name, weight]) => [weight, name]));
    const { tensors: all, state } = await codec.read(file, bytes, { model: target, names });
    const tensors = new Map([...all].filter(([name]) => name !== AVERAGES));
    const modes = all.get(AVERAGES);
    const averageModes = modes === undefined ? [] : [...(await numbersOf(AVERAGES, modes))].map(Boolean);
    if (!byName) checkNames(owner, file, target, wanted, tensors);
    const read = new Map<string, ReadTensor>();
    const isState = canBeState(target, tensors);
    for (const [name, tensor] of tensors) {
      const weight = wanted.get(name);
      if (weight === undefined && !(isState && name.startsWith(OPTIMIZER))) continue;
      // What has another shape is not unpacked: a small file may have a huge one.
      const isRead = weight === undefined || sameShape(tensor.shape, weight.shape);
      read.set(name, { shape: tensor.shape, data: isRead ? await numbersOf(name, tensor) : new Float32Array(0) });
      signal?.throwIfAborted();
    }
    if (!isState) warnOfOther(owner, file, target);
    const placed = await readTensors(owner, file, state ?? new Map(), { allowNonfinite, signal });
    if (state === null) warnOfOther(owner, file, target);
    // From here on nothing waits: the model cannot change between checks and writing.
    const found = new Map<WeightHolder, ReadTensor>();
    for (const [name, holder] of namedWeights(target)) {
      const tensor = read.get(name);
      if (tensor === undefined) continue;
      if (!sameShape(tensor.shape, holder.shape)) {
        const message = `${owner}: "${name}" has the shape [${tensor.shape.join(", ")}] in ${file}, and [${holder.shape.join(", ")}] in ${target.name}.`;
        if (!skipMismatch)
          throw new ValueError("ERR_WEIGHTS_SHAPE", `${message} With skipMismatch: true it is left out.`);
        warnOnce(target, `${message} It was left out.`);
        continue;
      }
      if (!allowNonfinite) checkFinite(owner, name, tensor.data, file);
      found.set(holder, tensor);
    }
    for (const [holder, tensor] of stateIn(read, file, target, allowNonfinite)) found.set(holder, tensor);
    for (const [holder, tensor] of placed) found.set(holder, tensor);
    writeTensors(owner, target, found);
    if (target.optimizer !== null) target.optimizer.averageModes = averageModes;
  } finally {
    watch.done();
  }
}

/** Refuses weights that only one of the two has. */
function checkNames(
  owner: string,
  file: string,
  model: TrainableModel,
  wanted: ReadonlyMap<string, unknown>,
  tensors: ReadonlyMap<string, unknown>,
): void {
  const missing = [...wanted.keys()].filter((name) => !tensors.has(name));
  const unknown = [...tensors.keys()].filter((name) => !(wanted.has(name) || name.startsWith(OPTIMIZER)));
  if (missing.length === 0 && unknown.length === 0) return;
  const some = (names: readonly string[]) =>
    `${names
      .slice(0, 4)
      .map((name) => JSON.stringify(name))
      .join(", ")}${names.length > 4 ? ", ..." : ""}`;
  const faults = [
    ...(missing.length === 0
      ? []
      : [`${file} lacks ${counted(missing.length, "weight")} of ${model.name} (${some(missing)})`]),
    ...(unknown.length === 0
      ? []
      : [`${model.name} lacks ${counted(unknown.length, "tensor")} of ${file} (${some(unknown)})`]),
  ];
  throw new ValueError(
    "ERR_WEIGHTS_NAMES",
    `${owner}: ${faults.join(", and ")}. Give the layers the names in the file, or load what both have by byName: true.`,
  );
}

/** Times the numbers of the weights that an optimizer's state may have: five in Keras's largest. */
const MOST_STATE = 8;

/** Whether the entries for an optimizer can be those of the model's, by their size. */
function canBeState(model: TrainableModel, tensors: ReadonlyMap<string, StoredTensor>): boolean {
  const sizes = [...tensors].map(([name, { shape }]) => (name.startsWith(OPTIMIZER) ? sizeOf(shape) : 0));
  const numbers = model.weights.reduce((sum, { size }) => sum + size, 0);
  return sizes.reduce((sum, size) => sum + size, 0) <= MOST_STATE * numbers + 1024;
}

/** Names that were made unique are the same: the second Adam of a process is "adam_1". */
const unnumbered = (name: string) => name.replace(/_\d+(?=\/)/g, "");

/** The optimizer's state in the file, all of it or, with a warning, none. */
function stateIn(
  read: ReadonlyMap<string, ReadTensor>,
  file: string,
  model: TrainableModel,
  allowNonfinite: boolean,
): Map<WeightHolder, ReadTensor> {
  const owner = "loadWeights";
  const found = new Map<WeightHolder, ReadTensor>();
  const names = [...read.keys()].filter((name) => name.startsWith(OPTIMIZER));
  const { optimizer } = model;
  if (names.length === 0 || optimizer === null) return found;
  optimizer.build(model.trainableWeights);
  const state = namedState(model);
  const saved = new Map(names.map((name) => [unnumbered(name), read.get(name) as ReadTensor]));
  for (const [name, holder] of state) {
    const tensor = saved.get(unnumbered(name));
    if (tensor === undefined || !sameShape(tensor.shape, holder.shape)) break;
    if (!allowNonfinite) checkFinite(owner, name, tensor.data, file);
    found.set(holder, tensor);
  }
  if (found.size === state.size && names.length === state.size) return found;
  warnOfOther(owner, file, model);
  return new Map();
}

function warnOfOther(owner: string, file: string, model: TrainableModel): void {
  warnOnce(
    model,
    `${owner}: ${file} has the state of another optimizer than ${model.optimizer?.name} of ${model.name}. It was left out: the optimizer starts anew.`,
  );
}
