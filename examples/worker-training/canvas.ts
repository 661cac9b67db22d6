// Canvases in CSS pixels, sharp on any screen.

/** A canvas's scaled context, and its size in CSS pixels, which is tracked. */
export function canvasOf(
  canvas: HTMLCanvasElement,
  onResize: () => void = () => {},
): { context: CanvasRenderingContext2D; size: () => { width: number; height: number } } {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser has no 2-D canvas.");
  let [width, height] = [0, 0];
  // Not read in each frame: that would force the browser to compute the layout.
  new ResizeObserver(() => {
    const density = Math.min(2, devicePixelRatio);
    [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.max(1, Math.round(width * density));
    canvas.height = Math.max(1, Math.round(height * density));
    context.scale(density, density);
    onResize();
  }).observe(canvas);
  return { context, size: () => ({ width, height }) };
}
