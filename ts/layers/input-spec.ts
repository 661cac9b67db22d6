/**
 * Requirements of a layer on its input, checked at each call.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { type LayerShape, shapeText } from "./layer-shape.js";

/** Expected rank, batch axis included, and lengths by axis; negative axes count from the end. */
export interface InputSpec {
  /** Number of axes, batch axis included. */
  readonly rank?: number | undefined;
  /** Minimum number of axes, batch axis included. */
  readonly minRank?: number | undefined;
  /** Lengths by axis; negative axes count from the end. */
  readonly axes?: Readonly<Record<number, number>> | undefined;
}

/** Checks all shapes. @throws ValueError if one does not fit */
export function checkInputs(owner: string, spec: InputSpec | undefined, shapes: readonly LayerShape[]): void {
  if (spec !== undefined) for (const shape of shapes) checkInput(owner, spec, shape);
}

function checkInput(owner: string, spec: InputSpec, shape: LayerShape): void {
  const { rank, minRank, axes = {} } = spec;
  if ((rank !== undefined && shape.length !== rank) || (minRank !== undefined && shape.length < minRank)) {
    const expected = rank === undefined ? `rank ${minRank} or above` : `rank ${rank}`;
    const isGray = rank === 4 && shape.length === 3;
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: expected inputs of ${expected}, the batch axis included, got rank ${shape.length} (${shapeText(shape)}).${isGray ? ` One channel is an axis too: ${shapeText([...shape.slice(1), 1])}.` : ""}`,
    );
  }
  for (const [key, length] of Object.entries(axes)) {
    const axis = Number(key);
    const got = shape.at(axis) ?? null;
    if (got === null || got === length) continue;
    const place = axis === -1 || axis === shape.length - 1 ? "the last axis" : `axis ${axis}`;
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: expected inputs of ${length} on ${place}, got ${got} (${shapeText(shape)}).`,
    );
  }
}
