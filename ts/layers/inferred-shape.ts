/**
 * The output shape of a layer that does not define it, found by a trial call.
 *
 * @module
 */

import { type Operand, scratch } from "../autodiff/arena.js";
import { unrecorded } from "../autodiff/record.js";
import { isA } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { reshape } from "../ops/reshape.js";
import { isList, shown } from "../options.js";
import { Tensor } from "../tensor.js";
import { withoutEffects } from "../undo.js";
import type { DType } from "../values.js";
import { Variable } from "../variable.js";
import { withoutLosses } from "./added-losses.js";
import { type CallContext, calledWith } from "./call-context.js";
import { isShapeList, type LayerShape, type LayerShapes } from "./layer-shape.js";
import { mapResults, namesOf, type OutputKeys, resultList } from "./results.js";

/** A layer, as needed for a trial call. */
export interface TriedLayer {
  readonly className: string;
  readonly name: string;
  readonly inputDtype: DType;
  call(inputs: Operand | readonly Operand[], context: CallContext): unknown;
}

/**
 * Calls the layer on zeros, with two different lengths for each unknown axis: output axes that then differ are unknown.
 *
 * @returns the shape, a list of shapes for several outputs, and the names of outputs by name
 */
export function inferredShape(layer: TriedLayer, shapes: LayerShapes): { shape: LayerShapes; keys: OutputKeys } {
  const [first, second] = [2, 3].map((unknown) => outputShapes(layer, shapes, unknown)) as [Outputs, Outputs];
  const found = first.list.map((shape, i) => shape.map((n, axis) => (n === second.list[i]?.[axis] ? n : null)));
  return { shape: first.isSeveral ? found : found[0]!, keys: first.keys };
}

/** Refuses a layer of a custom class without `call`. @throws ValueError */
export function checkCall({ className, name, call }: TriedLayer): void {
  if (typeof call === "function") return;
  throw new ValueError(
    "ERR_NOT_IMPLEMENTED",
    `${className} "${name}": a layer must override call(inputs, { training }).`,
  );
}

/** Calls the layer on zeros, which builds the layers that its `call` calls. */
export function tryOnZeros(layer: TriedLayer, shapes: LayerShapes): void {
  tried(layer, shapes, 2, () => {});
}

/** Refuses invalid results of a layer's `call` or activation, which may be custom. @throws TypeError */
export function checkOutput(layer: { readonly className: string; readonly name: string }, output: unknown): void {
  if (isA(output, Tensor) || isA(output, Variable)) return;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${layer.className} "${layer.name}": call must return a tensor, made by operations from its inputs, got ${shown(output)}.`,
  );
}

/**
 * Checks the result of a layer's `call`, or the outputs of a model: tensors. A variable is converted to a tensor, with
 * gradients.
 *
 * @throws TypeError for anything else
 */
export function madeOutput(
  layer: { readonly className: string; readonly name: string; readonly outputKeys: OutputKeys },
  output: unknown,
): unknown {
  if (isList(output) && output.length === 0) checkOutput(layer, output);
  return mapResults(output, layer.outputKeys, (value) => {
    checkOutput(layer, value);
    return isA(value, Variable) ? reshape(value, value.shape) : value;
  });
}

interface Outputs {
  readonly list: readonly LayerShape[];
  readonly isSeveral: boolean;
  readonly keys: OutputKeys;
}

/** The shapes and names of the outputs. */
function outputShapes(layer: TriedLayer, shapes: LayerShapes, unknown: number): Outputs {
  return tried(layer, shapes, unknown, (output) => {
    const list = resultList(output, undefined);
    const outputs = list.length > 0 ? list : [output];
    for (const one of outputs) checkOutput(layer, one);
    return {
      list: outputs.map((one) => (one as Operand).shape),
      isSeveral: isList(output) || outputs.length > 1,
      keys: namesOf(output, undefined),
    };
  });
}

/** Calls the layer on zeros, with `unknown` for unknown lengths, and returns the result of `read` for the output. */
function tried<T>(layer: TriedLayer, shapes: LayerShapes, unknown: number, read: (output: unknown) => T): T {
  checkCall(layer);
  return onTrial(() => {
    const zeros = (shape: LayerShape) =>
      new Tensor(
        shape.map((length) => length ?? unknown),
        layer.inputDtype,
      );
    const inputs = isShapeList(shapes) ? shapes.map(zeros) : zeros(shapes);
    return read(calledWith(layer, inputs, false));
  });
}

/**
 * Runs `work` for its result, and so that it builds layers: its tensors are freed, no tape records it, no loss is added,
 * and what it assigns, draws and counts is undone, as `withoutEffects` says. Keras builds symbolically, which changes no
 * state.
 */
export function onTrial<T>(work: () => T): T {
  return scratch(() => unrecorded(() => withoutLosses(() => withoutEffects(work))));
}
