/**
 * The golden files: test/golden/README.md has their format and the comparison.
 */

import { float32s } from "./bytes.js";

/** Keras's names. */
export type Config = Readonly<Record<string, unknown>>;

export interface GoldenState {
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
  readonly data: string;
}

export interface GoldenCase {
  readonly id: string;
  readonly config: Config;
  readonly stream: string;
  readonly excludeFromWeightDecay?: readonly string[];
  readonly tolerance?: number;
  readonly toleranceReason?: string;
  readonly floor?: number;
  readonly expected: string;
  readonly finalized?: string;
  readonly state: readonly GoldenState[];
  readonly savedConfig: Config;
}

/** The file of one optimizer. */
export interface GoldenFile {
  readonly optimizer: string;
  /** The paper or package that it was made with, where Keras lacks the optimizer. */
  readonly source?: string;
  readonly tolerance: number;
  readonly toleranceReason?: string;
  readonly floor: number;
  readonly kerasDefaults: Config;
  readonly cases: readonly GoldenCase[];
}

interface StreamFile {
  readonly streams: Readonly<
    Record<
      string,
      {
        readonly variables: readonly {
          readonly name: string;
          readonly shape: readonly number[];
          readonly start: string;
        }[];
        readonly steps: number;
        readonly gradients: string;
        readonly missing: Readonly<Record<string, readonly number[]>>;
      }
    >
  >;
}

const FILES = import.meta.glob<unknown>("../golden/*.json", { eager: true, import: "default" });
const PREFIX = "../golden/";

/** A file by its name, or an error that says how to make it. */
export function goldenFile<T>(name: string): T {
  const file = FILES[PREFIX + name];
  if (file === undefined) throw new Error(`test/golden/${name} is missing: make it by test/golden/generate.py`);
  return file as T;
}

const isOptimizerFile = (file: unknown): file is GoldenFile =>
  typeof file === "object" && file !== null && "optimizer" in file && "kerasDefaults" in file;

/** The optimizers' files by the stem of their name: `"schedule-free-adamw"`. */
export const GOLDEN: ReadonlyMap<string, GoldenFile> = new Map(
  Object.entries(FILES).flatMap(([path, file]) =>
    isOptimizerFile(file) ? [[path.slice(PREFIX.length, -".json".length), file] as const] : [],
  ),
);

/** The file of an optimizer's class, or an error. */
export function goldenOf(className: string): GoldenFile {
  const file = [...GOLDEN.values()].find(({ optimizer }) => optimizer === className);
  if (file === undefined)
    throw new Error(
      `no file in test/golden has vectors of ${className}: add a row to cases/own_arguments.py, and run generate.py`,
    );
  return file;
}

/** Variables and gradients that a case runs on. */
export interface Stream {
  readonly variables: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly start: Float32Array;
  }[];
  readonly steps: number;
  /** One per variable, null where it is missing. */
  gradients(step: number): (Float32Array | null)[];
  /** The parts of a flat array of all variables. */
  split(flat: Float32Array): Float32Array[];
}

/** A stream of inputs.json. */
export function streamOf(name: string): Stream {
  const stream = goldenFile<StreamFile>("inputs.json").streams[name];
  if (stream === undefined) throw new Error(`test/golden/inputs.json has no stream "${name}"`);
  const variables = stream.variables.map(({ name, shape, start }) => ({ name, shape, start: float32s(start) }));
  const all = float32s(stream.gradients);
  const total = variables.reduce((sum, { start }) => sum + start.length, 0);
  const split = (flat: Float32Array) => {
    let at = 0;
    return variables.map(({ start }) => {
      at += start.length;
      return flat.slice(at - start.length, at);
    });
  };
  return {
    variables,
    steps: stream.steps,
    split,
    gradients(step) {
      const gone = stream.missing[step] ?? [];
      return split(all.subarray(step * total, (step + 1) * total)).map((g, i) => (gone.includes(i) ? null : g));
    },
  };
}
