/**
 * Runs that go on: the place of a run in its data, and the random numbers that a loaded model goes on with.
 *
 * @module
 */

import { generatorsOf } from "../layers/generators.js";
import { type SeedGenerator, sharedGenerator } from "../random/generator.js";
import type { DataPosition } from "./batch.js";
import type { TrainedModel } from "./training.js";

/** The state of a generator: its seed, and the number of its draws. */
export type GeneratorState = SeedGenerator["state"];

/** The states of all generators that training draws from. */
export interface RandomState {
  readonly shared: GeneratorState;
  /** Those of the layers, in the model's order. */
  readonly layers: readonly GeneratorState[];
}

/** The place of a run. It is JSON. */
export interface RunPosition {
  readonly epoch: number;
  /** Batches of the epoch that have been trained with. */
  readonly batch: number;
  /** `null` where the epoch begins with the data's beginning. */
  readonly data: DataPosition | null;
}

type Drawing = Pick<TrainedModel, "sublayers">;

const running = new WeakMap<object, () => RunPosition>();
const resumed = new WeakMap<object, RunPosition>();
const loaded = new WeakMap<object, { shared: GeneratorState; since: SeedGenerator; position: RunPosition | null }>();

/** Tells the place of a run until it ends. */
export async function whileRunning<T>(model: object, position: () => RunPosition, run: () => Promise<T>): Promise<T> {
  running.set(model, position);
  try {
    return await run();
  } finally {
    running.delete(model);
    resumed.delete(model);
  }
}

/** The place of the model's run: in hooks after a batch, and after an epoch. `undefined` when it does not run. */
export function positionOf(model: object): RunPosition | undefined {
  return running.get(model)?.();
}

/** For a callback at the beginning of a run: it goes on from there. */
export function resumeAt(model: object, position: RunPosition): void {
  resumed.set(model, position);
}

/** The place that a callback set. */
export function resumedPosition(model: object): RunPosition | undefined {
  return resumed.get(model);
}

/** The random numbers that training goes on with. */
export function randomOf(model: Drawing): RandomState {
  return { shared: nextShared(model), layers: generatorsOf(model).map(({ state }) => state) };
}

/** Puts random numbers into force at once. */
export function setRandom(model: Drawing, { shared, layers }: RandomState): void {
  setLayers(model, layers);
  sharedGenerator().state = shared;
}

/** Layers draw as saved from now on, all else from the next `fit` on, unless a seed is set before. */
export function goOnAsSaved(model: Drawing, { shared, layers }: RandomState, position: RunPosition | null): void {
  setLayers(model, layers);
  loaded.set(model, { shared, since: sharedGenerator(), position });
}

/** At the beginning of `fit`. @returns the place in the data, if `initialEpoch` is the epoch after which the model was saved */
export function beginAsSaved(model: object, initialEpoch: number): DataPosition | null {
  const saved = loaded.get(model);
  if (saved === undefined) return null;
  sharedGenerator().state = nextShared(model);
  loaded.delete(model);
  const { position } = saved;
  return position !== null && position.batch === 0 && position.epoch === initialEpoch ? position.data : null;
}

/** The state with which the model's next `fit` begins to draw. */
export function nextShared(model: object): GeneratorState {
  const saved = loaded.get(model);
  // A seed that was set made another generator.
  return saved !== undefined && saved.since === sharedGenerator() ? saved.shared : sharedGenerator().state;
}

/** The model was trained elsewhere. */
export function forgetSaved(model: object): void {
  loaded.delete(model);
}

function setLayers(model: Drawing, states: readonly GeneratorState[]): void {
  const generators = generatorsOf(model);
  // Custom layers may draw in another way by now.
  if (generators.length !== states.length) return;
  generators.forEach((generator, i) => {
    generator.state = states[i]!;
  });
}
