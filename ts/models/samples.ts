/**
 * Data for `fit`, `evaluate` and `predict`, as arrays of samples.
 *
 * @module
 */

import { isImage } from "../array-like.js";
import { isA, isReadable } from "../brands.js";
import { checkSameCopy } from "../copies.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import type { OutputKeys } from "../layers/results.js";
import { isList, shown } from "../options.js";
import { type Shape, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import type { Samples } from "./batch.js";
import { refuseForeign } from "./data-cures.js";
import { Rows, type SampleArray } from "./rows.js";

/** Data of one input or output; several as a list or by name. */
export type DataInput = SampleArray | readonly SampleArray[] | Readonly<Record<string, SampleArray>>;

/** The parts of a model's input or output that data must fit. */
export interface Port {
  readonly name: string;
  /** Shape of a sample, `null` for unknown lengths; `undefined` if nothing is known yet. */
  readonly rowShape: readonly (number | null)[] | undefined;
  /** Number of axes of a sample, if known while lengths are not. */
  readonly rank?: number | undefined;
}

/** The parts of a model that data must fit. */
export interface FedModel {
  /** @internal */
  readonly inputPorts: readonly Port[];
  /** Names of the outputs, for losses and metrics. */
  readonly outputNames: readonly string[];
  /** @internal */
  readonly outputKeys?: OutputKeys;
  /** Whether its steps take any data by name. @internal */
  readonly takesNames?: boolean;
  /** @internal */
  outputShapesFor(inputShapes: readonly LayerShape[]): readonly (LayerShape | undefined)[];
}

type LayerShape = readonly (number | null)[];

/** Checks data against a model's inputs and outputs, and each other. @throws ValueError, TypeError */
export function samplesOf(
  owner: string,
  model: FedModel,
  given: { readonly x: unknown; readonly y?: unknown; readonly sampleWeight?: unknown },
): Samples {
  const named = { x: namesIn(model, given.x), y: namesIn(model, given.y) };
  const inputs = named.x?.map(openPort) ?? model.inputPorts;
  // The shape of labels may differ from that of their output: the loss decides.
  const outputs = (named.y ?? model.outputNames).map(openPort);
  const isPair = isXsYs(given.x) && !isGiven(given.y) && inputs.every(({ name }) => name !== "xs");
  const [givenX, givenY] = isPair ? [(given.x as XsYs).xs, (given.x as XsYs).ys] : [given.x, given.y];
  const x = arrays(owner, "x", givenX, inputs).map((array, i) =>
    inputRows(owner, label("x", inputs, i), array, inputs[i]),
  );
  const y = !isGiven(givenY)
    ? []
    : arrays(owner, "y", givenY, outputs).map((array, i) => {
        const name = `${owner}: ${label("y", outputs, i)}`;
        const rows = new Rows(name, array);
        const cut = rows.count === x[0]?.count ? undefined : flatLabelShape(rows, model, x, i);
        return cut === undefined ? rows : new Rows(name, array, cut);
      });
  const weights = weightRows(owner, given.sampleWeight, outputs, x[0]?.count ?? 0);
  checkCounts(owner, x, [...y, ...weights.filter((rows) => rows !== undefined)]);
  const yNames = named.y ?? (model.outputKeys !== undefined && isNamed(givenY) ? model.outputNames : undefined);
  return {
    x,
    y,
    weights,
    names: named.x === undefined && yNames === undefined ? undefined : { x: named.x, y: yNames },
  };
}

const openPort = (name: string): Port => ({ name, rowShape: undefined });

/** Names of data, if the model's steps take any names. */
function namesIn(model: FedModel, data: unknown): readonly string[] | undefined {
  if (model.takesNames !== true || !isNamed(data) || isXsYs(data)) return undefined;
  const names = Object.keys(data);
  return names.length > 0 ? names : undefined;
}

/** The shape of an output, if there are as many flat labels as output values. */
function flatLabelShape(rows: Rows, model: FedModel, x: readonly Rows[], output: number): LayerShape | undefined {
  if (rows.rowShape.length > 0) return undefined;
  const shape = model.outputShapesFor(x.map(({ rowShape }) => [null, ...rowShape]))[output]?.slice(1);
  if (shape === undefined || shape.includes(null)) return undefined;
  return rows.count === (x[0]?.count ?? 0) * sizeOf(shape as Shape) ? shape : undefined;
}

/** Whether an argument was passed; `null` counts as omitted, as in Python. */
export function isGiven<T>(given: T): given is NonNullable<T> {
  return given !== undefined && given !== null;
}

/** Data and labels in one object, as in TensorFlow.js's datasets. */
interface XsYs {
  readonly xs: unknown;
  readonly ys: unknown;
}

/** Whether data are `{ xs, ys }`, and nothing else. */
export function isXsYs(given: unknown): given is XsYs {
  return isReadable(given) && "xs" in given && "ys" in given && Object.keys(given).length === 2;
}

/** A batch `{ xs, ys }` as a tuple; other values unchanged. */
export function pairAsTuple(batch: unknown): unknown {
  return isXsYs(batch) ? [batch.xs, batch.ys] : batch;
}

const COLUMNS = " For columns of one input, make rows: a.map((_, i) => [a[i], b[i]]).";

/** One array for each port, in order. */
function arrays(owner: string, name: string, data: unknown, ports: readonly Port[]): SampleArray[] {
  if (data === undefined || data === null) {
    throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "${name}" is missing.`);
  }
  checkSameCopy(`${owner}: "${name}"`, data);
  if (isNamed(data)) {
    const names = ports.map((port) => port.name);
    const missing = names.filter((port) => !(port in data));
    if (missing.length === 0) return names.map((port) => data[port] as SampleArray);
    refuseForeign(`${owner}: "${name}"`, data);
    const keys = Object.keys(data);
    // An object without keys is something else: a promise that was not awaited, a date.
    if (keys.length > 0) {
      throw new ValueError(
        "ERR_SHAPE",
        `${owner}: "${name}" has ${keys.map((key) => `"${key}"`).join(", ")}, but not ${missing.map((port) => `"${port}"`).join(", ")}.${ports.length === 1 && keys.length > 1 ? COLUMNS : ""}`,
      );
    }
  }
  if (ports.length < 2) return [data as SampleArray];
  if (!isList(data) || data.length !== ports.length) {
    const got = isList(data) ? `a list of ${data.length}` : shown(data);
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: "${name}" must be a list of ${ports.length} arrays, for ${ports.map((port) => `"${port.name}"`).join(", ")}, got ${got}.`,
    );
  }
  return data as SampleArray[];
}

