/**
 * Saving of whole models.
 *
 * @module
 */

import { checkCount } from "../options.js";
import type { AbortSignal, Bytes } from "../platform-types.js";
import { warnOnce } from "../warnings.js";
import { checkedModel, type SavableModel } from "./checked-model.js";
import type { WrittenFile } from "./formats/model-file.js";
import { type ModelFormat, modelFormat } from "./formats/model-formats.js";
import { writeZip } from "./formats/zip-writer.js";
import { Numbers, snapshotOf } from "./snapshot.js";
import { joined } from "./stores/pieces.js";
import { type FileProgress, given } from "./stores/progress.js";
import { holdsOneFile, isTarget, type Target, takesAtOnce, writeAllTo } from "./stores/targets.js";
import { writeArguments } from "./write-arguments.js";

/** Options of {@link saveModel}. */
export interface SaveModelOptions {
  /** The format. Default: null, by the target's extension. */
  readonly format?: ModelFormat | null | undefined;
  /** Aborts writing, which rejects with the signal's reason. Default: null. */
  readonly signal?: AbortSignal | null | undefined;
  /**
   * Called with the number of bytes written so far of each file, at least every 4 MB; if it throws, writing ends.
   * Default: null.
   */
  readonly onProgress?: ((progress: FileProgress) => void) | null | undefined;
}

/**
 * Saves a model: architecture, weights, the arguments of `compile`, and the state of its optimizer if that is built.
 * Python's `keras.saving.load_model` opens the file. Values are copied when it is called: training may continue while
 * the file is written. The file is written completely or not at all.
 *
 * @param model - A model; if it is not built yet, it is saved without weights.
 * @param target - A path or a `file:` URL (Node, Deno, Bun), `"indexeddb://name"`, `"opfs://path"`, `"download://name"`, or a
 * `FileSystemFileHandle`. Without one, the bytes are returned. TensorFlow.js's `model.json` has its weights in files
 * next to it; if a single file is required, it is a zip archive.
 * @returns the bytes if there is no target
 * @throws ValueError with `ERR_FILE_FORMAT`, `ERR_WEIGHTS_NAMES`; ValueError, TypeError with `ERR_CONFIG_INVALID`,
 * `ERR_NOT_IMPLEMENTED` for parts that have no JSON, such as a function without a name; FileError with
 * `ERR_FILE_ACCESS`
 * @see https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 * import { loadModel, saveModel } from "gradstep/saving";
 *
 * const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
 * const bytes = await saveModel(model, { format: "keras" });
 * const again = await loadModel(bytes, { format: "keras" });
 * console.log(again.countParams()); // 3
 * ```
 */
export async function saveModel(model: SavableModel, target: Target, options?: SaveModelOptions): Promise<undefined>;
/** Returns the bytes; without a target, the format is an option. */
export async function saveModel(model: SavableModel, options: SaveModelOptions): Promise<Bytes>;
export async function saveModel(
  model: SavableModel,
  second: Target | SaveModelOptions,
  third?: SaveModelOptions,
): Promise<Bytes | undefined> {
  const owner = "saveModel";
  checkCount(owner, arguments.length, 3);
  const { hasTarget, target, format, watch } = writeArguments(owner, second, third);
  const { write, main } = modelFormat(owner, { format, place: target, isWritten: true });
  const saved = checkedModel(owner, model);
  if (!saved.built && saved.weights.length === 0) {
    warnOnce(saved, `${owner}: ${saved.name} is not built yet, and so is saved without weights.`);
  }
  const isOne = main !== undefined && (!hasTarget || (isTarget(target) && holdsOneFile(target)));
  const atOnce = hasTarget && (isOne || main === undefined) && takesAtOnce(target, watch);
  const files = write!(snapshotOf(saved, new Numbers(hasTarget && !atOnce)));
  const written = isOne ? [{ beside: null, pieces: packed(files, main) }] : files;
  if (!hasTarget) return given(joined(written[0]!.pieces), watch);
  await writeAllTo(owner, target, written, watch, atOnce).finally(watch.done);
  return undefined;
}

/** Several files as one zip archive. */
function packed(files: readonly WrittenFile[], main: string): readonly Bytes[] {
  return writeZip(files.map(({ beside, pieces }) => ({ name: beside ?? main, pieces })));
}
