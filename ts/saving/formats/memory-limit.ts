/**
 * The memory that a file may request.
 *
 * @module
 */

import { sizeOf } from "../../shape.js";
import { refuseFile } from "../stores/file-error.js";

/** Multiple of the file's length. Weights quantized to bytes become four times as long. */
const MOST_TIMES = 4;

/** Bytes that every file may request: 16 MB. */
const FREE = 2 ** 24;

/** The maximum size of the unpacked data, or of the model, of a file of this length. */
export function mostBytes(length: number): number {
  return Math.max(MOST_TIMES * length, FREE);
}

/**
 * Counts the weights of a model that is created from a file. @throws ValueError if there are more than its length
 * allows
 */
export function weightCounter(file: string, length: number): (shape: readonly number[]) => void {
  let bytes = 0;
  return (shape) => {
    bytes += 4 * sizeOf(shape);
    if (bytes <= mostBytes(length)) return;
    refuseFile(file, `it has ${length} bytes, and the weights of its layers would have ${bytes} and more`);
  };
}
