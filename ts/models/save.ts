/**
 * Models to JSON, as Keras writes it.
 *
 * @module
 */

import { savedFunction } from "../custom-objects.js";
import { toKeras } from "../keras-names.js";
import type { Layer, SymbolicTensor } from "../layers/layer.js";
import type { LayerShape } from "../layers/layer-shape.js";
import { Operation } from "../layers/operation.js";
import { serialize as serializeLayer } from "../layers/serialize.js";
import { Loss } from "../losses/loss.js";
import { get as getLoss, serialize as serializeLoss } from "../losses/registry.js";
import { Metric } from "../metrics/metric.js";
import { get as getMetric, serialize as serializeMetric } from "../metrics/registry.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { serialize as serializeOptimizer } from "../optimizers/registry.js";
import type { CompileOptions } from "./compile-options.js";
import type { Graph } from "./graph.js";
import { savedOperation } from "./operations.js";
import { FLOAT32_POLICY, firstCall, type KerasHistory, type SavedNode, type SavedTensor } from "./saved-model.js";
import { STEP_NAMES } from "./step-data.js";

/** The saved parts of a model other than its graph. */
interface SavableModel {
  readonly name: string;
  readonly trainable: boolean;
  readonly optimizer: Optimizer | null;
  readonly compileOptions: CompileOptions | null;
}

/** Config of a Sequential. */
export function sequentialConfig(
  model: SavableModel,
  layers: readonly Layer[],
  shape: LayerShape | undefined,
): Record<string, unknown> {
  return {
    name: model.name,
    trainable: model.trainable,
    dtype: FLOAT32_POLICY,
    layers: layers.map(serializeLayer),
    ...(shape === undefined ? {} : { build_input_shape: shape }),
  };
}

/** Config of a functional model. */
export function functionalConfig(model: SavableModel, graph: Graph): Record<string, unknown> {
  const histories = new Map<SymbolicTensor, KerasHistory>();
  const calls = new Map<Layer, SymbolicTensor[]>();
  for (const tensor of [...graph.inputs, ...graph.steps]) {
    // Another output of an operation came first.
    if (histories.has(tensor)) continue;
    const list = calls.get(tensor.layer) ?? [];
    tensor.node.outputs.forEach((output, i) => histories.set(output, [tensor.layer.name, list.length, i]));
    list.push(tensor);
    calls.set(tensor.layer, list);
  }
  const tensor = (symbolic: SymbolicTensor): SavedTensor => ({
    class_name: "__keras_tensor__",
    config: {
      shape: symbolic.shape,
      dtype: symbolic.dtype,
      keras_history: histories.get(symbolic) as KerasHistory,
    },
  });
  const operation = (layer: Operation): SavedNode =>
    savedOperation(layer, (calls.get(layer)?.[0]?.inputs ?? []).map(tensor)) as never;
  const node = (layer: Layer): SavedNode => ({
    ...serializeLayer(layer),
    name: layer.name,
    inbound_nodes: (calls.get(layer) ?? []).flatMap((call) => {
      if (call.inputs.length === 0) return [];
      const args = call.inputs.map(tensor);
      const { isList, training } = call.node;
      const names = (layer as { readonly graph?: Graph }).graph?.inputNames;
      const named = names && Object.fromEntries(names.map((name, i) => [name, args[i]]));
      return [{ args: named ? [named] : isList ? [args] : args, kwargs: training === undefined ? {} : { training } }];
    }),
  });
  const layers = graph.layers.map((layer) => (layer instanceof Operation ? operation(layer) : node(layer)));
  const first = new Map(layers.map((saved) => [saved.name, firstCall(saved)]));
  const end = (symbolic: SymbolicTensor): KerasHistory => {
    const [name, call, at] = histories.get(symbolic) as KerasHistory;
    return [name, call + (first.get(name) ?? 0), at];
  };
  const ends = (list: readonly SymbolicTensor[], names: readonly string[] | undefined) => {
    const all = list.map(end);
    if (names !== undefined) return Object.fromEntries(names.map((name, i) => [name, all[i]]));
    return all.length === 1 ? all[0] : all;
  };
  return {
    name: model.name,
    trainable: model.trainable,
    layers,
    input_layers: ends(graph.inputs, graph.inputNames),
    output_layers: ends(graph.outputs, graph.outputNames),
  };
}

/** The arguments of `compile`; empty for a model that is not compiled. @throws ValueError for functions without a name */
export function compileConfig(model: SavableModel): Record<string, unknown> {
  const { optimizer, compileOptions: options } = model;
  if (optimizer === null || options === null) return {};
  return {
    optimizer: serializeOptimizer(optimizer),
    loss: saved("loss", options.loss ?? null),
    loss_weights: options.lossWeights ?? null,
    metrics: saved("metrics", options.metrics ?? null),
    weighted_metrics: saved("weightedMetrics", options.weightedMetrics ?? null),
    run_eagerly: false,
    steps_per_execution: options.stepsPerExecution ?? 1,
    // Keras's resolved "auto".
    jit_compile: options.jitCompile !== false,
    ...stepsOf(options),
  };
}

/** Steps passed to `compile`, by the names of their functions. Keras has no such entries. */
function stepsOf(options: CompileOptions): Record<string, unknown> {
  const given = STEP_NAMES.flatMap((name) => {
    const step = options[name] ?? undefined;
    return step === undefined ? [] : [[toKeras(name), savedFunction(`the ${name} of compile`, step)]];
  });
  return Object.fromEntries(given);
}

/** Losses and metrics in the structure passed to `compile`; functions and classes by their names. */
function saved(option: "loss" | "metrics" | "weightedMetrics", value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => saved(option, entry));
  const isClass = typeof value === "function" && (value.prototype instanceof Loss || value.prototype instanceof Metric);
  const given = isClass ? (option === "loss" ? getLoss(value as never) : getMetric(value as never)) : value;
  if (given instanceof Metric) return serializeMetric(given);
  if (given instanceof Loss) return serializeLoss(given);
  if (typeof given === "function") {
    return option === "loss" ? serializeLoss(given as never) : serializeMetric(given as never);
  }
  if (typeof value === "object" && value !== null && !("class_name" in value)) {
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, saved(option, entry)]));
  }
  return value;
}
