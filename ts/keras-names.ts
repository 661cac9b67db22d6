/**
 * Keras's argument names, as JavaScript writes them: `beta_1` is `beta1`, `global_clipnorm` is
 * `globalClipnorm`. One rule, both ways, so that no table has to be kept.
 *
 * @module
 */

/** `beta2Decay` to `beta_2_decay`; a single letter keeps its number (`l1RegularizationStrength`). */
export function toKeras(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`).replace(/([a-z]{2})(\d)/g, "$1_$2");
}

/** `beta_2_decay` to `beta2Decay`. */
export function fromKeras(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Options from a config; `null` stands for the default, as in Python. */
export function camelCased(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [fromKeras(key), value]),
  );
}
