/**
 * State of a model, apart from its layers, that is sent from one realm to another.
 *
 * @module
 */

import { ValueError } from "../../errors.js";
import { generatorsOf } from "../../layers/generators.js";
import {
  buildAgain,
  buildCompiled,
  compiledPlaces,
  type OwnOptimizer,
  optimizersIn,
  ownOptimizers,
} from "../../models/own-optimizers.js";
import { forgetSaved, nextShared } from "../../models/resuming.js";
import type { StrategyModel } from "../../models/strategy.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import { applyRateState, rateStateOf } from "../../optimizers/rate-state.js";
import { sharedGenerator } from "../../random/generator.js";
import type { ModelState, SentOptimizer } from "./protocol.js";
import { exclude, exclusionsOf } from "./sent-exclusions.js";

/** Copies weights, optimizer state, and random generators. */
export function stateOf(model: StrategyModel): ModelState {
  const { optimizer } = model;
  return {
    shapes: model.builtShape ?? null,
    weights: model.getWeights(),
    optimizer: optimizer?.getWeights() ?? null,
    isOptimizerBuilt: optimizer?.built ?? false,
    trained: compiledPlaces(model) ?? null,
    averageModes: optimizer?.averageModes ?? [],
    learningRate: rateStateOf(optimizer),
    optimizers: [...ownOptimizers(model)].map(([name, facts]) => [name, sentOptimizer(model, name, facts)] as const),
    exclusions: optimizer === null ? null : exclusionsOf(optimizer, model.weights),
    shared: nextShared(model),
    generators: generatorsOf(model).map(({ state }) => state),
  };
}

/** Buffers of a state that `postMessage` can transfer. */
export function movable({ weights, optimizer, optimizers }: ModelState): ArrayBuffer[] {
  const others = optimizers.flatMap(([, sent]) => sent.weights);
  return [...weights, ...(optimizer ?? []), ...others].map(({ data }) => data.buffer as ArrayBuffer);
}

/** Restores the state in a model with the same layers. */
export function applyState(model: StrategyModel, state: ModelState): void {
  const { shapes, weights, isOptimizerBuilt, learningRate, exclusions, shared, generators } = state;
  if (shapes !== null) model.build(shapes);
  if (shapes === null && weights.length > 0 && model.weights.length === 0) refuseUnbuilt(model.name);
  if (weights.length > 0) model.setWeights(weights);
  const { optimizer } = model;
  if (optimizer !== null && exclusions !== null) exclude(optimizer, model.weights, exclusions);
  if (state.optimizer !== null && optimizer !== null) {
    if (isOptimizerBuilt) buildCompiled(model, state.trained);
    optimizer.setWeights(state.optimizer);
    optimizer.followers?.close();
    optimizer.averageModes = state.averageModes;
  }
  applyRateState(optimizer, learningRate);
  const others = optimizersIn(model);
  for (const [name, sent] of state.optimizers) {
    const other = others.get(name);
    if (other !== undefined) applyOptimizer(model, other, sent);
  }
  generatorsOf(model).forEach((generator, i) => {
    const own = generators[i];
    if (own !== undefined) generator.state = own;
  });
  forgetSaved(model);
  // Last, because creating a model draws from it.
  sharedGenerator().state = shared;
}

/** @throws ValueError: layers of the model were built before the model was */
function refuseUnbuilt(name: string): never {
  throw new ValueError(
    "ERR_NOT_BUILT",
    `${name} is not built, but layers in it are: their weights cannot be sent without it. Call the model on a batch, or its build(inputShape), first.`,
  );
}

function sentOptimizer(model: StrategyModel, name: string, facts: OwnOptimizer): SentOptimizer {
  const optimizer = optimizersIn(model).get(name) as Optimizer;
  return { ...facts, weights: optimizer.getWeights(), learningRate: rateStateOf(optimizer) };
}

function applyOptimizer(model: StrategyModel, optimizer: Optimizer, sent: SentOptimizer): void {
  buildAgain(model, optimizer, sent);
  optimizer.setWeights(sent.weights);
  optimizer.averageModes = sent.averages;
  applyRateState(optimizer, sent.learningRate);
}
