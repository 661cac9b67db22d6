/**
 * Saving of weights and the optimizer's state.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { checkCount } from "../options.js";
import type { AbortSignal, Bytes } from "../platform-types.js";
import { checkedModel, type SavableModel } from "./checked-model.js";
import { extrasOf } from "./extras.js";
import { type WeightsFormat, weightsFormat } from "./formats/formats.js";
import { RUN_STATE } from "./formats/run-state.js";
import { isState } from "./formats/state-names.js";
import { groupsOf, Numbers } from "./snapshot.js";
import { joined } from "./stores/pieces.js";
import { type FileProgress, given } from "./stores/progress.js";
import { type Target, takesAtOnce, writeTo } from "./stores/targets.js";
import { namedHolders } from "./weight-names.js";
import { writeArguments } from "./write-arguments.js";

/** Options of {@link saveWeights}. */
export interface SaveWeightsOptions {
  /** The format. Default: null, by the target's extension. */
  readonly format?: Exclude<WeightsFormat, "h5"> | null | undefined;
  /** Aborts writing, which rejects with the signal's reason. Default: null. */
  readonly signal?: AbortSignal | null | undefined;
  /**
   * Called with the number of bytes written so far of each file, at least every 4 MB; if it throws, writing ends.
   * Default: null.
   */
  readonly onProgress?: ((progress: FileProgress) => void) | null | undefined;
}

/**
 * Saves a model's weights, and the state of its optimizer if that is built: then also the state of optimizers in the
 * model's fields and of the random generators, so training continues with the same bits. Values are copied when it is
 * called: training may continue while the file is written. The file is written completely or not at all.
 *
 * @param model - A built model.
 * @param target - A path or a `file:` URL (Node, Deno, Bun), `"indexeddb://name"`, `"opfs://path"`, `"download://name"`, or a
 * `FileSystemFileHandle`. Without one, the bytes are returned.
 * @returns the bytes if there is no target
 * @throws ValueError with `ERR_NOT_BUILT`, `ERR_FILE_FORMAT`, `ERR_WEIGHTS_NAMES`; FileError with `ERR_FILE_ACCESS`
 * @see https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 * import { loadWeights, saveWeights } from "gradstep/saving";
 *
 * const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
 * const bytes = await saveWeights(model, { format: "safetensors" });
 * await loadWeights(model, bytes, { format: "safetensors" });
 * console.log(bytes.length > 12); // true
 * ```
 */
export async function saveWeights(
  model: SavableModel,
  target: Target,
  options?: SaveWeightsOptions,
): Promise<undefined>;
/** Returns the bytes; without a target, the format is an option. */
export async function saveWeights(model: SavableModel, options: SaveWeightsOptions): Promise<Bytes>;
export async function saveWeights(
  model: SavableModel,
  second: Target | SaveWeightsOptions,
  third?: SaveWeightsOptions,
): Promise<Bytes | undefined> {
  const owner = "saveWeights";
  checkCount(owner, arguments.length, 3);
  const { hasTarget, target, format, watch } = writeArguments(owner, second, third);
  const codec = weightsFormat(owner, { format, place: target, isWritten: true });
  const trained = checkedModel(owner, model);
  if (trained.weights.length === 0 && !trained.built) {
    throw new ValueError(
      "ERR_NOT_BUILT",
      `${owner}: ${trained.name} has no weights yet. Build it: give inputShape, call build(shape), or fit it first.`,
    );
  }
  // Returned bytes are a copy already; bytes that are still being written must not change.
  const atOnce = hasTarget && takesAtOnce(target, watch);
  const numbers = new Numbers(hasTarget && !atOnce);
  const tensors = [...namedHolders(trained)].map(([name, holder]) => numbers.of(name, holder));
  const metadata = new Map([["format", "gradstep"]]);
  // A file of only weights contains no state of a run.
  if (tensors.some(({ name }) => isState(name))) metadata.set(RUN_STATE, JSON.stringify(extrasOf(trained)));
  const pieces = codec.write!({ tensors, metadata, groups: () => groupsOf(trained, numbers) });
  if (!hasTarget) return given(joined(pieces), watch);
  await writeTo(owner, target, pieces, watch, atOnce).finally(watch.done);
  return undefined;
}
