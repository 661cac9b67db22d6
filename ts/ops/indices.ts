/**
 * The check that indices are in range, before anything is computed with them.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";

/**
 * Refuses an index that is not from 0 to `bound - 1`.
 *
 * @param noun - What an index is: `"label"`.
 * @param nouns - What there are `bound` of: `"classes"`.
 * @throws ValueError that names the first such index and its place
 */
export function checkIndices(
  owner: string,
  noun: string,
  indices: Tensor<"int32">,
  bound: number,
  nouns: string,
): void {
  const at = wasm().first_out_of_range(indices.address, indices.size, bound);
  if (at < 0) return;
  const range = bound === 0 ? "there are none" : `they are counted from 0 to ${bound - 1}`;
  throw new ValueError(
    "ERR_INDEX_RANGE",
    `${owner}: ${noun} ${indices.value[at]} at index ${at} is none of the ${bound} ${nouns}; ${range}.`,
  );
}