/** Whether data are arrays by name. */
export function isNamed(data: unknown): data is Readonly<Record<string, unknown>> {
  if (
    !isReadable(data) ||
    isList(data) ||
    ArrayBuffer.isView(data) ||
    isA(data, Tensor) ||
    isA(data, Variable) ||
    isImage(data)
  ) {
    return false;
  }
  // A proxy of a typed array is not a view, but has its properties.
  return !("BYTES_PER_ELEMENT" in data);
}

function label(name: string, ports: readonly Port[], index: number): string {
  return ports.length > 1 ? `"${name}" for "${ports[index]?.name}"` : `"${name}"`;
}

function inputRows(owner: string, name: string, array: SampleArray, port: Port | undefined): Rows {
  const rowShape = port?.rowShape;
  const rows = new Rows(`${owner}: ${name}`, array, rowShape);
  if (rowShape === undefined) return rows;
  const fits =
    rows.rowShape.length === rowShape.length &&
    rowShape.every((length, axis) => length === null || length === rows.rowShape[axis]);
  if (fits) return rows;
  const wanted = ["samples", ...rowShape.map((length) => length ?? "any")].join(" x ");
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: ${name} must have the shape ${wanted}, got ${[rows.count, ...rows.rowShape].join(" x ")}.`,
  );
}

/**
 * Weights of samples: one array for all outputs, or one for each. A list of columns, `[[1], [0]]`, is ambiguous: the
 * number of samples decides.
 */
function weightRows(owner: string, given: unknown, outputs: readonly Port[], count: number): (Rows | undefined)[] {
  if (given === undefined || given === null) return [];
  const isColumn = isList(given) && given.length === count && given.every(isOneNumber) && count > 1;
  const several =
    outputs.length > 1 &&
    !isColumn &&
    (isNamed(given) || (isList(given) && given.length === outputs.length && typeof given[0] !== "number"));
  const list = several ? arrays(owner, "sampleWeight", given, outputs) : outputs.map(() => given as SampleArray);
  return (list.length === 0 ? [given as SampleArray] : list).map(
    (array) => new Rows(`${owner}: "sampleWeight"`, array),
  );
}

function isOneNumber(value: unknown): boolean {
  return isList(value) && value.length === 1 && typeof value[0] === "number";
}

function checkCounts(owner: string, x: readonly Rows[], others: readonly Rows[]): void {
  const count = x[0]?.count ?? 0;
  const odd = [...x, ...others].find((rows) => rows.count !== count);
  if (odd !== undefined) {
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: all arrays must have the same number of samples, got ${[...x, ...others].map((rows) => rows.count).join(", ")}.`,
    );
  }
  if (count === 0) throw new ValueError("ERR_SHAPE", `${owner}: there are no samples: "x" is empty.`);
}
