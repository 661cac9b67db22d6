/**
 * A replica's share of a global batch, and of its loss.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import type { Loss } from "../losses/loss.js";
import type { BatchShare } from "../random/batch-share.js";
import type { BatchParts } from "../replicas/replica-group.js";
import type { Batch } from "./batch.js";

/** Samples of one replica, and their weight. */
export interface Share extends BatchShare {
  /**
   * Fraction of the whole batch. 0 for a replica without samples: it computes the first sample, so that it draws,
   * builds and has gradients like the others, but does not count.
   */
  readonly fraction: number;
  /** Whether this replica adds the weight penalties: they do not depend on samples, so only one replica does. */
  readonly hasPenalties: boolean;
}

/** The shares of a realm, as equal as possible; the first ones are larger. */
export function sharesOf(total: number, { first, count, total: parts }: BatchParts): Share[] {
  return Array.from({ length: count }, (_, i) => shareOf(total, first + i, parts));
}

function shareOf(total: number, part: number, parts: number): Share {
  const [start, end] = [part, part + 1].map((at) => Math.ceil((total * at) / parts)) as [number, number];
  const hasPenalties = part === 0;
  if (start === end) return { start: 0, count: 1, total, fraction: 0, hasPenalties };
  return { start, count: end - start, total, fraction: (end - start) / total, hasPenalties };
}

/** Labels and weights of one output. */
interface Labelled {
  readonly y: Operand | undefined;
  readonly weights: Operand | undefined;
}

/** Factor of the loss of this share: the shares' losses add up to the loss of the whole batch. */
export function fractionOf(
  loss: Loss,
  output: number,
  share: Share,
  part: Omit<Batch, "x">,
  whole: () => Omit<Batch, "x">,
): number {
  if (share.fraction === 0) return 0;
  const { reduction } = loss;
  if (reduction === "sum" || reduction === "none" || reduction === null) return 1;
  const ignored = (loss as Loss & { readonly ignoreClass?: unknown }).ignoreClass;
  const skips = typeof ignored === "number";
  const isWeighted = reduction === "mean_with_sample_weight" && part.weights[output] !== undefined;
  if (!(skips || isWeighted)) return share.fraction;
  // Such a mean is not over samples, but over what counts among them; every replica has the labels of all.
  const counted = (batch: Omit<Batch, "x">): number =>
    counts({ y: batch.y[output], weights: isWeighted ? batch.weights[output] : undefined }, skips ? ignored : null);
  const all = counted(whole());
  return all === 0 ? 0 : counted(part) / all;
}

/** The sum of the weights, or the number of the labels, of those that are not left out. */
function counts({ y, weights }: Labelled, ignored: number | null): number {
  const labels = y?.numbers ?? [];
  const values = weights?.numbers;
  if (values !== undefined && (ignored === null || values.length !== labels.length)) return sum(values);
  let total = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] !== ignored) total += values?.[i] ?? 1;
  return total;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
