/**
 * Assignment of a file's numbers to a model: all are read and checked before the first is written.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import type { TrainableModel } from "../models/trainable-model.js";
import type { AbortSignal, Float32s } from "../platform-types.js";
import { sameShape } from "../shape.js";
import { isVariable } from "../variable.js";
import { type WeightHolder, type WeightValue, writeWeights } from "../weights.js";
import type { Assignment, StoredEntry } from "./formats/model-file.js";
import { kindOf, type ModelNumbers, numbersOf, type StoredParts } from "./formats/stored-tensor.js";
import { refuseFile } from "./stores/file-error.js";
import { allFinite } from "./stores/finite.js";

/** A tensor whose values have been read. Values of a large file are read again when they are written. */
export interface ReadTensor {
  readonly shape: readonly number[];
  readonly data: ModelNumbers | StoredParts;
}

/** Options of reading. */
export interface Reading {
  readonly allowNonfinite: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The numbers for each weight. @throws ValueError for other shapes, and for NaN and infinities unless allowed */
export async function readTensors(
  owner: string,
  file: string,
  assignment: Assignment,
  reading: Reading,
): Promise<Map<WeightHolder, ReadTensor>> {
  for (const [{ shape, path }, { name, tensor }] of assignment) {
    if (sameShape(tensor.shape, shape)) continue;
    refuseFile(
      file,
      `${JSON.stringify(name)} has the shape [${tensor.shape.join(", ")}], and the weight "${path}" [${shape.join(", ")}]`,
    );
  }
  const read = new Map<WeightHolder, ReadTensor>();
  for (const [holder, entry] of assignment) read.set(holder, await readTensor(owner, file, holder, entry, reading));
  return read;
}

/** The numbers for one weight. @throws ValueError for NaN and infinities unless allowed */
export async function readTensor(
  owner: string,
  file: string,
  holder: WeightHolder,
  { name, tensor }: StoredEntry,
  { allowNonfinite, signal }: Reading,
): Promise<ReadTensor> {
  const { shape, parts } = tensor;
  const isPlaced = isVariable(holder) || holder.takesParts === true;
  if (parts !== undefined && isPlaced && (allowNonfinite || parts.areFinite())) return { shape, data: parts };
  const data = await numbersOf(name, tensor);
  signal?.throwIfAborted();
  if (allowNonfinite || allFinite(data, kindOf(data).dtype === "float32")) return { shape, data };
  throw new ValueError(
    "ERR_FILE_INVALID",
    `${owner}: "${name}" has NaN or infinity in ${file}. allowNonfinite: true loads it.`,
  );
}

/** Writes weights and state. @throws what refuses a number, with nothing written */
export function writeTensors(
  owner: string,
  model: TrainableModel,
  tensors: ReadonlyMap<WeightHolder, ReadTensor>,
): void {
  const plain: [WeightHolder, () => Iterable<Float32s>][] = [];
  const rest: [WeightHolder, WeightValue][] = [];
  for (const [holder, { shape, data }] of tensors) {
    if ("each" in data) plain.push([holder, () => data.each()]);
    else if (holder.dtype === "float32" && holder.check === undefined && kindOf(data).dtype === "float32") {
      plain.push([holder, () => [data as Float32s]]);
    } else {
      const given = countOf(holder, data);
      rest.push([holder, { shape, data: given, dtype: kindOf(given).dtype }]);
    }
  }
  const write = () => {
    // Throws for a disposed weight, before the first is written.
    for (const [{ value }] of plain) void value;
    writeWeights(
      owner,
      rest.map(([holder]) => holder),
      rest.map(([, entry]) => entry),
    );
    // Not `writeWeights`, which copies values because they may be views: these belong to the file.
    for (const [holder, each] of plain) {
      let at = 0;
      for (const part of each()) {
        holder.write(part, at);
        at += part.length;
      }
    }
  };
  const followers = model.optimizer?.followers;
  if (followers === undefined) write();
  else {
    followers.restoring(write);
    followers.close();
  }
}

/** TensorFlow counts in int64, which is read as float64: a counter is float64 only from 2^31 on. */
function countOf({ dtype }: WeightHolder, data: ModelNumbers): ModelNumbers {
  const isSmall = dtype !== "float32" && data.every((n) => n === (n | 0));
  return isSmall ? Int32Array.from(data) : data;
}
