/**
 * Arbitraries of the property tests: a trial, shapes, and a seed for the numbers.
 */

import fc from "fast-check";
import type { Tensor, Variable } from "../../ts/index.js";
import { type Config, goldenOf } from "../support/golden.js";
import { CLASS_NAMES, TRIALS, type Trial, trialsOf, variablesOf, withOptions } from "../support/optimizers.js";
import { Random } from "../support/random.js";

/** Any configuration of any optimizer's golden file. */
export const anyTrial = fc.constantFrom(...TRIALS);

export const anySeed = fc.integer({ min: 1, max: 1_000_000 });

const NAMES = ["dense/kernel", "dense/bias", "embedding/table", "scale", "wide/kernel", "plain"];

/** One to six variables of any rank up to 3, some without elements; with different names. */
export const anyShapes = fc
  .array(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }), { minLength: 1, maxLength: NAMES.length })
  .map((shapes) => shapes.map((shape, i) => [NAMES[i] as string, shape] as const));

/** Named shapes. */
export type Shapes = readonly (readonly [string, readonly number[]])[];

/** The variables of a seed: the same at every call. */
export function seeded(seed: number, shapes: Shapes): Variable[] {
  const random = new Random(seed);
  return variablesOf((length) => random.values(length, 0.5), shapes);
}

/** Gradients of a seed at a step, one per variable; about one in six is null, never all. */
export function gradientsAt(seed: number, step: number, variables: readonly Variable[]): (Float32Array | null)[] {
  const random = new Random(seed * 1000 + step);
  const keep = random.integer() % variables.length;
  return variables.map(({ size }, i) => {
    const gradient = random.values(size, 1 + (step % 3) * 4, 6);
    return i !== keep && random.integer() % 6 === 0 ? null : gradient;
  });
}

/** Rules whose estimate of the distance sums over all variables. */
const SHARED_ESTIMATES = ["Prodigy", "DAdaptAdam"];

/** A trial whose rule and clipping, if any, are by variable: one variable's gradients do not act on another's. */
export const anyTrialByVariable = anyTrial
  .filter(({ className }) => !SHARED_ESTIMATES.includes(className))
  .map((trial): Trial => ({ ...trial, config: withOptions(trial.config, { global_clipnorm: null }) }));

/** Keras's base options, drawn; at most one clip. */
const anyBase: fc.Arbitrary<Config> = fc
  .record(
    {
      weight_decay: fc.constantFrom(0, 0.004, 0.1),
      use_ema: fc.boolean(),
      ema_momentum: fc.constantFrom(0, 0.5, 0.99, 1),
      ema_overwrite_frequency: fc.constantFrom(null, 1, 7),
      loss_scale_factor: fc.constantFrom(null, 0.5, 1024),
      gradient_accumulation_steps: fc.constantFrom(null, 2, 5),
      name: fc.constantFrom("mine", "an optimizer"),
    },
    { requiredKeys: [] },
  )
  .chain((base) =>
    fc
      .constantFrom<Config>({}, { clipnorm: 0 }, { clipnorm: 1.5 }, { clipvalue: 0.25 }, { global_clipnorm: 3 })
      .map((clip) => ({ ...base, clipnorm: null, clipvalue: null, global_clipnorm: null, ...clip })),
  );

/** A configuration of random values: for own arguments those that the golden files have, and the default. */
export const anyConfig: fc.Arbitrary<{ className: string; config: Config }> = fc
  .constantFrom(...CLASS_NAMES)
  .chain((className) => {
    const { kerasDefaults } = goldenOf(className);
    const cases = trialsOf(className);
    const keys = [...new Set([...Object.keys(kerasDefaults), ...cases.flatMap(({ config }) => Object.keys(config))])];
    const base = new Set(["clipnorm", "clipvalue", "global_clipnorm", "weight_decay", "name"]);
    const own = keys
      .filter((key) => !base.has(key))
      .map((key) => {
        const values = cases.flatMap(({ config }) => (key in config ? [config[key]] : []));
        const all = key in kerasDefaults && kerasDefaults[key] !== null ? [kerasDefaults[key], ...values] : values;
        return [key, all] as const;
      })
      .filter(([, values]) => values.length > 0);
    const required = own.map(([key]) => key).filter((key) => !(key in kerasDefaults));
    const anyOwn = fc.record(Object.fromEntries(own.map(([key, values]) => [key, fc.constantFrom(...values)])), {
      requiredKeys: required,
    });
    return fc.tuple(anyOwn, anyBase).map(([config, options]) => ({
      className,
      config: withOptions(agreeing(config as Config), options),
    }));
  });

/** AMSGrad conflicts with update clipping. */
function agreeing({ clip_threshold: threshold, ...others }: Config): Config {
  return threshold === undefined || others.amsgrad === true ? others : { ...others, clip_threshold: threshold };
}

/** A flat array in nested form. */
export function nested(flat: ArrayLike<number>, shape: readonly number[]): unknown {
  const [length, ...rest] = shape;
  if (length === undefined) return flat[0];
  const part = flat.length / Math.max(length, 1);
  return Array.from({ length }, (_, i) => nested(Array.prototype.slice.call(flat, i * part, (i + 1) * part), rest));
}

/** Frees what a property made. */
export function disposeAll(...made: readonly { dispose(): void }[]): void {
  for (const each of made as readonly (Variable | Tensor)[]) each.dispose();
}
