/**
 * Areas under curves of counts at decreasing thresholds.
 *
 * @module
 */

import { scratch } from "../autodiff/arena.js";
import { unrecorded } from "../autodiff/record.js";
import { log } from "../ops/index.js";
import type { Confusion } from "./confusion.js";
import { quotient } from "./precision-recall.js";

/** The curve: ROC or precision over recall. */
export type Curve = "ROC" | "PR" | "PRGAIN";

/** Approximation of the area between two points. */
export type SummationMethod = "interpolation" | "minoring" | "majoring";

/** The four counts at one threshold. */
interface Counts {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** The area under the curve of one label. */
export function areaUnder(confusion: Confusion, column: number, curve: Curve, method: SummationMethod): number {
  const counts = confusion.thresholds.values.map((_, t): Counts => {
    const at = t * confusion.columns + column;
    return {
      tp: confusion.truePositives[at]!,
      fp: confusion.falsePositives[at]!,
      tn: confusion.trueNegatives[at]!,
      fn: confusion.falseNegatives[at]!,
    };
  });
  if (curve === "PR" && method === "interpolation") return precisionRecallArea(counts);
  const points = counts.map((each) => POINT[curve](each));
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    area += (a.x - b.x) * HEIGHT[method](a.y, b.y);
  }
  return area;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const POINT: Readonly<Record<Curve, (counts: Counts) => Point>> = {
  ROC: ({ tp, fp, tn, fn }) => ({ x: quotient(fp, fp + tn), y: quotient(tp, tp + fn) }),
  PR: ({ tp, fp, fn }) => ({ x: quotient(tp, tp + fn), y: quotient(tp, tp + fp) }),
  // Precision-recall-gain: Flach and Kull, 2015.
  PRGAIN: ({ tp, fp, tn, fn }) => {
    const scale = quotient(tp + fn, tn + fp);
    if (tp === 0) return { x: 0, y: 1 };
    return { x: Math.max(0, 1 - scale * (fn / tp)), y: 1 - scale * (fp / tp) };
  },
};

const HEIGHT: Readonly<Record<SummationMethod, (a: number, b: number) => number>> = {
  interpolation: (a, b) => (a + b) / 2,
  minoring: Math.min,
  majoring: Math.max,
};

/**
 * Between two points true positives grow in proportion to all positives, so precision is not linear: Davis and
 * Goadrich, 2006. With `slope` = d tp / d positives and `intercept` = tp - slope positives the area is `slope (d tp +
 * intercept log(positives ratio)) / all true`.
 */
function precisionRecallArea(counts: readonly Counts[]): number {
  const ratios = new Float32Array(Math.max(0, counts.length - 1)).fill(1);
  const positives = counts.map(({ tp, fp }) => tp + fp);
  for (let i = 0; i < ratios.length; i++) {
    const [p, q] = [positives[i]!, positives[i + 1]!];
    if (p > 0 && q > 0) ratios[i] = p / q;
  }
  // In WebAssembly: engines differ in the last bit of Math.log.
  const logarithms = unrecorded(() => scratch(() => log(ratios).array()));
  let area = 0;
  for (let i = 0; i < ratios.length; i++) {
    const [a, b] = [counts[i]!, counts[i + 1]!];
    const [p, q] = [positives[i]!, positives[i + 1]!];
    const slope = quotient(a.tp - b.tp, Math.max(0, p - q));
    const intercept = b.tp - slope * q;
    area += quotient(slope * (a.tp - b.tp + intercept * logarithms[i]!), Math.max(0, b.tp + b.fn));
  }
  return area;
}
