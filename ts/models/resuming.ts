/**
 * Resumed runs: the position of a run in its data, and the random numbers with which a loaded model continues.
 *
 * @module
 */

import { generatorsOf } from "../layers/generators.js";
import { type SeedGenerator, sharedGenerator } from "../random/generator.js";
import type { DataPosition } from "./batch.js";
import type { TrainedModel } from "./training.js";

/** The state of a generator: its seed, and the number of its draws. */
export type GeneratorState = SeedGenerator["state"];

/** The states of all generators used by training. */
export interface RandomState {
  readonly shared: GeneratorState;
  /** The layers' generators, in the model's order. */
  readonly layers: readonly GeneratorState[];
}

/** The position of a run. It is JSON. */
export interface RunPosition {
  readonly epoch: number;
  /** Number of the epoch's batches used so far. */
  readonly batch: number;
  /** `null` if the epoch starts at the beginning of the data. */
  readonly data: DataPosition | null;
}

type Drawing = Pick<TrainedModel, "sublayers">;

const running = new WeakMap<object, () => RunPosition>();
const resumed = new WeakMap<object, RunPosition>();
const loaded = new WeakMap<object, { shared: GeneratorState; since: SeedGenerator; position: RunPosition | null }>();

/** Tracks the position of a run until it ends. */
export async function whileRunning<T>(model: object, position: () => RunPosition, run: () => Promise<T>): Promise<T> {
  running.set(model, position);
  try {
    return await run();
  } finally {
    running.delete(model);
    resumed.delete(model);
  }
}

/** The position of the model's run, in hooks after a batch and after an epoch. `undefined` without a run. */
export function positionOf(model: object): RunPosition | undefined {
  return running.get(model)?.();
}

/** For a callback at the start of a run: resumes from this position. */
export function resumeAt(model: object, position: RunPosition): void {
  resumed.set(model, position);
}

/** The position that a callback set. */
export function resumedPosition(model: object): RunPosition | undefined {
  return resumed.get(model);
}

/** The random numbers with which training continues. */
export function randomOf(model: Drawing): RandomState {
  return { shared: nextShared(model), layers: generatorsOf(model).map(({ state }) => state) };
}

/** Restores random states immediately. */
export function setRandom(model: Drawing, { shared, layers }: RandomState): void {
  setLayers(model, layers);
  sharedGenerator().state = shared;
}

/** Layers use the saved states from now on, everything else from the next `fit` on, unless a seed is set before. */
export function goOnAsSaved(model: Drawing, { shared, layers }: RandomState, position: RunPosition | null): void {
  setLayers(model, layers);
  loaded.set(model, { shared, since: sharedGenerator(), position });
}

/** At the start of `fit`. @returns the position in the data, if `initialEpoch` is the epoch after which the model was saved */
export function beginAsSaved(model: object, initialEpoch: number): DataPosition | null {
  const saved = loaded.get(model);
  if (saved === undefined) return null;
  sharedGenerator().state = nextShared(model);
  loaded.delete(model);
  const { position } = saved;
  return position !== null && position.batch === 0 && position.epoch === initialEpoch ? position.data : null;
}

/** The state from which the model's next `fit` draws. */
export function nextShared(model: object): GeneratorState {
  const saved = loaded.get(model);
  // Setting a seed created another generator.
  return saved !== undefined && saved.since === sharedGenerator() ? saved.shared : sharedGenerator().state;
}

/** The model was trained elsewhere. */
export function forgetSaved(model: object): void {
  loaded.delete(model);
}

function setLayers(model: Drawing, states: readonly GeneratorState[]): void {
  const generators = generatorsOf(model);
  // Custom layers may draw differently by now.
  if (generators.length !== states.length) return;
  generators.forEach((generator, i) => {
    generator.state = states[i]!;
  });
}
