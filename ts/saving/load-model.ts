/**
 * Loading of whole models.
 *
 * @module
 */

import { type CustomObjects, checkCustomObjects } from "../custom-objects.js";
import { toKeras } from "../keras-names.js";
import { makingOverwritten } from "../layers/weight-limit.js";
import { modelFromJSON } from "../models/load.js";
import type { Model } from "../models/model.js";
import { buildCompiled } from "../models/own-optimizers.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { boolean, checkCount, checkKnownOptions } from "../options.js";
import type { AbortSignal } from "../platform-types.js";
import { sharedGenerator } from "../random/generator.js";
import { sameShape } from "../shape.js";
import { warnOnce } from "../warnings.js";
import { readTensors, writeTensors } from "./assignment.js";
import { builtOthers, checkedTrained, restoreExtras } from "./extras.js";
import { nameOf } from "./formats/chosen-format.js";
import { weightCounter } from "./formats/memory-limit.js";
import type { Assignment, StoredModel } from "./formats/model-file.js";
import { MODEL_EXTENSIONS, type ModelFormat, modelFormat } from "./formats/model-formats.js";
import { currentCompiled, currentConfig, OLDER_FUNCTIONS } from "./older-configs.js";
import { placeBeside } from "./stores/beside.js";
import { type FileListLike, fileBeside, isFileList, mainFile, type NamedBlob } from "./stores/file-list.js";
import { type FileProgress, watched } from "./stores/progress.js";
import { bytesOf, type Source } from "./stores/sources.js";

/** Options of {@link loadModel}. */
export interface LoadModelOptions {
  /** The format. Default: null, by the source's extension. */
  readonly format?: ModelFormat | null | undefined;
  /** Custom classes and functions of any family, by the names under which they were saved. Default: none. */
  readonly customObjects?: CustomObjects | null | undefined;
  /** Whether to compile the model as it was saved, with the optimizer's state. Default: true. */
  readonly compile?: boolean | undefined;
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
 * Loads a model that `saveModel`, Keras in Python or TensorFlow.js saved: architecture, weights, and, if it was
 * compiled, optimizer, loss, metrics and the optimizer's state.
 *
 * @param source - A path, a URL, `"indexeddb://name"`, `"opfs://path"`, a `FileSystemFileHandle`, a `Blob` or `File`, a stream,
 * or bytes, which are not changed. For a TensorFlow.js model the place of `model.json`, or a list of its `File`s.
 * @returns A new model; a `Sequential` if it was one.
 * @throws ValueError with `ERR_FILE_INVALID` (damaged), `ERR_FILE_FORMAT`, `ERR_CONFIG_INVALID`,
 * `ERR_CONFIG_UNKNOWN_CLASS`, and the errors of constructors; FileError with `ERR_FILE_ACCESS`
 * @see https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 * import { loadModel, saveModel } from "gradstep/saving";
 *
 * const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
 * model.compile({ optimizer: "adam", loss: "mse" });
 * await model.fit([[1, 2]], [3], { verbose: 0 });
 * const bytes = await saveModel(model, { format: "keras" });
 * const again = await loadModel(bytes, { format: "keras" });
 * console.log(again.optimizer?.iterations); // 1
 * ```
 */
export async function loadModel(source: Source | FileListLike, options: LoadModelOptions = {}): Promise<Model> {
  const owner = "loadModel";
  checkCount(owner, arguments.length, 2);
  checkKnownOptions(owner, options, ["format", "customObjects", "compile", "allowNonfinite", "signal", "onProgress"]);
  const compile = boolean(owner, "compile", options.compile ?? true);
  const allowNonfinite = boolean(owner, "allowNonfinite", options.allowNonfinite ?? false);
  const list = isFileList(source) ? source : undefined;
  const main = list === undefined ? source : mainFile(owner, list, MODEL_EXTENSIONS);
  const codec = modelFormat(owner, { format: options.format, place: main, isWritten: false });
  const file = nameOf(main) ?? "the file";
  const watch = watched(owner, options);
  const { signal, tellOf } = watch;
  let length = 0;
  const read = async (place: unknown, name: string) => {
    const bytes = await bytesOf(owner, place, signal, tellOf(nameOf(place) ?? name));
    length += bytes.length;
    return bytes;
  };
  try {
    const stored = await codec.read(file, await read(main, file), (name) =>
      read(list === undefined ? placeBeside(main, name) : fileBeside(list, main as NamedBlob, name), name),
    );
    const customObjects = options.customObjects ?? {};
    checkCustomObjects(owner, customObjects);
    const json = currentConfig(stored.json, stored.version, customObjects);
    const training = stored.training === undefined ? {} : { compile_config: currentCompiled(stored.training) };
    const compiled = compile ? training : { compile_config: null, optimizers: null };
    const generator = sharedGenerator();
    const { state } = generator;
    const model = makingOverwritten(weightCounter(file, length), () =>
      modelFromJSON({ ...json, ...compiled }, customObjects, OLDER_FUNCTIONS),
    );
    // The initial weights are overwritten: other models draw random numbers as if nothing had been loaded.
    if (stored.extras.random !== undefined) generator.state = state;
    try {
      const others = compile ? builtOthers(model, stored.extras.optimizers) : new Map<string, never>();
      const found = new Map([
        ...stored.weights(model),
        ...stateIn(stored, model, file),
        ...[...others].flatMap(([field, [optimizer]]) => [...otherState(stored, model, file, field, optimizer)]),
      ]);
      const tensors = await readTensors(owner, file, found, { allowNonfinite, signal });
      writeTensors(owner, model, tensors);
      restoreExtras(model, stored.extras);
      for (const [optimizer, { averages }] of others.values()) optimizer.averageModes = averages;
      return model;
    } catch (error) {
      model.optimizer?.dispose();
      model.dispose();
      throw error;
    }
  } finally {
    watch.done();
  }
}

/** Loads the optimizer's state: all of it or, with a warning, none. */
function stateIn(stored: StoredModel, model: Model, file: string): Assignment {
  const { optimizer } = model;
  if (optimizer === null || !model.built) return new Map();
  buildCompiled(model, checkedTrained(model, stored.extras.trained));
  return ofShape(stored.state(model), model, file, optimizer);
}

/** The same, for an optimizer in a field. */
function otherState(stored: StoredModel, model: Model, file: string, field: string, optimizer: Optimizer): Assignment {
  return ofShape(stored.stateOf?.(optimizer, toKeras(field)), model, file, optimizer);
}

function ofShape(state: Assignment | undefined, model: Model, file: string, optimizer: Optimizer): Assignment {
  if (state !== undefined && [...state].every(([{ shape }, { tensor }]) => sameShape(shape, tensor.shape)))
    return state;
  warnOnce(
    model,
    `loadModel: the state in ${file} is not that of ${optimizer.name}. The optimizer starts without state.`,
  );
  return new Map();
}
