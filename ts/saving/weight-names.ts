/**
 * Names of a model's weights and of its optimizer's state in files.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { toKeras } from "../keras-names.js";
import type { LayerWeights } from "../layers/layer-weights.js";
import { optimizersIn, ownOptimizers } from "../models/own-optimizers.js";
import type { TrainableModel } from "../models/trainable-model.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { OptimizerVariable } from "../optimizers/state.js";
import type { Variable } from "../variable.js";
import type { WeightHolder } from "../weights.js";
import { namedStateOf, OPTIMIZER, startOf } from "./formats/state-names.js";

/**
 * The weights by their paths, `"dense/kernel"`. If two nested models have layers of the same name, the nested model's
 * name is prepended.
 *
 * @throws ValueError when names are the same even so
 */
export function namedWeights(model: TrainableModel): Map<string, Variable> {
  const { weights } = model;
  const counts = new Map<string, number>();
  for (const { path } of weights) counts.set(path, (counts.get(path) ?? 0) + 1);
  const prefixes = counts.size === weights.length ? undefined : prefixesOf(model);
  const named = new Map<string, Variable>();
  for (const weight of weights) {
    const isShared = (counts.get(weight.path) as number) > 1;
    const name = isShared ? `${prefixes?.get(weight) ?? ""}${weight.path}` : weight.path;
    if (named.has(name)) {
      throw new ValueError(
        "ERR_WEIGHTS_NAMES",
        `${model.name}: two weights are called "${name}", and a file holds one of them. Give the layers different names.`,
      );
    }
    named.set(name, weight);
  }
  return named;
}

/** Names of the layers that contain each weight's layer, each with a slash. */
function prefixesOf(model: TrainableModel): Map<Variable, string> {
  const prefixes = new Map<Variable, string>();
  const visit = (layer: LayerWeights & { readonly name: string }, prefix: string) => {
    for (const inner of layer.sublayers as readonly (LayerWeights & { readonly name: string })[]) {
      // The path already begins with the layer's name.
      for (const weight of inner.weights) if (!prefixes.has(weight) || prefix !== "") prefixes.set(weight, prefix);
      visit(inner, `${prefix}${inner.name}/`);
    }
  };
  visit(model, "");
  return prefixes;
}

/** The state of the optimizer of `compile`, if that is built. */
export function namedState({ optimizer }: TrainableModel): Map<string, OptimizerVariable> {
  return optimizer?.built ? namedStateOf(optimizer, OPTIMIZER) : new Map();
}

/** The state of optimizers in the model's fields that are built. */
export function namedStateOfOthers(model: TrainableModel): Map<string, OptimizerVariable> {
  const built = [...ownOptimizers(model)].filter(([, { variables }]) => variables !== null);
  const fields = optimizersIn(model);
  return new Map(
    built.flatMap(([field]) => [...namedStateOf(fields.get(field) as Optimizer, startOf(toKeras(field)))]),
  );
}

/** State of the optimizers in the model's fields, in a fixed order. */
export function statesOfOthers(optimizers: Iterable<Optimizer>): WeightHolder[] {
  return [...optimizers].flatMap(({ weights, variables }) => {
    const paths = new Set(weights.map(({ path }) => path));
    return [...weights, ...variables.filter(({ path }) => !paths.has(path))];
  });
}

/** All entries of a file of weights. */
export function namedHolders(model: TrainableModel): Map<string, WeightHolder> {
  return new Map<string, WeightHolder>([...namedWeights(model), ...namedState(model), ...namedStateOfOthers(model)]);
}
