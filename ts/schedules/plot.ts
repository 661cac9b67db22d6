/**
 * Drawing of a schedule.
 *
 * @module
 */

import { escaped } from "../display.js";
import { finiteNumber, integer, MOST } from "../options.js";

/** The maximum number of points of a curve. */
const POINTS = 300;

/** An SVG of the rates of steps 0 to `last`. */
export function plotOf(className: string, at: (step: number) => number, last: number): string {
  const owner = `${className}.plot`;
  const steps = integer(owner, "steps", last, 1, MOST);
  const count = Math.min(steps, POINTS);
  const places = Array.from({ length: count + 1 }, (_, i) => Math.round((steps * i) / count));
  const rates = places.map((step) => finiteNumber(owner, `rate at step ${step}`, at(step)));
  const top = Math.max(0, ...rates);
  const bottom = Math.min(0, ...rates);
  const points = rates.map((rate, i) => {
    const y = 170 - ((rate - bottom) / (top - bottom || 1)) * 150;
    return `${(60 + (320 * places[i]!) / steps).toFixed(1)},${y.toFixed(1)}`;
  });
  const text = (x: number, y: number, words: string | number, anchor: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200" font-family="sans-serif" font-size="11" fill="gray"><path d="M60 20V170H380" fill="none" stroke="gray"/><polyline points="${points.join(" ")}" fill="none" stroke="#07c" stroke-width="2"/>${text(220, 14, escaped(className), "middle")}${text(55, 24, Number(top.toPrecision(3)), "end")}${text(55, 174, Number(bottom.toPrecision(3)), "end")}${text(60, 187, 0, "middle")}${text(380, 187, steps, "middle")}</svg>`;
}
