/**
 * Steps that may be recorded: those of models with only built-in parts.
 *
 * Parts are recognized by identity: a class of the same name, a subclass, a replaced method or a user's function may
 * behave differently in each step, or keep its tensors.
 *
 * @module
 */

import { builtInName } from "../activations/registry.js";
import type { Layer } from "../layers/layer.js";
import { builtInLayers } from "../layers/registry.js";
import { builtInLosses } from "../losses/built-in.js";
import type { Loss } from "../losses/loss.js";
import type { Metric } from "../metrics/metric.js";
import { builtInMetrics } from "../metrics/registry.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { builtInOptimizers } from "../optimizers/registry.js";
import { L1, L1L2, L2 } from "../regularizers/norms.js";
import { OrthogonalRegularizer } from "../regularizers/orthogonal-regularizer.js";
import type { Variable } from "../variable.js";
import { partsOf } from "./busy.js";
import { Unchanged } from "./unchanged.js";

/** Parts of a step. */
export interface StepParts {
  readonly model: Layer & { readonly weights: readonly Variable[] };
  readonly losses: readonly (Loss | null)[];
  readonly metrics: readonly Metric[];
  readonly optimizer: Optimizer;
}

/** The parts of a class by which its objects are recognized. */
type Made = { readonly prototype: object };

/** The methods that compute. */
type Methods = { readonly call?: unknown; readonly apply?: unknown };

/** Prototypes of built-in classes, with their computing methods at the start of the program. */
function originals(classes: Iterable<Made>): Map<object, Methods> {
  return new Map([...classes].map(({ prototype }) => [prototype, methodsOf(prototype)]));
}

function methodsOf({ call, apply }: Methods): Methods {
  return { call, apply };
}

const LAYERS = originals(builtInLayers.classes);
const LOSSES = originals(builtInLosses.values());
const REGULARIZERS = originals([L1, L2, L1L2, OrthogonalRegularizer]);
const METRICS = originals(builtInMetrics.values());
/** `Sequential` and `Model`, which are above this file. */
const MODELS = new Map<object, Methods>();

/** Makes models of this class, though not of its subclasses, recordable. */
export function recordsModels(model: Made): void {
  MODELS.set(model.prototype, methodsOf(model.prototype));
}

function isOriginal(known: Map<object, Methods>, object: object): boolean {
  const methods = known.get(Object.getPrototypeOf(object) as object);
  const { apply } = object as Methods;
  const call = computingCall(object);
  return methods !== undefined && methods.call === call && methods.apply === apply && !hasFunctions(object);
}

/** The `call` of a layer without the checks of calls by hand, which each object has; otherwise `call` itself. */
function computingCall(object: { readonly call?: unknown; readonly uncheckedCall?: unknown }): unknown {
  return object.uncheckedCall ?? object.call;
}

/** Whether an own property is a function that is not built-in. */
function hasFunctions(object: object): boolean {
  return Object.values(object).some((value) => typeof value === "function" && builtInName(value) === undefined);
}

/** The reason why steps of these parts cannot be recorded; `undefined` if they can. */
export function reasonAgainst({ model, losses, metrics, optimizer }: StepParts): string | undefined {
  for (const layer of partsOf<Layer>(model)) {
    const isModel = MODELS.has(Object.getPrototypeOf(layer) as object);
    if (!isOriginal(isModel ? MODELS : LAYERS, layer)) {
      return `"${layer.name}" is not one of the built-in layers and models`;
    }
    if (layer.ownRegularizers.some((regularizer) => !isOriginal(REGULARIZERS, regularizer))) {
      return `a regularizer of "${layer.name}" is not built in`;
    }
  }
  for (const loss of losses) {
    if (loss !== null && !isOriginal(LOSSES, loss)) return `the loss "${loss.name}" is not built in`;
  }
  for (const metric of metrics) {
    if (!isOriginal(METRICS, metric)) return `the metric "${metric.name}" is not built in`;
  }
  return isBuiltInOptimizer(optimizer) ? undefined : `the optimizer "${optimizer.name}" is not built in`;
}

function isBuiltInOptimizer(optimizer: Optimizer): boolean {
  const prototype = Object.getPrototypeOf(optimizer) as object;
  if (![...builtInOptimizers.values()].some((known) => known.prototype === prototype)) return false;
  // Functions that the class itself adds do not have a method's name; a user's function replaces a method.
  if (Object.entries(optimizer).some(([key, value]) => typeof value === "function" && key in prototype)) return false;
  const { innerOptimizer, optimizers } = optimizer as { innerOptimizer?: Optimizer; optimizers?: readonly Optimizer[] };
  return [innerOptimizer, ...(optimizers ?? [])].every((held) => held === undefined || isBuiltInOptimizer(held));
}

/** Everything that a recorded step depends on, apart from the shapes of its batch. */
export function dependenciesOf({ model, losses }: StepParts): Unchanged {
  const unchanged = new Unchanged();
  noteLayer(unchanged, model);
  for (const loss of losses) if (loss !== null) noteLoss(unchanged, loss);
  for (const variable of model.weights) noteVariable(unchanged, variable);
  return unchanged;
}

/** Notes a layer or a model, with all that is in it, but not its variables. */
export function noteLayer(unchanged: Unchanged, whole: Layer): void {
  for (const layer of partsOf<Layer>(whole)) {
    for (const key of ["trainable", "call", "apply"]) unchanged.note(layer, key);
    if (MODELS.has(Object.getPrototypeOf(layer) as object)) {
      unchanged.note(layer, "forward");
      unchanged.note(layer, "layers");
      unchanged.noteAll(layer.sublayers);
    } else {
      unchanged.noteAll(layer, ["inboundNodes"]);
    }
    for (const regularizer of layer.ownRegularizers) {
      unchanged.note(regularizer, "call");
      unchanged.noteAll(regularizer);
    }
  }
}

/** Notes a loss. */
export function noteLoss(unchanged: Unchanged, loss: Loss): void {
  unchanged.note(loss, "call");
  unchanged.noteAll(loss);
}

/** Notes a variable: its numbers may change. */
export function noteVariable(unchanged: Unchanged, variable: Variable): void {
  unchanged.note(variable, "trainable");
  unchanged.note(variable, "disposed");
}
