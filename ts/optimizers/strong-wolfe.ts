/**
 * Line search for LBFGS: a step along a descent direction that satisfies the strong Wolfe conditions.
 *
 * Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6, with the bounds and the cubic interpolation of torch's LBFGS.
 *
 * @module
 */

/** The loss at a step. */
export interface Point {
  /** Factor of the direction. */
  readonly step: number;
  /** The loss; infinite if the loss or its gradient is not finite. */
  readonly loss: number;
  readonly gradient: Float32Array;
  /** Derivative of the loss along the direction. */
  readonly slope: number;
}

/** Sufficient decrease, as a fraction of the decrease predicted by the slope. */
const DECREASE = 1e-4;
/** Fraction of the slope that may remain. */
const CURVATURE = 0.9;
/** Evaluations after the first one. */
const MOST = 25;

/**
 * Searches for a step.
 *
 * @param at - Computes the loss at a step.
 * @param start - The point at step 0; its slope is below 0.
 * @param first - The first step to try.
 * @param shortest - Length of the bracket at which the search ends.
 * @returns the best point: the start if there is no better one
 */
export function strongWolfe(at: (step: number) => Point, start: Point, first: number, shortest: number): Point {
  const isHigh = ({ step, loss }: Point) => loss > start.loss + DECREASE * step * start.slope;
  const isFlat = ({ slope }: Point) => Math.abs(slope) <= -CURVATURE * start.slope;
  let tries = 0;
  let ends: [Point, Point] | undefined;
  let [previous, point] = [start, at(first)];
  while (tries < MOST) {
    if (isHigh(point) || (tries > 1 && point.loss >= previous.loss)) {
      ends = [previous, point];
      break;
    }
    if (isFlat(point)) return point;
    if (point.slope >= 0) {
      ends = [previous, point];
      break;
    }
    const least = point.step + 0.01 * (point.step - previous.step);
    const next = lowest(previous, point, least, point.step * 10);
    [previous, point] = [point, at(next)];
    tries++;
  }
  return zoomed(at, ends ?? [start, point], { isHigh, isFlat, shortest, tries });
}

interface Zoom {
  readonly isHigh: (point: Point) => boolean;
  readonly isFlat: (point: Point) => boolean;
  readonly shortest: number;
  /** Evaluations so far. */
  readonly tries: number;
}

/** Narrows a bracket. */
function zoomed(at: (step: number) => Point, ends: [Point, Point], { isHigh, isFlat, shortest, tries }: Zoom): Point {
  const lower = (): 0 | 1 => (ends[0].loss <= ends[1].loss ? 0 : 1);
  let low = lower();
  let isClose = false;
  for (let count = tries; count < MOST; count++) {
    const [left, right] = [Math.min(ends[0].step, ends[1].step), Math.max(ends[0].step, ends[1].step)];
    if (right - left < shortest) break;
    let step = lowest(ends[0], ends[1], left, right);
    // Near or at an end twice: the cubic does not help.
    const margin = 0.1 * (right - left);
    if (Math.min(right - step, step - left) >= margin) isClose = false;
    else if (isClose || step >= right || step <= left) {
      step = Math.abs(step - right) < Math.abs(step - left) ? right - margin : left + margin;
      isClose = false;
    } else isClose = true;
    const point = at(step);
    const high = low === 0 ? 1 : 0;
    if (isHigh(point) || point.loss >= ends[low].loss) {
      ends[high] = point;
      low = lower();
      continue;
    }
    if (isFlat(point)) return point;
    if (point.slope * (ends[high].step - ends[low].step) >= 0) ends[high] = ends[low];
    ends[low] = point;
  }
  return ends[low];
}

/** The minimum of the cubic through two points with their slopes, within bounds; the midpoint if the cubic has no minimum. */
function lowest(a: Point, b: Point, least: number, most: number): number {
  const [left, right] = a.step <= b.step ? [a, b] : [b, a];
  const bend = left.slope + right.slope - (3 * (left.loss - right.loss)) / (left.step - right.step);
  const square = bend * bend - left.slope * right.slope;
  const root = Math.sqrt(square);
  const part = (right.slope + root - bend) / (right.slope - left.slope + 2 * root);
  const step = right.step - (right.step - left.step) * part;
  return Number.isNaN(step) ? (least + most) / 2 : Math.min(Math.max(step, least), most);
}
