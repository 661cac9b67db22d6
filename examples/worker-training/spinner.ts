// The spinner, and the strip of times between frames. This thread draws both in each frame: a CSS animation would run
// in the browser's compositor, and show no delay.

import { canvasOf } from "./canvas.js";

/** Rotations per second. */
const SPEED = 0.7;
/** Milliseconds of the strip's height. */
const TALLEST = 100;
/** Pixels of one frame. */
const WIDTH = 3;

/** @param onFrame - Called with the time since the previous frame, in milliseconds. */
export function spin(spinner: SVGSVGElement, strip: HTMLCanvasElement, onFrame: (gap: number) => void): void {
  const turning = spinner.querySelector("g") as SVGGElement;
  const { context, size } = canvasOf(strip);
  const gaps: number[] = [];
  let last: number | undefined;
  let turned = 0;

  const draw = () => {
    const { width, height } = size();
    context.clearRect(0, 0, width, height);
    const shown = gaps.slice(-Math.ceil(width / WIDTH));
    shown.forEach((gap, i) => {
      const tall = Math.max(2, (Math.min(gap, TALLEST) / TALLEST) * height);
      context.fillStyle = gap > 50 ? "#ff6b81" : gap > 25 ? "#ffd166" : "#5ec8d8";
      context.fillRect(width - (shown.length - i) * WIDTH, height - tall, WIDTH - 1, tall);
    });
    gaps.splice(0, gaps.length - shown.length);
  };

  const frame = (now: number) => {
    if (last !== undefined && !document.hidden) {
      const gap = now - last;
      turned = (turned + (gap / 1000) * SPEED) % 1;
      turning.setAttribute("transform", `rotate(${(turned * 360).toFixed(1)})`);
      gaps.push(gap);
      draw();
      onFrame(gap);
    }
    last = document.hidden ? undefined : now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
