/**
 * Offloading: moving a model into a worker.
 *
 * @module
 */

import { ArgumentTypeError, ValueError } from "../errors.js";
import { withGenerators } from "../initializers/random-initializer.js";
import { Model } from "../models/model.js";
import type { StrategyModel } from "../models/strategy.js";
import { boolean, checkCount, checkKnownOptions, shown } from "../options.js";
import type { SeedGenerator } from "../random/generator.js";
import { threadsOption } from "../threads/threads-option.js";
import { Client, type CreateWorker, checkedStarter, starterOption } from "./client.js";
import { movable, stateOf } from "./data/model-state.js";
import type { ModelArgs } from "./data/protocol.js";
import { RemoteModel } from "./remote-model.js";
import { workerSettings } from "./worker-threads.js";

/** Options of {@link offload} and {@link connect}. */
export interface OffloadOptions {
  /**
   * Creates the worker from the URL of the package's script, with a nonce or a name, or from a custom script that calls
   * {@link expose}. Default: the package's script, started in the best available way.
   */
  readonly createWorker?: CreateWorker | null | undefined;
  /**
   * Whether typed arrays that are passed as data, and own their whole buffer, are transferred to the worker instead of
   * copied. They are empty afterwards. Arrays in shared memory are shared in either case. Default: false.
   */
  readonly transfer?: boolean | undefined;
  /**
   * Threads that share the work of a step in the worker: 1 to 32, at most the number of cores, or `"auto"`: the number
   * of cores, up to 4; 1 if memory cannot be shared. Results have the same bits with any number. Default: 1.
   */
  readonly threads?: number | "auto" | undefined;
  /**
   * Whether matrix products and convolutions in the worker use relaxed SIMD if the engine supports it: they take a
   * fifth less time, but the bits of results differ between machines. Default: false.
   */
  readonly relaxed?: boolean | undefined;
}

/**
 * Moves a compiled model into a worker: its layers, weights, optimizer with its state, and the random generators, so
 * training computes the same bits as on this thread. The model that was passed does not change.
 *
 * @param model - A model with built-in layers and optimizer. For custom classes pass `createWorker` with a script that
 *   exposes them.
 * @param options - {@link OffloadOptions}.
 * @returns The model in the worker, once it has started.
 * @throws ValueError, TypeError (`ERR_NOT_COMPILED`) when the model is not compiled; (`ERR_CONFIG_INVALID`,
 * `ERR_CONFIG_UNKNOWN_CLASS`) for functions that JSON cannot represent, and custom classes that the worker does not
 * know; (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_TYPE`, `ERR_OPTION_CONFLICT`) for wrong options
 * @throws ValueError (`ERR_SHARED_MEMORY`) for more than one thread in a page that is not cross-origin isolated
 * @throws WorkerLostError (`ERR_WORKER_LOST`) when the worker of `createWorker` does not start; ModuleError
 * (`ERR_MODULE_CONFLICT`) for a worker with another version
 * @example
 * ```ts
 * import { layers, Sequential } from "gradstep";
 * import { offload } from "gradstep/worker";
 *
 * const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
 * model.compile({ optimizer: "adam", loss: "mse" });
 *
 * const remote = await offload(model);
 * const { history } = await remote.fit([[0, 1], [2, 3]], [[1], [5]], { epochs: 3 });
 * console.log(history.loss?.length); // 3
 * model.setWeights(await remote.getWeights());
 * await remote.dispose();
 * ```
 */
export async function offload(model: Model, options: OffloadOptions = {}): Promise<RemoteModel> {
  checkCount("offload", arguments.length, 2);
  checkKnownOptions("offload", options, ["createWorker", "transfer", "threads", "relaxed"]);
  const give = boolean("offload", "transfer", options.transfer ?? false);
  const createWorker = starterOption("offload", options.createWorker);
  const threads = threadsOption("offload", options.threads);
  const isRelaxed = boolean("offload", "relaxed", options.relaxed ?? false);
  const args = argsOf("offload", model);
  if (model.compileOptions?.distribute) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `${model.name}: a model that is compiled with "distribute" trains in workers already, or is one of several replicas. Call its own fit.`,
    );
  }
  const client = await Client.start(createWorker, true, await workerSettings("offload", threads, 1, isRelaxed));
  try {
    return new RemoteModel(client, await client.call("makeModel", args, movable(args.state)), give);
  } catch (error) {
    await client.dispose();
    throw error;
  }
}

/**
 * Connects to the model that a custom worker script has created and exposed.
 *
 * @param createWorker - Starts the worker.
 * @param options - `transfer`, as {@link OffloadOptions.transfer}.
 * @returns The model in the worker, once it has answered.
 * @throws ValueError, TypeError (`ERR_NOT_COMPILED`) when the script exposes no compiled model; (`ERR_OPTION_UNKNOWN`,
 * `ERR_OPTION_TYPE`) for an option that is unknown or of the wrong type
 * @throws WorkerLostError (`ERR_WORKER_LOST`) when it does not start; ModuleError (`ERR_MODULE_CONFLICT`) for a worker
 * with another version
 */
export async function connect(
  createWorker: CreateWorker,
  options: Pick<OffloadOptions, "transfer"> = {},
): Promise<RemoteModel> {
  checkCount("connect", arguments.length, 2);
  checkKnownOptions("connect", options, ["transfer"]);
  const give = boolean("connect", "transfer", options.transfer ?? false);
  const client = await Client.start(checkedStarter("connect", createWorker));
  try {
    return new RemoteModel(client, await client.call("ownModel", null), give);
  } catch (error) {
    await client.dispose();
    throw error;
  }
}

/** @throws TypeError for anything but a model, ValueError for one that cannot go */
export function argsOf(owner: string, model: StrategyModel): ModelArgs {
  if (!(model instanceof Model)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner} takes a model, got ${shown(model)}.`);
  }
  if (model.optimizer === null) {
    throw new ValueError("ERR_NOT_COMPILED", `${model.name}: call compile({ optimizer, loss }) before ${owner}.`);
  }
  // Through text: values that JSON cannot represent fail now, not in the middle of a message.
  const generators: SeedGenerator[] = [];
  const json = withGenerators(generators, () => JSON.parse(JSON.stringify(model)));
  return { json, generators: generators.map(({ state }) => state), state: stateOf(model) };
}
