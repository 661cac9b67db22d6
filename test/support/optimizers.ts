/**
 * Every optimizer in the registry, and configurations to try it with: those of its golden file, so that
 * a new optimizer takes part in every suite without new test code.
 */

import { type Optimizer, optimizers, Variable } from "../../ts/index.js";
import { rules } from "../../ts/optimizers/list.js";
import { builtInOptimizers } from "../../ts/optimizers/registry.js";
import { type Config, GOLDEN, goldenFile, goldenOf } from "./golden.js";

const withVectors = new Set([...GOLDEN.values()].map(({ optimizer }) => optimizer));

/** The class names, in the registry's order. Where vectors are missing, the contract test says so, and no other test fails. */
export const CLASS_NAMES: readonly string[] = [...builtInOptimizers.keys()].filter((name) => withVectors.has(name));

/** An optimizer from Keras's names. */
export function make(className: string, config: Config = {}): Optimizer {
  return optimizers.deserialize({ class_name: className, config });
}

/** The weights of the documented page's Dense layer. */
export const kernel = () => new Variable(new Float32Array(200), { shape: [20, 10], name: "dense/kernel" });
export const bias = () => new Variable(new Float32Array(10), { name: "dense/bias" });

/** A configuration to try an optimizer with. */
export interface Trial {
  readonly id: string;
  readonly className: string;
  readonly config: Config;
  readonly exclude: readonly string[] | undefined;
}

const { cases: BEYOND } = goldenFile<{ cases: readonly { optimizer: string; config: Config }[] }>(
  "options-beyond-keras.json",
);

/** The configurations of an optimizer's golden file: every own argument, every base option; then those with options that Keras lacks. */
export function trialsOf(className: string): readonly Trial[] {
  const own = goldenOf(className).cases.map(({ id, config, excludeFromWeightDecay }) => ({
    id,
    className,
    config,
    exclude: excludeFromWeightDecay,
  }));
  const beyond = BEYOND.filter(({ optimizer }) => optimizer === className);
  return [
    ...own,
    ...beyond.map(({ config }, i) => ({ id: `beyond Keras, ${i}`, className, config, exclude: undefined })),
  ];
}

/** The trials of all optimizers. */
export const TRIALS: readonly Trial[] = CLASS_NAMES.flatMap(trialsOf);

/** One trial per optimizer: its own arguments where they matter, no base option. */
export const PLAIN_TRIALS: readonly Trial[] = CLASS_NAMES.map((className) => {
  const trials = trialsOf(className);
  const trial = trials.find(({ id }) => id === "wide magnitudes") ?? trials[1] ?? trials[0];
  if (trial === undefined) throw new Error(`the golden file of ${className} has no case`);
  return trial;
});

/** The optimizer of a trial. */
export function started(trial: Trial): Optimizer {
  const optimizer = make(trial.className, trial.config);
  if (trial.exclude !== undefined) optimizer.excludeFromWeightDecay({ varNames: trial.exclude });
  return optimizer;
}

/** A configuration with base options added: to the inner optimizer, where it is a wrapper. */
export function withOptions(config: Config, options: Config): Config {
  const inner = config.inner_optimizer as { class_name: string; config: Config } | undefined;
  if (inner === undefined) return { ...config, ...options };
  return { ...config, inner_optimizer: { ...inner, config: { ...inner.config, ...options } } };
}

/** Whether the optimizer wraps another, and takes no base options itself. */
export function isWrapper(className: string): boolean {
  return rules().every((made) => made.className !== className);
}

/** Shapes of every rank, tails of every length mod 4, both orientations of a matrix; names that patterns find. */
export const SHAPES: readonly (readonly [name: string, shape: readonly number[]])[] = [
  ["dense/kernel", [5, 3]],
  ["dense/bias", [3]],
  ["conv/kernel", [2, 2, 3]],
  ["embedding/table", [7, 2]],
  ["scale", []],
  ["wide/kernel", [3, 8]],
];

/** Number of elements. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Variables of {@link SHAPES}, with values from `fill(length)`. */
export function variablesOf(
  fill: (length: number) => Float32Array,
  shapes: readonly (readonly [string, readonly number[]])[] = SHAPES,
): Variable[] {
  return shapes.map(([name, shape]) => new Variable(fill(sizeOf(shape)), { name, shape }));
}
