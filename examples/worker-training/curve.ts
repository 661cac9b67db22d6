// The loss, batch by batch.

import { canvasOf } from "./canvas.js";

const COLORS = { batches: "#33506f", smooth: "#5ec8d8", tested: "#ffd166", line: "#22304a", text: "#8fa3bd" };
const EDGE = { left: 40, right: 12, top: 10, bottom: 24 };
/** The smoothing factor per batch. Smoothed on the logarithmic scale of the drawing. */
const INERTIA = 0.9;

interface Point {
  readonly step: number;
  readonly loss: number;
}

export class Curve {
  readonly #canvas: ReturnType<typeof canvasOf>;
  #steps = 1;
  #batches: Point[] = [];
  #smooth: Point[] = [];
  #tested: Point[] = [];
  #lowest = 1;
  #isDrawn = false;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvasOf(canvas, () => {
      this.#isDrawn = false;
      this.draw();
    });
  }

  /** Restarts, for this many steps. */
  begin(steps: number): void {
    this.#steps = steps;
    [this.#batches, this.#smooth, this.#tested, this.#lowest] = [[], [], [], 1];
    this.#isDrawn = false;
  }

  /** The loss of a batch. */
  addBatch(step: number, loss: number): void {
    const before = this.#smooth.at(-1)?.loss ?? loss;
    const smooth = before ** INERTIA * loss ** (1 - INERTIA);
    this.#batches.push({ step, loss });
    this.#smooth.push({ step, loss: smooth });
    this.#lowest = Math.min(this.#lowest, smooth);
    this.#isDrawn = false;
  }

  /** The loss on test images, at the end of an epoch. */
  addTested(loss: number): void {
    this.#tested.push({ step: this.#batches.length, loss });
    this.#lowest = Math.min(this.#lowest, loss);
    this.#isDrawn = false;
  }

  /** Call it in every frame; it does nothing if there is no new data. */
  draw(): void {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    const { context } = this.#canvas;
    const { width, height } = this.#canvas.size();
    context.clearRect(0, 0, width, height);
    const decades = Math.max(1, Math.ceil(-Math.log10(this.#lowest)));
    const left = ({ step }: Point) => EDGE.left + (step / this.#steps) * (width - EDGE.left - EDGE.right);
    // From 10^0.5 down: the loss of a guess among ten is 2.3.
    const top = ({ loss }: Point) => {
      const part = (0.5 - Math.max(-decades, Math.log10(loss))) / (decades + 0.5);
      return EDGE.top + part * (height - EDGE.top - EDGE.bottom);
    };
    this.#grid(decades, width, (loss) => top({ step: 0, loss }));
    this.#line(this.#batches, COLORS.batches, 1, left, top);
    this.#line(this.#smooth, COLORS.smooth, 2.5, left, top);
    for (const point of this.#tested) {
      context.beginPath();
      context.arc(left(point), top(point), 4, 0, 2 * Math.PI);
      context.fillStyle = COLORS.tested;
      context.fill();
    }
    context.fillStyle = COLORS.text;
    context.textAlign = "right";
    context.fillText(`${this.#steps.toLocaleString("en")} batches`, width - EDGE.right, height - 6);
    context.textAlign = "left";
    context.fillText("loss, by powers of ten", EDGE.left, height - 6);
  }

  #grid(decades: number, width: number, top: (loss: number) => number): void {
    const { context } = this.#canvas;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "right";
    context.textBaseline = "alphabetic";
    context.strokeStyle = COLORS.line;
    context.lineWidth = 1;
    context.fillStyle = COLORS.text;
    for (let decade = 0; decade <= decades; decade++) {
      const loss = 10 ** -decade;
      const at = Math.round(top(loss)) + 0.5;
      context.beginPath();
      context.moveTo(EDGE.left, at);
      context.lineTo(width - EDGE.right, at);
      context.stroke();
      context.fillText(String(Number(loss.toPrecision(1))), EDGE.left - 8, at + 4);
    }
  }

  #line(
    points: readonly Point[],
    color: string,
    thickness: number,
    left: (point: Point) => number,
    top: (point: Point) => number,
  ): void {
    const { context } = this.#canvas;
    context.beginPath();
    for (const point of points) context.lineTo(left(point), top(point));
    context.strokeStyle = color;
    context.lineWidth = thickness;
    context.lineJoin = "round";
    context.stroke();
  }
}
