/**
 * Optimizers in the public fields of a model, such as those of a generator and a discriminator, in addition to that of `compile`.
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

/** The parts of a model that its optimizers need. */
interface Owner {
  readonly name: string;
  readonly optimizer: Optimizer | null;
  readonly weights: readonly Variable[];
  readonly trainableWeights: readonly Variable[];
}

/** Facts about an optimizer that its state lacks. They are JSON. */
export interface OwnOptimizer {
  /** The variables of its build, by their indices among the model's weights; `null` before it is built. */
  readonly variables: readonly number[] | null;
  /** Whether the weights are averages, of each inner optimizer. */
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

/** Describes the optimizers; those for variables outside the model are skipped with a warning. */
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
 * The variables of the build of `compile`'s optimizer, by their indices among the model's weights; `undefined` if they
 * are the trainable ones, as usual, before the build, and for variables outside the model.
 *
 * They differ if a custom step trains a part of the model, or if layers were frozen since.
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
  const variables = places?.map((place) => model.weights[place]!);
  model.optimizer?.build(variables ?? model.trainableWeights);
}

/** Builds an optimizer for the same variables. */
export function buildAgain(model: Owner, optimizer: Optimizer, { variables }: OwnOptimizer): void {
  if (variables !== null) optimizer.build(variables.map((place) => model.weights[place]!));
}

/** The optimizers as JSON; `undefined` for a model without any. @throws ValueError for functions without a name */
export function savedOptimizers(model: Owner): Record<string, unknown> | undefined {
  const list = [...optimizersIn(model)];
  return list.length === 0 ? undefined : Object.fromEntries(list.map(([name, one]) => [name, serialize(one)]));
}

/** Creates optimizers from JSON that the class did not create itself. @throws as `optimizers.get` */
export function addOptimizers(model: object, saved: unknown): void {
  if (!isReadable(saved)) return;
  for (const name of Object.keys(saved)) {
    // A file must overwrite neither methods nor values set by the class.
    const isFree = name in model ? Object.hasOwn(model, name) && (own(model, name) ?? null) === null : true;
    if (!isFree) continue;
    const optimizer = get(own(saved, name) as object);
    Object.defineProperty(model, name, { value: optimizer, writable: true, enumerable: true, configurable: true });
  }
}
