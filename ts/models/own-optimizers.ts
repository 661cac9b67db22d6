/**
 * Optimizers in the public fields of a model, such as those of a generator and of a discriminator, beside that of `compile`.
 *
 * Keras tracks them as attributes, and saves their state under the attribute's name.
 *
 * @module
 */

import { isA, isReadable } from "../brands.js";
import { own } from "../custom-objects.js";
import { Optimizer } from "../optimizers/optimizer.js";
import { get, serialize } from "../optimizers/registry.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";

/** A model, as far as its optimizers matter. */
interface Owner {
  readonly name: string;
  readonly optimizer: Optimizer | null;
  readonly weights: readonly Variable[];
  readonly trainableWeights: readonly Variable[];
}

/** Facts about an optimizer that its state lacks. They are JSON. */
export interface OwnOptimizer {
  /** The variables that it was built for, by their places among the model's weights; `null` before it is built. */
  readonly variables: readonly number[] | null;
  /** Whether the weights are averages, of each optimizer inside. */
  readonly averages: readonly boolean[];
}

/** The optimizers by the names of their fields, each once. */
export function optimizersIn(model: Owner): ReadonlyMap<string, Optimizer> {
  const found = new Map<string, Optimizer>();
  const known = new Set<unknown>([model.optimizer]);
  for (const [name, value] of Object.entries(model)) {
    if (!isA(value, Optimizer) || known.has(value)) continue;
    known.add(value);
    found.set(name, value);
  }
  return found;
}

/** Describes the optimizers; those for variables outside the model are left out with a warning. */
export function ownOptimizers(model: Owner): ReadonlyMap<string, OwnOptimizer> {
  const places = new Map(model.weights.map((weight, i) => [weight, i]));
  const described = new Map<string, OwnOptimizer>();
  for (const [name, optimizer] of optimizersIn(model)) {
    const variables = optimizer.built ? optimizer.trained.map((variable) => places.get(variable) ?? -1) : null;
    if (variables?.includes(-1)) {
      warnOnce(
        model,
        `${model.name}: the optimizer "${name}" trains variables that are not the model's. Its state is neither saved nor moved with the model.`,
      );
    } else described.set(name, { variables, averages: optimizer.averageModes });
  }
  return described;
}

/**
 * The variables that the optimizer of `compile` was built for, by their places among the model's weights; `undefined` where they
 * are the trainable ones, as almost always, before it is built, and for variables outside the model.
 *
 * They are others where a custom step gives it a part of the model, and where layers were frozen since.
 */
export function compiledPlaces({ optimizer, weights, trainableWeights }: Owner): readonly number[] | undefined {
  if (optimizer === null || !optimizer.built) return undefined;
  const { trained } = optimizer;
  const isUsual = trained.length === trainableWeights.length && trained.every((one, i) => one === trainableWeights[i]);
  const places = new Map(weights.map((weight, i) => [weight, i]));
  const found = isUsual ? [] : trained.flatMap((one) => places.get(one) ?? []);
  return found.length === trained.length && !isUsual ? found : undefined;
}

/** Builds the optimizer of `compile`. */
export function buildCompiled(model: Owner, places: readonly number[] | null | undefined): void {
  const variables = places?.map((place) => model.weights[place] as Variable);
  model.optimizer?.build(variables ?? model.trainableWeights);
}

/** Builds an optimizer for the same variables. */
export function buildAgain(model: Owner, optimizer: Optimizer, { variables }: OwnOptimizer): void {
  if (variables !== null) optimizer.build(variables.map((place) => model.weights[place] as Variable));
}

/** The optimizers as JSON; `undefined` for a model without any. @throws ValueError for functions without a name */
export function savedOptimizers(model: Owner): Record<string, unknown> | undefined {
  const list = [...optimizersIn(model)];
  return list.length === 0 ? undefined : Object.fromEntries(list.map(([name, one]) => [name, serialize(one)]));
}

/** Makes the optimizers of JSON that the class did not make itself. @throws as `optimizers.get` */
export function addOptimizers(model: object, saved: unknown): void {
  if (!isReadable(saved)) return;
  for (const name of Object.keys(saved)) {
    // A file sets neither methods nor values that the class has set.
    const isFree = name in model ? Object.hasOwn(model, name) && (own(model, name) ?? null) === null : true;
    if (!isFree) continue;
    const optimizer = get(own(saved, name) as object);
    Object.defineProperty(model, name, { value: optimizer, writable: true, enumerable: true, configurable: true });
  }
}
