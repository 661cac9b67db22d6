/**
 * The memory that a file may ask for.
 *
 * @module
 */

import { sizeOf } from "../../shape.js";
import { refuseFile } from "../stores/file-error.js";

/** Times the length of the file. Weights quantized to bytes become four times as long. */
const MOST_TIMES = 4;

/** Bytes that every file may ask for: 16 MB. */
const FREE = 2 ** 24;

/** Bytes that a file of this length may unpack to, or make a model of. */
export function mostBytes(length: number): number {
  return Math.max(MOST_TIMES * length, FREE);
}

/** Counts the weights of the model that is made of a file. @throws ValueError when it asks for more than its length allows */
export function weightCounter(file: string, length: number): (shape: readonly number[]) => void {
  let bytes = 0;
  return (shape) => {
    bytes += 4 * sizeOf(shape);
    if (bytes <= mostBytes(length)) return;
    refuseFile(file, `it has ${length} bytes, and the weights of its layers would have ${bytes} and more`);
  };
}
