/**
 * Data of `adapt`: one array, or batches.
 *
 * @module
 */

import { isA, isCallable, isReadable } from "../brands.js";
import { type AnyIterator, begun, hasReader, nextNow, nextOf } from "../iterators.js";
import type { TensorLike } from "../ops/operand.js";
import { isList } from "../options.js";
import { sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { naturalShape, readNumbers } from "../values.js";
import { Variable } from "../variable.js";
import type { Batch } from "./feature-statistics.js";

/** A batch of `adapt`: numbers with the batch axis, or a tuple of `fit`, of which the first entry is used. */
export type AdaptBatch =
  | TensorLike
  | readonly [x: TensorLike, y?: unknown, sampleWeight?: unknown]
  | { readonly xs: TensorLike; readonly ys?: unknown };

/** Data of `adapt`: an array, or an iterable of batches, or a function that returns one. */
export type AdaptData = TensorLike | Iterable<AdaptBatch> | (() => Iterable<AdaptBatch>);

/** Batches that arrive one by one. */
export type AsyncAdaptData = AsyncIterable<AdaptBatch> | (() => AsyncIterable<AdaptBatch>);

/** Batches that arrive one by one, synchronously or not. */
export type Batches =
  | { readonly isAsync: false; readonly iterator: Iterator<unknown> }
  | { readonly isAsync: true; readonly iterator: AnyIterator };

/**
 * Iterates over data, if they are batches.
 *
 * @param rank - Number of axes for which the layer was built.
 * @throws TypeError for an object that cannot be iterated
 */
export function batchesIn(owner: string, data: unknown, rank: number | undefined): Batches | undefined {
  if (isList(data) ? !isListOfBatches(owner, data, rank) : !isStream(data)) return undefined;
  const stream: unknown = isCallable(data) ? data() : data;
  const isAsync = isReadable(stream) && (Symbol.asyncIterator in stream || hasReader(stream));
  return { isAsync, iterator: begun(owner, stream) } as Batches;
}

/** Reads an array. @throws TypeError, ValueError for anything but numbers */
export function readBatch(owner: string, given: unknown): Batch {
  const { flat, shape } = readNumbers(owner, dataIn(owner, given), "float64");
  return { flat, shape };
}

/** All batches of a synchronous iterator. */
export function* syncBatches(owner: string, iterator: Iterator<unknown>): Generator<Batch> {
  let isOpen = true;
  try {
    for (;;) {
      isOpen = false;
      const { done, value } = nextNow(owner, iterator);
      if (done) return;
      isOpen = true;
      yield readBatch(owner, value);
    }
  } finally {
    if (isOpen) iterator.return?.();
  }
}

/** All batches of an asynchronous iterator. */
export async function* asyncBatches(owner: string, iterator: AnyIterator): AsyncGenerator<Batch> {
  let isOpen = true;
  try {
    for (;;) {
      isOpen = false;
      const { done, value } = await nextOf(owner, iterator);
      if (done) return;
      isOpen = true;
      yield readBatch(owner, value);
    }
  } finally {
    if (isOpen) await iterator.return?.();
  }
}

function isStream(data: unknown): boolean {
  if (typeof data === "function") return true;
  if (!isReadable(data) || isArray(data)) return false;
  return Symbol.asyncIterator in data || Symbol.iterator in data || hasReader(data);
}

const isArray = (value: unknown): boolean =>
  ArrayBuffer.isView(value) ||
  isA(value, Tensor) ||
  isA(value, Variable) ||
  (isReadable(value) && "BYTES_PER_ELEMENT" in value);

const isPair = (value: unknown): value is { readonly xs: unknown } =>
  isReadable(value) && !isArray(value) && "xs" in value;

/**
 * Whether a list contains batches instead of samples. Equally long batches of plain numbers look like samples with one
 * more axis, unless the rank is known from the build; the statistics are the same.
 */
function isListOfBatches(owner: string, data: readonly unknown[], rank: number | undefined): boolean {
  const [first] = data;
  if (isPair(first) || isA(first, Tensor) || isA(first, Variable)) return true;
  if (!isList(first)) return false;
  if (isTuple(owner, first)) return true;
  const shapes = data.map((entry) => shapeOf(owner, entry));
  const common = shapes[0];
  if (common === undefined || common.length < 2) return false;
  const areBatches = shapes.every(
    (shape) => shape?.length === common.length && shape.every((n, i) => i === 0 || n === common[i]),
  );
  return areBatches && (common.length === rank || shapes.some((shape) => shape?.[0] !== common[0]));
}

/** The numbers of a batch: those of a tuple are its first entry. */
function dataIn(owner: string, given: unknown): unknown {
  if (isPair(given)) return given.xs;
  return isList(given) && isTuple(owner, given) ? given[0] : given;
}

/** Whether a list is `[x, y]` or the like, not numbers. */
function isTuple(owner: string, list: readonly unknown[]): boolean {
  if (list.length === 0 || list.length > 3) return false;
  const [first] = list;
  if (isA(first, Tensor) || isA(first, Variable)) return first.shape.length > 0;
  const [x, ...others] = list.map((entry) => shapeOf(owner, entry));
  return x !== undefined && x.length > 0 && others.some((shape) => shape === undefined || !sameShape(shape, x));
}

/** The shape of nested numbers; `undefined` for lists that have none. */
function shapeOf(owner: string, value: unknown): readonly number[] | undefined {
  try {
    return naturalShape(owner, value);
  } catch {
    return undefined;
  }
}
