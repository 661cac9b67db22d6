/**
 * Loading of weights and the optimizer's state.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { TrainableModel } from "../models/trainable-model.js";
import { boolean, checkCount, checkKnownOptions, counted } from "../options.js";
import type { AbortSignal } from "../platform-types.js";
import { sameShape } from "../shape.js";
import { warnOnce } from "../warnings.js";
import type { WeightHolder } from "../weights.js";
import { type ReadTensor, readTensor, writeTensors } from "./assignment.js";
import { checkedModel, type SavableModel } from "./checked-model.js";
import { checkedExtras } from "./extras.js";
import { nameOf } from "./formats/chosen-format.js";
import { type WeightsFormat, weightsFormat } from "./formats/formats.js";
import { RUN_STATE, runStateIn } from "./formats/run-state.js";
import { isState } from "./formats/state-names.js";
import { readStates, restoreStates } from "./optimizer-states.js";
import type { FileInParts } from "./stores/in-parts.js";
import { type FileProgress, watched } from "./stores/progress.js";
import { bytesOf, inParts, type Source } from "./stores/sources.js";
import { namedWeights } from "./weight-names.js";

/** Options of {@link loadWeights}. */
export interface LoadWeightsOptions {
  /** The format. Default: null, by the source's extension. */
  readonly format?: WeightsFormat | null | undefined;
  /**
   * Whether to load only the weights that the file and the model have in common. Default: false, both must have the
   * same names.
   */
  readonly byName?: boolean | undefined;
  /** Whether to skip weights of another shape, with a warning. Default: false. */
  readonly skipMismatch?: boolean | undefined;
  /** Whether to accept NaN and infinities. Default: false. */
  readonly allowNonfinite?: boolean | undefined;
  /** Aborts reading, which rejects with the signal's reason. Default: null. */
  readonly signal?: AbortSignal | null | undefined;
  /**
   * Called with the number of bytes read so far of each file, at least every 4 MB; if it throws, reading ends. Default:
   * null.
   */
  readonly onProgress?: ((progress: FileProgress) => void) | null | undefined;
}

/**
 * Loads weights that were saved by `saveWeights`, or by any program that writes safetensors or NumPy's .npz. The file
 * is read and checked completely before the first weight changes.
 *
 * The state of the optimizer is loaded if the file has it and the model is compiled; state of another optimizer is
 * skipped with a warning, as in Keras. With the state, the random generators continue as in the saved run: the next
 * `fit` has the same bits, unless a seed is set before.
 *
 * @param model - A built model.
 * @param source - A path, a URL, `"indexeddb://name"`, `"opfs://path"`, a `FileSystemFileHandle`, a `Blob` or `File`, a stream,
 * or bytes, which are not changed.
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
  const tell = watch.tellOf(file);
  let open: FileInParts | undefined;
  try {
    open = codec.readInParts === undefined ? undefined : await inParts(source, signal, tell);
    const bytes = open === undefined ? await bytesOf(owner, source, signal, tell) : new Uint8Array();
    const wanted = namedWeights(target);
    const named = { model: target, names: new Map([...wanted].map(([name, weight]) => [weight, name])) };
    const contents = open === undefined ? codec.read(file, bytes, named) : codec.readInParts!(file, open);
    const { tensors: all, metadata, ...placed } = await contents;
    const extras = await runStateIn(file, (open ?? bytes).length, { tensors: all, metadata });
    checkedExtras(extras);
    const tensors = new Map([...all].filter(([name]) => name !== RUN_STATE));
    if (!byName) checkNames(owner, file, target, wanted, tensors);
    const fits = (name: string, { shape }: Pick<ReadTensor, "shape">, holder: WeightHolder): boolean => {
      if (sameShape(shape, holder.shape)) return true;
      const message = `${owner}: "${name}" has the shape [${shape.join(", ")}] in ${file}, and [${holder.shape.join(", ")}] in ${target.name}.`;
      if (!skipMismatch) throw new ValueError("ERR_WEIGHTS_SHAPE", `${message} skipMismatch: true skips it.`);
      warnOnce(target, `${message} It was skipped.`);
      return false;
    };
    const reading = { allowNonfinite, signal };
    const read = new Map<string, ReadTensor>();
    for (const [name, weight] of wanted) {
      const tensor = tensors.get(name);
      // Weights of another shape are not unpacked: a small file may contain a huge one.
      if (tensor === undefined || !fits(name, tensor, weight)) continue;
      read.set(name, await readTensor(owner, file, weight, { name, tensor }, reading));
    }
    const states = await readStates(owner, file, target, { ...placed, tensors }, extras, reading);
    // From here on everything is synchronous: the model cannot change between checks and writing.
    const found = new Map<WeightHolder, ReadTensor>();
    for (const [name, holder] of namedWeights(target)) {
      const tensor = read.get(name);
      if (tensor !== undefined && fits(name, tensor, holder)) found.set(holder, tensor);
    }
    open?.checkUnchanged();
    writeTensors(owner, target, new Map([...found, ...states.tensors]));
    restoreStates(target, states, extras);
    open?.checkUnchanged();
  } finally {
    watch.done();
    await open?.close();
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
  const unknown = [...tensors.keys()].filter((name) => !(wanted.has(name) || isState(name)));
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
