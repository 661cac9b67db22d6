/**
 * Weights, and the optimizer's state, into a file.
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
  /** The format. Default: null, by the target's ending. */
  readonly format?: Exclude<WeightsFormat, "h5"> | null | undefined;
  /** Ends the writing, and rejects with its reason. Default: null. */
  readonly signal?: AbortSignal | null | undefined;
  /** Called with the bytes of each file so far, every 4 MB at least; an error that it throws ends the writing. Default: null. */
  readonly onProgress?: ((progress: FileProgress) => void) | null | undefined;
}

/**
 * Saves a model's weights, and the state of its optimizer once that is built: then that of optimizers in the model's fields and
 * of the random generators too, so that training goes on to the same bits. Values are copied when it is called: training
 * may go on while the file is written. The file is written whole, or not at all.
 *
 * @param model - A built model.
 * @param target - A path or a `file:` URL (Node, Deno, Bun), `"indexeddb://name"`, `"opfs://path"`, `"download://name"`, or a
 * `FileSystemFileHandle`. Without one, the bytes are returned.
 * @returns the bytes when there is no target
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
/** Returns the bytes: without a target, the format is an option. */
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
  // Bytes that are returned are a copy already; what a place still waits for must not change meanwhile.
  const atOnce = hasTarget && takesAtOnce(target, watch);
  const numbers = new Numbers(hasTarget && !atOnce);
  const tensors = [...namedHolders(trained)].map(([name, holder]) => numbers.of(name, holder));
  const metadata = new Map([["format", "gradstep"]]);
  // Weights alone say nothing about a run.
  if (tensors.some(({ name }) => isState(name))) metadata.set(RUN_STATE, JSON.stringify(extrasOf(trained)));
  const pieces = codec.write!({ tensors, metadata, groups: () => groupsOf(trained, numbers) });
  if (!hasTarget) return given(joined(pieces), watch);
  await writeTo(owner, target, pieces, watch, atOnce).finally(watch.done);
  return undefined;
}
