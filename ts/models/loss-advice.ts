/**
 * Warnings about a loss that does not match the output layer: `fromLogits` after a softmax, probabilities from a layer
 * without activation. Such models train, but are silently wrong.
 *
 * @module
 */

import { linear } from "../activations/functions.js";
import type { Layer } from "../layers/layer.js";
import type { Loss } from "../losses/loss.js";
import { sigmoid, softmax } from "../ops/index.js";
import { warnOnce } from "../warnings.js";

/** The parts of a model that are checked. */
interface JudgedModel {
  readonly name: string;
  /** The layers that make the outputs; `undefined` where they are not known. */
  readonly outputLayers: readonly (Layer | undefined)[];
}

/** Warns about cross-entropies that misinterpret the outputs, once per `owner`. */
export function warnOfOutputs(owner: object, model: JudgedModel, losses: readonly (Loss | null)[]): void {
  losses.forEach((loss, i) => {
    const layer = model.outputLayers[i];
    const fromLogits = (loss as { readonly fromLogits?: unknown } | null)?.fromLogits;
    // Custom losses may use the word differently.
    if (layer === undefined || typeof fromLogits !== "boolean" || !loss!.className.endsWith("Crossentropy")) return;
    const advice = adviceFor(loss!.className, fromLogits, layer);
    if (advice !== undefined) warnOnce(owner, `${model.name}: ${advice}`);
  });
}

function adviceFor(loss: string, fromLogits: boolean, layer: Layer): string | undefined {
  const { activation } = layer as { readonly activation?: unknown };
  const normalized = activation === sigmoid ? "sigmoid" : activation === softmax ? "softmax" : undefined;
  const found = normalized ?? (layer.className === "Softmax" ? "softmax" : undefined);
  if (fromLogits && found !== undefined) {
    return `${loss} has fromLogits: true, but the outputs of "${layer.name}" are probabilities, by its ${found}. Leave out one of the two.`;
  }
  if (fromLogits || activation !== linear || !("kernel" in layer)) return undefined;
  const cure = loss.startsWith("Binary") ? "sigmoid" : "softmax";
  return `${loss} takes probabilities, but "${layer.name}" has no activation. Give the layer activation: "${cure}", or the loss fromLogits: true.`;
}
