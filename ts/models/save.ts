/**
 * Models to JSON, as Keras writes it.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { Layer } from "../layers/layer.js";
import type { LayerShape } from "../layers/layer-shape.js";
import { serialize as serializeLayer } from "../layers/registry.js";
import type { SymbolicTensor } from "../layers/symbolic.js";
import { Loss } from "../losses/loss.js";
import { serialize as serializeLoss } from "../losses/registry.js";
import { Metric } from "../metrics/metric.js";
import { serialize as serializeMetric } from "../metrics/registry.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { serialize as serializeOptimizer } from "../optimizers/registry.js";
import type { CompileOptions } from "./fit-options.js";
import type { Graph } from "./graph.js";
import {
  FLOAT32_POLICY,
  type KerasHistory,
  type SavedModel,
  type SavedNode,
  type SavedObject,
  type SavedTensor,
} from "./saved-model.js";

/** What is saved of a model beside its graph. */
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
    layers: layers.map(savedLayer),
    ...(shape === undefined ? {} : { build_input_shape: shape }),
  };
}

/** Config of a functional model. */
export function functionalConfig(model: SavableModel, graph: Graph): Record<string, unknown> {
  const histories = new Map<SymbolicTensor, KerasHistory>();
  const calls = new Map<Layer, SymbolicTensor[]>();
  for (const tensor of [...graph.inputs, ...graph.steps]) {
    const list = calls.get(tensor.layer) ?? [];
    histories.set(tensor, [tensor.layer.name, list.length, 0]);
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
  const node = (layer: Layer): SavedNode => ({
    ...savedLayer(layer),
    name: layer.name,
    inbound_nodes: (calls.get(layer) ?? []).flatMap((call) => {
      if (call.inputs.length === 0) return [];
      const args = call.inputs.map(tensor);
      return [{ args: call.node.isList ? [args] : args, kwargs: {} }];
    }),
  });
  const ends = (list: readonly SymbolicTensor[], names: readonly string[] | undefined) => {
    const all = list.map((symbolic) => histories.get(symbolic) as KerasHistory);
    if (names !== undefined) return Object.fromEntries(names.map((name, i) => [name, all[i]]));
    return all.length === 1 ? all[0] : all;
  };
  return {
    name: model.name,
    trainable: model.trainable,
    layers: graph.layers.map(node),
    input_layers: ends(graph.inputs, graph.inputNames),
    output_layers: ends(graph.outputs, graph.outputNames),
  };
}

/** A layer, or a model that is one. */
function savedLayer(layer: Layer): SavedObject {
  if (!("toJSON" in layer)) return serializeLayer(layer) as SavedObject;
  const { compile_config: _, ...saved } = (layer as Layer & { toJSON(): SavedModel }).toJSON();
  return saved;
}

/** What `compile` was given; empty for a model that is not compiled. @throws ValueError for functions, which JSON cannot hold */
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
    steps_per_execution: 1,
    jit_compile: true,
  };
}

/** Losses and metrics in whatever structure `compile` was given. */
function saved(option: string, value: unknown): unknown {
  if (value instanceof Loss) return serializeLoss(value);
  if (value instanceof Metric) return serializeMetric(value);
  if (Array.isArray(value)) return value.map((entry) => saved(option, entry));
  if (typeof value === "function") {
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `toJSON: "${option}" of compile has a function, which JSON cannot hold. Use a name, or a class of your own.`,
    );
  }
  if (typeof value === "object" && value !== null && !("class_name" in value)) {
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, saved(option, entry)]));
  }
  return value;
}
