/**
 * Serving from a worker script of the user's own.
 *
 * @module
 */

import { ownEndpoint } from "#worker-scope";
import { ArgumentTypeError } from "../errors.js";
import type { CustomLayers } from "../layers/registry.js";
import { Model } from "../models/model.js";
import type { CustomOptimizers } from "../optimizers/registry.js";
import { checkKnownOptions, shown } from "../options.js";
import { serve } from "./service.js";

/** What {@link expose} serves. */
export interface ExposeOptions {
  /** A model that the script has made: the main thread drives it by {@link connect}. */
  readonly model?: Model | undefined;
  /** Layer classes of your own, by name, for models that the main thread sends by {@link offload}. */
  readonly customLayers?: CustomLayers | undefined;
  /** Optimizer classes of your own, by name, for what comes by {@link offload} and `RemoteOptimizer`. */
  readonly customOptimizers?: CustomOptimizers | undefined;
}

/**
 * Makes a worker script of your own one that {@link offload} and {@link connect} can use. Call it once, before
 * the script's first `await`: what the main thread sends earlier may be lost.
 *
 * @throws TypeError for what is no model, ModuleError on a main thread
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
  checkKnownOptions("expose", options, ["model", "customLayers", "customOptimizers"]);
  const { model, customLayers, customOptimizers } = options;
  if (model !== undefined && !(model instanceof Model)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `expose: "model" must be a model, got ${shown(model)}.`);
  }
  serve(ownEndpoint(), { model, customLayers, customOptimizers });
}
