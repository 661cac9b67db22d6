/**
 * The graph of a functional model: the calls of layers, in topological order.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { isA, isPlain } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { InputLayer } from "../layers/input-layer.js";
import { connect, type Layer, type LayerNode, SymbolicTensor } from "../layers/layer.js";
import { type LayerShape, shapeList } from "../layers/layer-shape.js";
import { Operation } from "../layers/operation.js";
import { resultList } from "../layers/results.js";
import { cast } from "../ops/control.js";
import { counted, isList, oneOrMore, shown } from "../options.js";
import type { Tensor } from "../tensor.js";
import { fittingInput, withDeclaredAxes } from "./last-axis.js";

/** Inputs or outputs: one, a list, or by name. */
export type GraphEnds = SymbolicTensor | readonly SymbolicTensor[] | Readonly<Record<string, SymbolicTensor>>;

/** Whether it is an object of symbolic tensors by name. */
export function isNamedEnds(given: unknown): given is Readonly<Record<string, SymbolicTensor>> {
  if (!isPlain(given)) return false;
  const all = Object.values(given);
  return all.length > 0 && all.every((one) => isA(one, SymbolicTensor));
}

/**
 * Layers between inputs and outputs.
 *
 * @throws ValueError when an output cannot be reached, or two layers have one name
 */
export class Graph {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** The caller's names for them, if any. */
  readonly inputNames: readonly string[] | undefined;
  readonly outputNames: readonly string[] | undefined;
  /** Results of layers, each after its operands, without the inputs. */
  readonly steps: readonly SymbolicTensor[];
  /** The layers in Keras's order: by their distance from the outputs, the farthest first. */
  readonly layers: readonly Layer[];

  constructor(owner: string, givenInputs: GraphEnds, givenOutputs: GraphEnds) {
    const { list: inputs, names: inputNames } = ends(givenInputs);
    const { list: outputs, names: outputNames } = ends(givenOutputs);
    for (const [name, list] of Object.entries({ inputs, outputs })) {
      const odd = list.findIndex((tensor) => !isA(tensor, SymbolicTensor));
      if (odd >= 0 || list.length === 0) {
        throw new ArgumentTypeError(
          "ERR_OPTION_TYPE",
          `${owner}: "${name}" must be symbolic tensors, from Input() and layer.apply(), got ${odd < 0 ? "none" : shown(list[odd])}.`,
        );
      }
    }
    this.inputNames = inputNames;
    this.outputNames = outputNames;
    const given = { inputs, outputs, steps: ordered(owner, inputs, outputs) };
    const isWhole = inputs.every(({ layer }) => layer instanceof InputLayer);
    const graph = isWhole ? given : cut(given);
    this.inputs = graph.inputs;
    this.outputs = graph.outputs;
    this.steps = graph.steps;
    this.layers = layersOf(owner, graph.inputs, graph.outputs);
  }

  /** Shapes of the outputs for inputs of these shapes. @throws ValueError for inputs that do not fit */
  shapesFor(owner: string, shapes: readonly LayerShape[]): readonly LayerShape[] {
    const found = new Map<SymbolicTensor, LayerShape>();
    this.inputs.forEach((input, i) => found.set(input, fittingInput(owner, shapes[i]!, input)));
    const isDeclared = this.inputs.every(({ shape }, i) => String(shape) === String(shapes[i]));
    if (isDeclared) return this.outputs.map(({ shape }) => shape);
    for (const { layer, node } of this.steps) {
      if (found.has(node.outputs[0]!)) continue;
      const given = node.inputs.map((input) => found.get(input) as LayerShape);
      const made =
        layer instanceof Operation
          ? layer.outputsFor(node.inputs.map(({ dtype }, i) => ({ shape: given[i]!, dtype }))).shapes
          : shapeList(layer.computeOutputShape(node.isList ? given : given[0]!));
      checkCount(node, made);
      node.outputs.forEach((output, i) => found.set(output, made[i]!));
    }
    return this.outputs.map((output) => found.get(output) as LayerShape);
  }

  /** Outputs for inputs. */
  run(inputs: readonly Operand[], training: boolean): readonly Tensor<"float32">[] {
    const values = new Map<SymbolicTensor, Operand>();
    this.inputs.forEach((input, i) => values.set(input, withDeclaredAxes(inputs[i]!, input.shape)));
    for (const step of this.steps) {
      // Another output of the operation came first.
      if (values.has(step)) continue;
      const { layer, node } = step;
      const given = step.inputs.map((input) => values.get(input) as Operand);
      const call = () => layer.apply(node.isList ? given : given[0]!, { training: node.training ?? training });
      const made =
        layer instanceof Operation
          ? layer.computed(given)
          : (resultList(call(), layer.outputKeys) as readonly Operand[]);
      checkCount(node, made);
      node.outputs.forEach((output, i) => values.set(output, made[i]!));
    }
    return this.outputs.map((output) => {
      const value = values.get(output) as Tensor<"float32">;
      return output.layer instanceof Operation && output.dtype === "int32" ? cast(value, "float32") : value;
    });
  }
}

