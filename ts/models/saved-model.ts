/**
 * Keras's JSON of models.
 *
 * @module
 */

import { own } from "../custom-objects.js";
import type { LayerShape } from "../layers/layer-shape.js";

/** An object of Keras: a layer, a loss, a model. */
export interface SavedObject {
  /** Python module of the class; Keras reads it. */
  readonly module?: string | null;
  /** Keras's name of the class, or the name of a custom class. */
  readonly class_name: string;
  /** Constructor arguments by Keras's names. */
  readonly config: Record<string, unknown>;
  /** Name of a custom class; `null` for a built-in one. */
  readonly registered_name?: string | null;
  /** Shape that it was built for. */
  readonly build_config?: { readonly input_shape: unknown };
}

/** A layer of a functional model, with its calls. */
export interface SavedNode extends SavedObject {
  readonly name: string;
  readonly inbound_nodes: readonly { readonly args: readonly unknown[]; readonly kwargs: Record<string, unknown> }[];
}

/** A model as JSON, as written by Keras's `to_json` and read by `model_from_json`. */
export interface SavedModel extends SavedObject {
  /** Optimizer, loss and metrics; `null` for a model that was not compiled. */
  readonly compile_config?: Record<string, unknown> | null;
  /** Other optimizers, by the model's fields. Keras has no such entry, and does not read it. */
  readonly optimizers?: Record<string, unknown> | null;
  /** Whether `compile` had `stats`. Keras has no such entry either, and would refuse it inside `compile_config`. */
  readonly stats?: boolean;
}

/** Origin of a tensor: layer, index of its call, index of the output. */
export type KerasHistory = readonly [layer: string, node: number, tensor: number];

/**
 * The number of its first call in "input_layers" and "output_layers" of a functional model: Keras counts from 1 for a
 * functional model in it, although the inputs of calls count from 0.
 */
export function firstCall(node: object): 0 | 1 {
  const config = own(node, "config");
  return typeof config === "object" && config !== null && own(config, "output_layers") !== undefined ? 1 : 0;
}

/** A tensor of a functional model. */
export interface SavedTensor {
  readonly class_name: "__keras_tensor__";
  readonly config: { readonly shape: LayerShape; readonly dtype: string; readonly keras_history: KerasHistory };
}

/** Keras's name of float32 arithmetic. */
export const FLOAT32_POLICY = {
  module: "keras",
  class_name: "DTypePolicy",
  config: { name: "float32" },
  registered_name: null,
} as const;
