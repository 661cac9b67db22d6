// The map: heights as bands of colour, drawn once per surface and size, and the paths over it.

import type { Racer } from "./racers.js";
import type { Point, Surface } from "./surfaces.js";

/** From the lowest to the highest. */
const PALETTE = ["#0b3b52", "#10506a", "#1d5f86", "#33679a", "#4f6ba6", "#6b6aa8", "#7d64a0", "#875c92"].map(rgb);
const BANDS = 28;

function rgb(hex: string): [number, number, number] {
  const bits = Number.parseInt(hex.slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

export class Drawing {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #surface: Surface;
  #map: ImageData | undefined;

  constructor(canvas: HTMLCanvasElement, surface: Surface) {
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("This browser has no 2-D canvas.");
    this.#canvas = canvas;
    this.#context = context;
    this.#surface = surface;
    new ResizeObserver(() => this.show(this.#surface)).observe(canvas);
  }

  /** Sets another surface, or another size of the canvas. */
  show(surface: Surface): void {
    this.#surface = surface;
    const { clientWidth, clientHeight } = this.#canvas;
    // More than two pixels per point would only take time.
    const density = Math.min(2, devicePixelRatio);
    this.#canvas.width = Math.max(1, Math.round(clientWidth * density));
    this.#canvas.height = Math.max(1, Math.round(clientHeight * density));
    this.#map = this.#heights();
  }

  /** The point of the plane under a place on the canvas, given in CSS pixels. */
  pointAt(left: number, top: number): Point {
    const [x0, x1, y0, y1] = this.#surface.view;
    const { clientWidth, clientHeight } = this.#canvas;
    return [x0 + (left / clientWidth) * (x1 - x0), y1 - (top / clientHeight) * (y1 - y0)];
  }

  paint(racers: readonly Racer[]): void {
    if (this.#map !== undefined) this.#context.putImageData(this.#map, 0, 0);
    for (const minimum of this.#surface.minima) this.#cross(minimum);
    const shown = racers.filter(({ enabled }) => enabled);
    for (const racer of shown) this.#trail(racer);
    for (const racer of shown) this.#head(racer);
  }

  #heights(): ImageData {
    const { width, height } = this.#canvas;
    const image = this.#context.createImageData(width, height);
    const [x0, x1, y0, y1] = this.#surface.view;
    const heights = new Float32Array(width * height);
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < height; row++) {
      const y = y1 - ((row + 0.5) / height) * (y1 - y0);
      for (let column = 0; column < width; column++) {
        const z = this.#surface.height(x0 + ((column + 0.5) / width) * (x1 - x0), y);
        heights[row * width + column] = z;
        lowest = Math.min(lowest, z);
        highest = Math.max(highest, z);
      }
    }
    // Logarithmic, because otherwise a valley floor would have one color; a thousandth of the range keeps the bottom
    // from dominating.
    const unit = (highest - lowest) / 1000;
    const level = (z: number) => Math.log1p((z - lowest) / unit) / Math.log1p(1000);
    heights.forEach((z, i) => {
      const at = level(z) * BANDS;
      const band = Math.floor(at);
      // A band is slightly lighter towards its lower edge, which shows the contour lines.
      const light = 1 + 0.16 * (1 - (at - band)) ** 6;
      image.data.set([...colorAt(band / BANDS).map((c) => c * light), 255], i * 4);
    });
    return image;
  }

  #toPixels([x, y]: Point): Point {
    const [x0, x1, y0, y1] = this.#surface.view;
    const { width, height } = this.#canvas;
    return [((x - x0) / (x1 - x0)) * width, ((y1 - y) / (y1 - y0)) * height];
  }

  get #unit(): number {
    return this.#canvas.width / 800;
  }

  #trail({ trail, color }: Racer): void {
    const context = this.#context;
    context.beginPath();
    for (const point of trail) context.lineTo(...this.#toPixels(point));
    context.lineWidth = 2.2 * this.#unit;
    context.lineJoin = "round";
    context.strokeStyle = color;
    context.globalAlpha = 0.8;
    context.stroke();
    context.globalAlpha = 1;
  }

  #head({ head, color }: Racer): void {
    const context = this.#context;
    context.beginPath();
    context.arc(...this.#toPixels(head), 6 * this.#unit, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.fill();
    context.lineWidth = 2 * this.#unit;
    context.strokeStyle = "#0d1420";
    context.stroke();
  }

  #cross(point: Point): void {
    const context = this.#context;
    const [left, top] = this.#toPixels(point);
    const arm = 6 * this.#unit;
    context.beginPath();
    context.moveTo(left - arm, top - arm);
    context.lineTo(left + arm, top + arm);
    context.moveTo(left + arm, top - arm);
    context.lineTo(left - arm, top + arm);
    context.lineWidth = 2 * this.#unit;
    context.strokeStyle = "#ffffffb0";
    context.stroke();
  }
}

function colorAt(part: number): number[] {
  const at = part * (PALETTE.length - 1);
  const low = PALETTE[Math.floor(at)] ?? PALETTE[0];
  const high = PALETTE[Math.ceil(at)] ?? low;
  return (low ?? []).map((channel, i) => channel + ((high?.[i] ?? channel) - channel) * (at % 1));
}
