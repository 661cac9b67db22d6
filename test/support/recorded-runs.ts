/**
 * Runs of one model, with usual and with recorded steps.
 */

import * as g from "../../ts/index.js";

/** One run. */
export interface Case {
  /** Layers of a Sequential. Default: two layers of Dense. */
  readonly make?: () => g.layers.Layer[];
  /** The model, in their place. */
  readonly model?: () => g.Model;
  /** Shape of a sample. Default: `[4]`. */
  readonly input?: readonly number[];
  readonly x?: Float32Array | Int32Array;
  readonly y?: Float32Array | Int32Array;
  readonly data?: { readonly x?: unknown; readonly y?: unknown };
  readonly compile?: g.CompileOptions;
  readonly fit?: g.FitOptions;
  /** The run to record, instead of `fit`. */
  readonly run?: (model: g.Model, x: never, y: never) => Promise<unknown>;
}

/** Results of a run. */
export interface Outcome {
  readonly fingerprint: object;
  /** Number of steps that were replayed. */
  readonly replayed: number;
  readonly model: g.Model;
}

/** Both runs. */
export interface Both {
  readonly usual: Outcome;
  readonly recorded: Outcome;
}

/** `count` numbers from -0.5 to 0.5. */
export function numbers(count: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** `count` whole numbers below `bound`. */
export function ints(count: number, bound: number, seed = 7): Int32Array<ArrayBuffer> {
  return Int32Array.from(numbers(count, seed), (value) => Math.floor((value + 0.5) * bound));
}

/** A table of numbers; of whole ones below `bound`. */
export function table(rows: number, columns: number, seed: number, bound?: number): g.Tensor {
  const count = rows * columns;
  return g.tensor(bound === undefined ? numbers(count, seed) : ints(count, bound, seed), [rows, columns]);
}

/** Samples of all cases. */
const COUNT = 40;

/** A run with usual steps, and one with recorded ones. */
export async function both(given: Case): Promise<Both> {
  return { usual: await outcome(given, false), recorded: await outcome(given, "auto") };
}

/** One run. */
export async function outcome(given: Case, jitCompile: boolean | "auto"): Promise<Outcome> {
  g.setRandomSeed(11);
  const { input = [4], compile = {}, fit = {} } = given;
  const model = given.model?.() ?? sequential(given, input);
  model.compile({ optimizer: new g.Adam({ learningRate: 0.01 }), loss: "mse", ...compile, jitCompile });
  const size = input.reduce((a, b) => a * b, 1);
  const x = given.data?.x ?? g.tensor(given.x ?? numbers(COUNT * size), [COUNT, ...input]);
  const y = given.data?.y ?? labels(given.y ?? numbers(COUNT * 3, 9));
  const logs =
    given.run === undefined
      ? (await model.fit(x as never, y as never, { epochs: 4, batchSize: 12, ...fit, verbose: 0 })).history
      : await given.run(model, x as never, y as never);
  return { fingerprint: fingerprint(model, logs), replayed: replayedBy(model), model };
}

/** Number of training steps that a model's recordings were replayed. */
export function replayedBy(model: g.Model): number {
  const { train, trainWeighted } = replaysOf(model);
  return train + trainWeighted;
}

/** Numbers of all steps that a model's recordings were replayed. */
export function replaysOf(model: g.Model): Record<"train" | "trainWeighted" | "test" | "predict", number> {
  return model.compiled?.recorded?.replays ?? { train: 0, trainWeighted: 0, test: 0, predict: 0 };
}

/** Everything that a run changes, to the bit. */
export function fingerprint(model: g.Model, logs: unknown): object {
  const bits = (values: Float32Array) => [...new Int32Array(values.slice().buffer)];
  return {
    weights: model.weights.map((weight) => bits(weight.array())),
    optimizer: (model.optimizer as g.Optimizer).getWeights().map(({ data }) => bits(Float32Array.from(data as never))),
    logs,
    draws: [...g.random.uniform([3]).array()],
  };
}

function sequential({ make }: Case, input: readonly number[]): g.Model {
  const own = make?.() ?? [new g.layers.Dense(8, { activation: "relu" }), new g.layers.Dense(3)];
  return new g.Sequential([g.Input({ shape: input }), ...own]);
}

function labels(values: Float32Array | Int32Array): unknown {
  return values.length === COUNT ? values : g.tensor(values, [COUNT, values.length / COUNT]);
}