/** Refuses another number of outputs than the layer had when it was connected. */
function checkCount({ layer, outputs }: LayerNode, made: readonly unknown[]): void {
  if (made.length === outputs.length) return;
  throw new ValueError(
    "ERR_SHAPE",
    `${layer.className} "${layer.name}": expected ${counted(outputs.length, "output")}, as when it was connected, got ${made.length}. Each call must return as many, and computeOutputShape as many shapes.`,
  );
}

/** A graph's tensors. */
interface Tensors {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly steps: readonly SymbolicTensor[];
}

/** The same graph from new inputs. If an input is a layer's output, that layer does not belong to the part. */
function cut({ inputs, outputs, steps }: Tensors): Tensors {
  const made = new Map<SymbolicTensor, SymbolicTensor>();
  for (const input of inputs) {
    const { shape, dtype } = input;
    made.set(input, input.layer instanceof InputLayer ? input : new InputLayer({ batchShape: shape, dtype }).output);
  }
  const now = (tensor: SymbolicTensor) => made.get(tensor) as SymbolicTensor;
  for (const step of steps) {
    if (made.has(step)) continue;
    const { isList, training, outputs } = step.node;
    const shapes = outputs.map(({ shape }) => shape);
    const dtype = outputs.map((output) => output.dtype);
    const again = connect(step.layer, step.inputs.map(now), shapes, { isList, training, dtype });
    outputs.forEach((output, i) => {
      if (!made.has(output)) made.set(output, again[i]!);
    });
  }
  return { inputs: inputs.map(now), outputs: outputs.map(now), steps: steps.map(now) };
}

/** Named inputs or outputs in the order of their names, as Keras flattens dictionaries. */
function ends(given: GraphEnds): { list: readonly SymbolicTensor[]; names: readonly string[] | undefined } {
  if (isList(given)) return { list: oneOrMore(given) as readonly SymbolicTensor[], names: undefined };
  const isNamed = isPlain(given);
  if (!isNamed) return { list: [given as SymbolicTensor], names: undefined };
  const named = given as Readonly<Record<string, SymbolicTensor>>;
  const names = Object.keys(named).sort();
  return { list: names.map((name) => named[name]!), names };
}

function ordered(
  owner: string,
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): readonly SymbolicTensor[] {
  const known = new Set<SymbolicTensor>(inputs);
  const steps: SymbolicTensor[] = [];
  const visit = (tensor: SymbolicTensor): void => {
    if (known.has(tensor)) return;
    if (tensor.inputs.length === 0) {
      throw new ValueError(
        "ERR_SHAPE",
        `${owner}: the input "${tensor.name}" is needed for the outputs, but is not among the model's inputs (${inputs.map(({ name }) => `"${name}"`).join(", ")}).`,
      );
    }
    known.add(tensor);
    for (const input of tensor.inputs) visit(input);
    steps.push(tensor);
  };
  for (const output of outputs) visit(output);
  return steps;
}

/** Farthest from the outputs first, ties in the order of traversal, as Keras lists weights. */
function layersOf(
  owner: string,
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): readonly Layer[] {
  // Inputs that no output needs come first among the last.
  const place = new Map<Layer, number>(inputs.map(({ layer }) => [layer, -1]));
  const nodes = new Set<LayerNode>();
  const seen = new Set<LayerNode>();
  const visit = ({ node }: SymbolicTensor): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if ((place.get(node.layer) ?? -1) < 0) place.set(node.layer, seen.size);
    for (const input of node.inputs) visit(input);
    nodes.add(node);
  };
  for (const output of outputs) visit(output);
  const depths = new Map<LayerNode, number>();
  const depthOf = new Map<Layer, number>(inputs.map(({ layer }) => [layer, 0]));
  for (const node of [...nodes].reverse()) {
    // A call of a layer counts as far as a farther call of the same layer.
    const depth = Math.max(depths.get(node) ?? 0, depthOf.get(node.layer) ?? 0);
    depthOf.set(node.layer, depth);
    for (const input of node.inputs) depths.set(input.node, Math.max(depths.get(input.node) ?? 0, depth + 1));
  }
  const names = new Set<string>();
  for (const { name } of depthOf.keys()) {
    if (names.has(name)) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${owner}: two layers are called "${name}". Names must differ in a model.`,
      );
    }
    names.add(name);
  }
  return [...depthOf].sort(([a, m], [b, n]) => n - m || place.get(a)! - place.get(b)!).map(([layer]) => layer);
}
