/**
 * Keras's argument names, as JavaScript writes them: `beta_1` is `beta1`, `global_clipnorm` is
 * `globalClipnorm`. One rule in both directions, so that no table is needed.
 *
 * @module
 */

import { isPlain, isReadable } from "./brands.js";
import { ArgumentTypeError } from "./errors.js";

/** `beta2Decay` to `beta_2_decay`; a single letter keeps its number (`l1RegularizationStrength`). */
export function toKeras(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`).replace(/([a-z]{2})(\d)/g, "$1_$2");
}

/** `beta_2_decay` to `beta2Decay`. */
export function fromKeras(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The keys of the config being read; undefined outside of a config. */
let keys: readonly string[] | undefined;
/** Reader of its values, if some are JSON of objects. */
let reader: ((value: unknown) => unknown) | undefined;

/**
 * Runs `work`, which creates an object from a config: errors name arguments as the config does.
 *
 * @param read - Creates the object of a JSON value, for {@link configValue}.
 */
export function withKeysOf<T>(config: Readonly<Record<string, unknown>>, work: () => T, read?: typeof reader): T {
  const outer = [keys, reader] as const;
  reader = read;
  const given = Object.keys(config);
  // Without keys it may stem from a name or a class instead of a file.
  if (given.length > 0) keys = given;
  try {
    return work();
  } finally {
    [keys, reader] = outer;
  }
}

/** A value of the config being read, as the constructor takes it; other values unchanged. */
export const configValue = (value: unknown): unknown => (reader === undefined ? value : reader(value));

/** An argument's name as the caller writes it: in snake case while a config is read. */
export function argumentName(name: string): string {
  // The last one, as of an object's entries.
  return keys === undefined ? name : (keys.filter((key) => fromKeras(key) === name).at(-1) ?? toKeras(name));
}

/**
 * A config's entries as a constructor's options, in camelCase. The constructor checks them: a config is
 * foreign data.
 *
 * @param dropsNull - Whether `null` stands for the default, as in Python.
 */
export function madeFrom<T>(
  config: Readonly<Record<string, unknown>>,
  make: (options: Record<string, unknown>) => T,
  { dropsNull = false }: { readonly dropsNull?: boolean } = {},
): T {
  if (!isPlain(config)) {
    throw new ArgumentTypeError(
      "ERR_CONFIG_INVALID",
      `fromConfig takes the object that getConfig returns, got ${isReadable(config) ? "a list or an instance of a class" : typeof config}.`,
    );
  }
  const entries = Object.entries(config).filter(([, value]) => !(dropsNull && value === null));
  const options = Object.fromEntries(entries.map(([key, value]) => [fromKeras(key), value]));
  return withKeysOf(config, () => make(options));
}
