/**
 * Settings of a layer's weights: initializer, regularizer and constraint, by option names such as
 * `kernelInitializer`.
 *
 * @module
 */

import type { Config } from "../class-registry.js";
import * as constraints from "../constraints/index.js";
import * as initializers from "../initializers/index.js";
import * as regularizers from "../regularizers/index.js";
import type { Constraint as ConstraintFunction } from "../variable.js";
import { saved } from "./saved.js";

/** Initializer, regularizer and constraint of one weight. */
export interface WeightSettings {
  readonly initializer: initializers.Initializer | initializers.InitializerFunction;
  readonly regularizer: regularizers.Regularizer | regularizers.RegularizerFunction | null;
  readonly constraint: constraints.Constraint | ConstraintFunction | null;
}

/** Option names for a weight: `kernelInitializer`, `kernelRegularizer`, `kernelConstraint`. */
export function settingNames(...words: readonly string[]): string[] {
  return words.flatMap((word) => [`${word}Initializer`, `${word}Regularizer`, `${word}Constraint`]);
}

/** Reads the options of a weight. @throws ValueError for unknown names */
export function weightSettings(options: object, word: string, initializer: string): WeightSettings {
  const given = options as Readonly<Record<string, never>>;
  const regularizer = regularizers.get(given[`${word}Regularizer`]);
  const constraint = constraints.get(given[`${word}Constraint`]);
  // Last, because it draws a seed, which a refused layer must not do.
  return { initializer: initializers.get(given[`${word}Initializer`] ?? initializer), regularizer, constraint };
}

/** Part of a config, in Keras's order: all initializers, all regularizers, all constraints. */
export function settingsConfig(settings: Readonly<Record<string, WeightSettings>>): Config {
  const entries = Object.entries(settings);
  return Object.fromEntries([
    ...entries.map(([word, { initializer }]) => [`${word}_initializer`, saved.initializer(initializer)]),
    ...entries.map(([word, { regularizer }]) => [`${word}_regularizer`, saved.regularizer(regularizer)]),
    ...entries.map(([word, { constraint }]) => [`${word}_constraint`, saved.constraint(constraint)]),
  ]);
}
