/**
 * The worker's callback: sends hooks to the main thread, and applies the changes made by the callbacks there to the
 * model.
 *
 * @module
 */

import { Callback, HOOKS, type Hook, type HookName, type Logs, type RunParams } from "../callbacks/callback.js";
import type { Layer } from "../layers/layer.js";
import type { Model } from "../models/model.js";
import { positionOf } from "../models/resuming.js";
import type { SavedModel } from "../models/saved-model.js";
import { showAverages } from "../optimizers/shown-averages.js";
import { movable, stateOf } from "./data/model-state.js";
import type { HookAnswer, RunArgs, Snapshot, WholeModel } from "./data/protocol.js";
import type { AskingPort } from "./question-ports.js";

/** The maximum number of pending hooks: a slow main thread must not get an endless queue. */
const MOST = 64;

/** Forwards hooks with listeners; the others cost nothing. */
export class HookForwarder extends Callback {
  readonly #asking: AskingPort;
  readonly #closely: ReadonlySet<HookName>;
  readonly #weighted: ReadonlySet<HookName>;
  readonly #saving: ReadonlySet<HookName>;
  readonly #averages: RunArgs["averages"];
  readonly #hasHooks: boolean;
  readonly #called = new Set<HookName>();
  /** Pending hooks that returned a promise. */
  readonly #waits = new Set<HookName>();
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(
    asking: AskingPort,
    { hooks, close, weighted, saving, averages }: Pick<RunArgs, "hooks" | "close" | "weighted" | "saving" | "averages">,
  ) {
    super();
    this.#asking = asking;
    this.#closely = new Set(close);
    this.#weighted = new Set(weighted);
    this.#saving = new Set(saving);
    this.#averages = averages;
    this.#hasHooks = hooks.length > 0;
    for (const hook of HOOKS) {
      if (!hooks.includes(hook)) continue;
      const forward = (...given: [Logs] | [number, Logs]) => {
        const [index, logs] = given.length === 2 ? given : [0, given[0]];
        return this.#forward(hook, index, logs);
      };
      Object.assign(this, { [hook]: forward });
    }
  }

  override setParams(params: RunParams): void {
    super.setParams(params);
    if (!this.#hasHooks) return;
    const { epochs, steps } = params;
    this.#track(this.#asking.ask({ kind: "begin", epochs, steps, paths: this.#paths }));
  }

  /** Waits for pending hooks. @throws Error if one failed */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #forward(hook: HookName, index: number, logs: Logs): Hook {
    if (this.#failure !== undefined) throw this.#failure.error;
    const isFirst = !this.#called.has(hook);
    this.#called.add(hook);
    const isBatch = hook.includes("Batch");
    const isClose = this.#closely.has(hook);
    const { optimizer } = this.model;
    if (this.#saving.has(hook) && optimizer !== null) optimizer.evaluates = true;
    const showsAverages = this.#averages[hook];
    if (showsAverages !== undefined && optimizer !== null) showAverages(optimizer, showsAverages);
    const model = this.#snapshot(hook, logs);
    const moved = model.whole === null ? [] : movable(model.whole.state);
    moved.push(...(model.weights?.map(({ data }) => data.buffer as ArrayBuffer) ?? []));
    const run = this.#asking
      .ask<HookAnswer>({ kind: "hook", hook, index, logs, model }, moved)
      .then((answer) => this.#apply(hook, logs, answer));
    // Training continues while a plain hook runs on the main thread: drawing must not delay it.
    if (isBatch && !isClose && !isFirst && !this.#waits.has(hook)) {
      this.#track(run);
      return this.#underWay.size < MOST ? undefined : this.settled();
    }
    return run;
  }

  #track(run: Promise<unknown>): void {
    const tracked = run.then(
      () => {},
      (error) => {
        this.#failure ??= { error };
      },
    );
    this.#underWay.add(tracked);
    tracked.then(() => this.#underWay.delete(tracked));
  }

  #apply(hook: HookName, logs: Logs, answer: HookAnswer): void {
    if (answer.isAsync) this.#waits.add(hook);
    if (answer.logs !== null) Object.assign(logs, answer.logs);
    if (answer.weights !== null) this.model.setWeights(answer.weights);
    const { optimizer } = this.model;
    if (answer.learningRate !== null && optimizer !== null) optimizer.learningRate = answer.learningRate;
    if (answer.showsAverages !== null && optimizer !== null) showAverages(optimizer, answer.showsAverages);
    if (answer.stop) this.model.stopTraining = true;
  }

  #snapshot(hook: HookName, logs: Logs): Snapshot {
    const { optimizer } = this.model;
    const directions: Record<string, "up" | "down"> = {};
    for (const key of this.#closely.has(hook) ? Object.keys(logs) : []) {
      const name = key.replace(/^val_/, "");
      const direction = this.model.metricDirection(name);
      if (direction !== undefined) directions[name] = direction;
    }
    return {
      calls: optimizer?.calls ?? 0,
      iterations: optimizer?.iterations ?? 0,
      learningRate: optimizer?.soleRate ?? null,
      showsAverages: optimizer?.showsAverages ?? false,
      weights: this.#weighted.has(hook) ? this.model.getWeights() : null,
      whole: this.#saving.has(hook) ? wholeOf(this.model as Model) : null,
      directions,
    };
  }

  get #paths(): string[] {
    const { weights } = this.model as Partial<Layer>;
    return weights?.map(({ path }) => path) ?? [];
  }
}

/** Copies everything. */
function wholeOf(model: Model): WholeModel {
  // As text, because generators of initializers and other values of the caller cannot be sent.
  const json = JSON.parse(JSON.stringify(model)) as SavedModel;
  return { json, state: stateOf(model), position: positionOf(model) ?? null };
}
