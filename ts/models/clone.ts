/**
 * Copies of models, with new weights.
 *
 * @module
 */

import { isA, isCallable } from "../brands.js";
import { withAllCustomObjects, written } from "../custom-objects.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { InputLayer } from "../layers/input-layer.js";
import { Lambda } from "../layers/lambda.js";
import { Layer, SymbolicTensor } from "../layers/layer.js";
import { Operation } from "../layers/operation.js";
import { resultList } from "../layers/results.js";
import { isBuiltInLayer } from "../layers/serialize.js";
import { boolean, checkCount, checkKnownOptions, oneOrMore, shown } from "../options.js";
import { checkSavedArguments } from "../saved-arguments.js";
import { refusable } from "../undo.js";
import type { Graph, GraphEnds } from "./graph.js";
import { Model } from "./model.js";
import { Sequential } from "./sequential.js";

/** Options of {@link cloneModel}. */
export interface CloneOptions {
  /** Symbolic tensors that replace the inputs of a functional model, in their order. Default: null, new inputs. */
  readonly inputTensors?: SymbolicTensor | readonly SymbolicTensor[] | null | undefined;
  /**
   * Returns the copy of a layer (inputs excepted): a new layer, or the same one, which is then shared. Default: null,
   * from its config.
   */
  readonly cloneFunction?: ((layer: Layer) => Layer) | null | undefined;
  /** Calls the copy of a layer, in a functional model. Default: null, `layer.apply(inputs, options)`. */
  readonly callFunction?:
    | ((layer: Layer, inputs: SymbolicTensor | readonly SymbolicTensor[], options: object) => SymbolicTensor)
    | null
    | undefined;
  /** Whether `cloneFunction` receives the layers of nested models instead of these models. Default: false. */
  readonly recursive?: boolean | undefined;
}

/**
 * Copies a model: its layers are created again from their configs, with the same names and new weights. Shared layers
 * stay shared.
 * The copy is not compiled.
 *
 * @param model - A Sequential, a functional model, or a subclass with `getConfig`, which takes no options.
 * @param options - {@link CloneOptions}.
 * @returns A new model.
 * @throws TypeError ERR_OPTION_TYPE for anything but a model, and for results that are not layers and tensors
 * @throws ValueError ERR_NOT_IMPLEMENTED for a custom class whose constructor takes arguments that `getConfig` does not return
 * @throws ValueError ERR_OPTION_UNKNOWN; ERR_OPTION_CONFLICT for options that this kind of model does not take, and for a wrong
 * number of `inputTensors`; TypeError ERR_CONFIG_INVALID and the errors of the layers' classes for their configs
 * @see [keras.models.clone_model](https://keras.io/api/models/model/)
 * @example
 * ```ts
 * import { cloneModel, layers, Sequential } from "gradstep";
 *
 * const model = new Sequential([new layers.Dense(3, { inputShape: [4], name: "base" })]);
 * const copy = cloneModel(model);
 * copy.setWeights(model.getWeights());
 * console.log(copy.layers[0]!.name, copy.countParams()); // base 15
 * ```
 */
export function cloneModel(model: Model, options: CloneOptions = {}): Model {
  checkCount("cloneModel", arguments.length, 2);
  const owner = "cloneModel";
  if (!isA(model, Model)) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner} takes a model, got ${shown(model)}.`);
  }
  checkKnownOptions(owner, options, ["inputTensors", "cloneFunction", "callFunction", "recursive"]);
  const { inputTensors = null, cloneFunction = null, callFunction = null } = options;
  for (const [name, value] of Object.entries({ cloneFunction, callFunction })) {
    if (value === null || isCallable(value)) continue;
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "${name}" must be a function, got ${shown(value)}.`);
  }
  const recursive = boolean(owner, "recursive", options.recursive ?? false);
  const copyOf = copier(cloneFunction, recursive);
  return refusable(() => {
    if (model instanceof Sequential) {
      refuseOptions(model, { inputTensors, callFunction });
      return sequential(model, copyOf);
    }
    if (model.graph !== undefined) return functional(model, model.graph, copyOf, inputTensors, callFunction);
    refuseOptions(model, { inputTensors, cloneFunction, callFunction });
    const copy = again(model) as Model;
    if (!copy.built && model.builtShape !== undefined) copy.build(model.builtShape);
    return copy;
  });
}

