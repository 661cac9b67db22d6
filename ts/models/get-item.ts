/**
 * Keras's `GetItem`: `x[:, 1:3, ..., -1]` of a functional model in a file.
 *
 * @module
 */

import { isPlain } from "../brands.js";
import { own } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { cast } from "../ops/control.js";
import { take } from "../ops/indexing.js";
import { reshape } from "../ops/reshape.js";
import { slice } from "../ops/slice.js";
import { isList, shown } from "../options.js";
import type { Tensor } from "../tensor.js";

/** Name of the operation; `ops` has no counterpart, since brackets are not a function. */
export const GET_ITEM = "getItem";

const WHOLE = { class_name: "__slice__", config: { start: null, stop: null, step: null } };

/**
 * Takes a part of a tensor, as Python's brackets do.
 *
 * @param key - Keras's JSON of the index: whole numbers, `null` for a new axis, `__slice__`, `__ellipsis__`, or a list.
 * @throws ValueError for other keys, too many keys, and indices out of range
 */
export function getItem(x: Tensor, key: unknown): Tensor {
  const { shape } = x;
  let y: Tensor<"float32"> = cast(x, "float32");
  const lengths: number[] = [];
  let axis = 0;
  for (const part of wholeKey(key, shape.length)) {
    if (part === null) {
      lengths.push(1);
      continue;
    }
    const length = shape[axis]!;
    if (Number.isInteger(part)) {
      const place = (part as number) < 0 ? (part as number) + length : (part as number);
      if (place < 0 || place >= length) refuse(`GetItem: ${part} is outside the axis ${axis} of ${length}`);
      y = block(y, axis, place, 1);
    } else {
      const { first, count, step } = rangeOf(part, length);
      if (step === 1) y = count === length ? y : block(y, axis, first, count);
      else
        y = take(
          y,
          Int32Array.from({ length: count }, (_, i) => first + i * step),
          { axis },
        ) as typeof y;
      lengths.push(count);
    }
    axis++;
  }
  y = reshape(y, lengths);
  return x.dtype === "int32" ? cast(y, "int32") : y;
}

/** One entry for each axis, and one for each new axis. */
function wholeKey(key: unknown, rank: number): readonly unknown[] {
  const parts: readonly unknown[] = isList(key) ? key : [key];
  const isRest = (part: unknown) => isPlain(part) && own(part, "class_name") === "__ellipsis__";
  const count = parts.filter((part) => part !== null && !isRest(part)).length;
  const rests = parts.filter(isRest).length;
  if (count > rank || rests > 1) refuse(`GetItem: ${parts.length} indices do not fit a tensor of ${rank} axes`);
  const rest: readonly unknown[] = Array(rank - count).fill(WHOLE);
  return rests === 0 ? [...parts, ...rest] : parts.flatMap((part) => (isRest(part) ? rest : [part]));
}

interface Range {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

/** Python's rule: ends outside the axis are moved to it. */
function rangeOf(part: unknown, length: number): Range {
  const config = isPlain(part) && own(part, "class_name") === "__slice__" ? own(part, "config") : undefined;
  if (!isPlain(config)) return refuse(`GetItem: ${shown(part)} is not supported as an index`);
  const [start, stop, given] = ["start", "stop", "step"].map((name) => own(config, name) ?? null);
  const step = given ?? 1;
  for (const end of [start, stop, step]) {
    if (end !== null && !Number.isInteger(end)) refuse(`GetItem: a slice has the end or step ${shown(end)}`);
  }
  if (step === 0) refuse("GetItem: a slice has the step 0");
  const by = step as number;
  const [low, high] = by > 0 ? [0, length] : [-1, length - 1];
  const at = (end: unknown, otherwise: number) => {
    if (end === null) return otherwise;
    const place = (end as number) < 0 ? (end as number) + length : (end as number);
    return Math.min(Math.max(place, low), high);
  };
  const first = at(start, by > 0 ? low : high);
  const last = at(stop, by > 0 ? high : low);
  return { first, count: Math.max(0, Math.ceil((last - first) / by)), step: by };
}

/** A part of one axis. */
function block(x: Tensor<"float32">, axis: number, first: number, count: number): Tensor<"float32"> {
  return slice(
    x,
    x.shape.map((_, i) => (i === axis ? first : 0)),
    x.shape.map((length, i) => (i === axis ? count : length)),
  );
}

/** @throws ValueError */
export function refuse(message: string): never {
  throw new ValueError("ERR_CONFIG_INVALID", `modelFromJSON: ${message}.`);
}
