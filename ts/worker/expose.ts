/**
 * Serving from a custom worker script.
 *
 * @module
 */

import { ownEndpoint } from "#worker-scope";
import { type CustomObjects, checkCustomObjects } from "../custom-objects.js";
import { ArgumentTypeError } from "../errors.js";
import { Model } from "../models/model.js";
import { checkCount, checkKnownOptions, shown } from "../options.js";
import { serve } from "./service.js";

/** Options of {@link expose}. */
export interface ExposeOptions {
  /** A model created by the script: the main thread connects to it with {@link connect}. */
  readonly model?: Model | undefined;
  /**
   * Custom classes and functions of any family (layers, optimizers, schedules, losses, metrics, activations,
   * initializers, regularizers, constraints) by name, used by {@link offload}, `RemoteOptimizer` and
   * `MirroredStrategy`.
   */
  readonly customObjects?: CustomObjects | undefined;
  /** Additional custom layers: the former name of the option. */
  readonly customLayers?: CustomObjects | undefined;
  /** Additional custom optimizers: the former name of the option. */
  readonly customOptimizers?: CustomObjects | undefined;
}

/**
 * Prepares a custom worker script for {@link offload} and {@link connect}. Call it once, before the script's first
 * `await`: earlier messages of the main thread may be lost.
 *
 * @param options - {@link ExposeOptions}.
 * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`, `ERR_OTHER_COPY`) for an option that is
 * unknown or of the wrong type, such as anything but a model
 * @throws ModuleError (`ERR_MODULE_UNSUPPORTED`) on a main thread
 * @example
 * ```js
 * // worker.js
 * import { layers, Sequential } from "gradstep";
 * import { expose } from "gradstep/worker";
 *
 * const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
 * model.compile({ optimizer: "adam", loss: "mse" });
 * expose({ model });
 * ```
 */
export function expose(options: ExposeOptions = {}): void {
  checkCount("expose", arguments.length, 1);
  checkKnownOptions("expose", options, ["model", "customObjects", "customLayers", "customOptimizers"]);
  const { model, customObjects, customLayers, customOptimizers } = options;
  const sets = [customObjects, customLayers, customOptimizers].filter((objects) => objects !== undefined);
  for (const objects of sets) checkCustomObjects("expose", objects);
  if (model !== undefined && !(model instanceof Model)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `expose: "model" must be a model, got ${shown(model)}.`);
  }
  serve(ownEndpoint(), { model, customObjects: sets });
}