/** A layer from its config. */
function again(layer: Layer): Layer {
  const made = layer.constructor as never as { fromConfig(config: object): Layer };
  // JSON has only the names of functions.
  if (isA(layer, Lambda)) return made.fromConfig(layer.copyConfig);
  // The layer's custom objects are known, and need not be passed.
  const [config, objects] = written(() => layer.getConfig());
  checkSavedArguments(layer, config, isBuiltInLayer);
  return withAllCustomObjects("cloneModel", objects, () => made.fromConfig(config));
}

/** The copies of layers, one of each. */
function copier(cloneFunction: CloneOptions["cloneFunction"], recursive: boolean): (layer: Layer) => Layer {
  const copies = new Map<Layer, Layer>();
  const made = (layer: Layer): Layer => {
    const isGiven = cloneFunction !== null && cloneFunction !== undefined;
    if (isA(layer, Model) && (recursive || !isGiven)) return cloneModel(layer as Model, { cloneFunction, recursive });
    const copy = isGiven ? cloneFunction(layer) : again(layer);
    if (isA(copy, Layer)) return copy as Layer;
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `cloneModel: "cloneFunction" must return a layer, got ${shown(copy)} for "${layer.name}".`,
    );
  };
  return (layer) => {
    const copy = copies.get(layer) ?? made(layer);
    copies.set(layer, copy);
    return copy;
  };
}

function refuseOptions(model: Model, options: object): void {
  const found = Object.entries(options).find(([, value]) => value !== null);
  if (found === undefined) return;
  throw new ValueError(
    "ERR_OPTION_CONFLICT",
    `cloneModel: "${found[0]}" is for functional models, got "${model.name}". Leave it out.`,
  );
}

function sequential(model: Sequential, copyOf: (layer: Layer) => Layer): Sequential {
  const { inputLayer, inputShape: shape } = model;
  const inputs = inputLayer === undefined ? [] : [again(inputLayer)];
  const { name, trainable } = model;
  const copy = new Sequential([...inputs, ...model.layers.filter((one) => !(one instanceof InputLayer)).map(copyOf)], {
    name,
    trainable,
  });
  if (!copy.built && shape !== undefined) copy.build(shape);
  return copy;
}

function functional(
  model: Model,
  graph: Graph,
  copyOf: (layer: Layer) => Layer,
  given: CloneOptions["inputTensors"],
  callFunction: CloneOptions["callFunction"],
): Model {
  const made = new Map<SymbolicTensor, SymbolicTensor>();
  const inputs = given === null || given === undefined ? undefined : oneOrMore(given);
  if (inputs !== undefined && inputs.length !== graph.inputs.length) {
    throw new ValueError(
      "ERR_OPTION_CONFLICT",
      `cloneModel: expected ${graph.inputs.length} "inputTensors", as many as "${model.name}" has inputs, got ${inputs.length}.`,
    );
  }
  const symbolic = (value: unknown, what: string): SymbolicTensor => {
    if (isA(value, SymbolicTensor)) return value as SymbolicTensor;
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `cloneModel: ${what} must be symbolic tensors, from Input() and layer.apply(), got ${shown(value)}.`,
    );
  };
  graph.inputs.forEach((input, i) => {
    const own = inputs === undefined ? (again(input.layer) as InputLayer).output : inputs[i];
    made.set(input, symbolic(own, '"inputTensors"'));
  });
  for (const step of graph.steps) {
    if (made.has(step)) continue;
    const list = step.inputs.map((input) => made.get(input) as SymbolicTensor);
    if (step.layer instanceof Operation) {
      const copy = new Operation(step.layer.operation, step.layer.name);
      copy.connected(list);
      step.node.outputs.forEach((output, i) => made.set(output, copy.inboundNodes[0]!.outputs[i]!));
      continue;
    }
    const argument = step.node.isList ? list : list[0]!;
    const options = step.node.training === undefined ? {} : { training: step.node.training };
    const layer = copyOf(step.layer);
    const call = callFunction ?? ((one: Layer, x: never, others: object) => one.apply(x, others));
    const results = resultList(call(layer, argument as never, options), layer.outputKeys);
    step.node.outputs.forEach((output, i) => {
      if (!made.has(output)) made.set(output, symbolic(results[i], 'results of "callFunction"'));
    });
  }
  const ends = (list: readonly SymbolicTensor[], names: readonly string[] | undefined): GraphEnds => {
    const all = list.map((tensor) => made.get(tensor) as SymbolicTensor);
    if (names === undefined && all.length === 1) return all[0]!;
    return names === undefined ? all : Object.fromEntries(names.map((name, i) => [name, all[i]!]));
  };
  return new Model({
    name: model.name,
    trainable: model.trainable,
    inputs: ends(graph.inputs, graph.inputNames),
    outputs: ends(graph.outputs, graph.outputNames),
  } as never);
}
