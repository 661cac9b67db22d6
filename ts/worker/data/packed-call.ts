/**
 * Arguments of `fit`, `evaluate`, `predict` and calls for one batch, as they are sent to the worker.
 *
 * @module
 */

import type { EvaluateOptions, FitOptions } from "../../models/fit-options.js";
import { isValidationTuple, type RowShapes, rowShapesIn } from "../../models/forms.js";
import { type DataInput, pairAsTuple } from "../../models/samples.js";
import { type BatchStream, isStream } from "../../models/stream.js";
import type { OnBatchOptions } from "../../models/trainable-model.js";
import { isList } from "../../options.js";
import type { Transferable } from "../../platform-types.js";
import { BatchSources } from "./batch-sources.js";
import { type Giving, Packing } from "./packing.js";
import type { OnBatchArgs, Packed } from "./protocol.js";

/** Calls that read data. */
export type RunName = "fit" | "evaluate" | "predict";

/** Arguments, and the buffers that are transferred. */
export interface PackedCall {
  readonly args: OnBatchArgs;
  readonly moved: Transferable[];
  /** Completes the copying of large data, if any. Call it before sending. */
  readonly finish: Packing["finish"];
  /** Iterables from which the worker requests batches. */
  readonly sources: BatchSources;
}

/** Data and options of a run. @throws ValueError, TypeError for anything but data */
export function packedCall(
  name: RunName,
  x: DataInput | BatchStream,
  y: DataInput | undefined,
  options: FitOptions & EvaluateOptions,
  giving: Giving,
): PackedCall {
  const packing = new Packing(name, giving.give, giving.shared);
  const sources = new BatchSources(name, giving);
  const { callbacks: _, signal: __, validationData, sampleWeight, ...plain } = options;
  const data: Record<string, Packed> = {};
  if (sampleWeight !== undefined) data.sampleWeight = packing.data("sampleWeight", sampleWeight, giving.outputs);
  if (validationData !== undefined && validationData !== null) {
    const rowShapes = rowShapesIn(x, giving.rowShapes, isStream(x, y));
    data.validationData = validation(validationData, rowShapes, packing, sources, giving);
  }
  const args = {
    // In predict, a list is data, regardless of its contents.
    x: name === "predict" && isList(x) ? packing.data("x", x, giving.inputs) : anyData(x, y, packing, sources, giving),
    y: packing.data("y", y, giving.outputs),
    options: { ...plain, verbose: 0 },
    data,
  };
  return { args, moved: packing.moved, finish: (isVain) => packing.finish(isVain), sources };
}

/** Data and options of a call about one batch. @throws ValueError, TypeError for anything but data */
export function packedBatch(
  name: "trainOnBatch" | "testOnBatch" | "predictOnBatch",
  x: DataInput,
  y: DataInput | undefined,
  { sampleWeight, ...options }: OnBatchOptions,
  giving: Giving,
): Omit<PackedCall, "sources"> {
  const packing = new Packing(name, giving.give);
  const args = {
    x: packing.data("x", x, giving.inputs),
    y: packing.data("y", y, giving.outputs),
    options,
    data: { sampleWeight: packing.data("sampleWeight", sampleWeight, giving.outputs) },
  };
  return { args, moved: packing.moved, finish: (isVain) => packing.finish(isVain) };
}

/** Arrays, a list of batches, or a source of batches. */
function anyData(x: unknown, y: unknown, packing: Packing, sources: BatchSources, giving: Giving): Packed {
  if (!isStream(x, y)) return packing.data("x", x, giving.inputs);
  if (!isList(x)) return sources.add(x);
  return { kind: "list", list: (x as readonly unknown[]).map((batch) => listOf(batch as never, packing, giving)) };
}

function validation(
  given: NonNullable<FitOptions["validationData"]>,
  rowShapes: RowShapes,
  packing: Packing,
  sources: BatchSources,
  giving: Giving,
): Packed {
  const data = pairAsTuple(given) as typeof given;
  return isValidationTuple(data, rowShapes)
    ? listOf(data, packing, giving)
    : anyData(data, undefined, packing, sources, giving);
}

/** `[x, y]` or `[x, y, sampleWeight]`. */
function listOf(given: unknown, packing: Packing, { inputs, outputs }: Giving): Packed {
  const names = ["x", "y", "sampleWeight"];
  const batch = pairAsTuple(given);
  if (!isList(batch)) return packing.data("x", batch, inputs);
  const list = batch.map((entry, i) => packing.data(names[i] ?? "", entry, i === 0 ? inputs : outputs));
  return { kind: "list", list };
}
