/**
 * `summary()`: a table of a model's layers.
 *
 * @module
 */

import type { Layer } from "../layers/layer.js";
import { isShapeList, type LayerShapes } from "../layers/layer-shape.js";
import type { Variable } from "../variable.js";
import type { Graph } from "./graph.js";

/** The part of a model that a summary needs. */
export interface SummarizedModel {
  readonly name: string;
  readonly className: string;
  readonly layers: readonly Layer[];
  readonly weights: readonly Variable[];
  readonly trainableWeights: readonly Variable[];
  /** Output shape of a layer, if known. */
  shapeBehind(layer: Layer): LayerShapes | undefined;
  /** The graph of a functional model. */
  readonly graph: Graph | undefined;
}

/** The table, as text. */
export function summaryText(model: SummarizedModel): string {
  const graph = model.graph !== undefined && !isChain(model.graph) ? model.graph : undefined;
  const rows = [
    ["Layer (type)", "Output Shape", "Param #", ...(graph === undefined ? [] : ["Connected to"])],
    ...(model.graph ?? model).layers.map((layer) => [
      `${layer.name} (${layer.className})`,
      shapeText(model.shapeBehind(layer)),
      layer.built ? thousands(layer.countParams()) : "0 (unbuilt)",
      ...(graph === undefined ? [] : [connections(graph, layer)]),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const rule = (left: string, middle: string, right: string, dash: string) =>
    left + widths.map((width) => dash.repeat(width + 2)).join(middle) + right;
  const line = (row: readonly string[], bar: string) =>
    `${bar} ${row.map((cell, i) => padded(cell, widths[i]!, i === 2)).join(` ${bar} `)} ${bar}`;
  const [head, ...body] = rows as [string[], ...string[][]];
  const total = count(model.weights);
  const trainable = count(model.trainableWeights);
  return [
    `Model: "${model.name}"`,
    rule("┏", "┳", "┓", "━"),
    line(head, "┃"),
    rule("┡", "╇", "┩", "━"),
    body.map((row) => line(row, "│")).join(`\n${rule("├", "┼", "┤", "─")}\n`),
    rule("└", "┴", "┘", "─"),
    ` Total params: ${thousands(total)} (${bytes(total)})`,
    ` Trainable params: ${thousands(trainable)} (${bytes(trainable)})`,
    ` Non-trainable params: ${thousands(total - trainable)} (${bytes(total - trainable)})`,
  ].join("\n");
}

/** Whether each layer is called once, with the previous layer's output: then the order of the rows suffices. */
function isChain({ inputs, steps, layers }: Graph): boolean {
  const calls = [...new Set([...inputs, ...steps].map(({ node }) => node))];
  const isStraight = calls.every(
    ({ inputs: given }, i) => i === 0 || (given.length === 1 && given[0]?.node === calls[i - 1]),
  );
  return inputs.length === 1 && isStraight && layers.length === calls.length;
}

/** Inputs of a layer: `name[use][output]`, as in Keras. */
function connections({ steps }: Graph, layer: Layer): string {
  const calls = new Set(steps.filter((step) => step.layer === layer).map(({ node }) => node));
  const inputs = [...calls].flatMap((call) => call.inputs);
  return inputs.map(({ layer, node, index }) => `${layer.name}[${node.index}][${index}]`).join(", ") || "-";
}

function padded(cell: string, width: number, isNumber: boolean): string {
  return isNumber ? cell.padStart(width) : cell.padEnd(width);
}

function shapeText(shape: LayerShapes | undefined): string {
  if (shape === undefined) return "?";
  if (isShapeList(shape)) return `[${shape.map(shapeText).join(", ")}]`;
  return `(${shape.map((length) => length ?? "None").join(", ")})`;
}

function count(weights: readonly Variable[]): number {
  return weights.reduce((sum, { size }) => sum + size, 0);
}

/** Independent of the locale. */
function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function bytes(values: number): string {
  const size = values * 4;
  if (size < 1024) return `${size.toFixed(2)} B`;
  if (size < 1024 ** 2) return `${(size / 1024).toFixed(2)} KB`;
  if (size < 1024 ** 3) return `${(size / 1024 ** 2).toFixed(2)} MB`;
  return `${(size / 1024 ** 3).toFixed(2)} GB`;
}
