// Some test images with the model's predictions.

import { type Digits, SIDE } from "./digits.js";

/** Draws the first `count` images; the function that it returns shows the answers. */
export function answersView(into: HTMLElement, { x, y }: Digits, count: number): (answers: readonly number[]) => void {
  const cells = Array.from({ length: count }, (_, i) => {
    const figure = document.createElement("figure");
    const answer = document.createElement("figcaption");
    answer.textContent = "?";
    figure.append(picture(x.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE)), answer);
    return { figure, answer };
  });
  into.replaceChildren(...cells.map(({ figure }) => figure));
  return (answers) => {
    cells.forEach(({ figure, answer }, i) => {
      answer.textContent = String(answers[i] ?? "?");
      figure.className = answers[i] === undefined ? "" : answers[i] === y[i] ? "right" : "wrong";
    });
  };
}

function picture(pixels: Float32Array): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d");
  const image = new ImageData(SIDE, SIDE);
  pixels.forEach((pixel, i) => image.data.set([230, 237, 246, Math.round(pixel * 255)], i * 4));
  context?.putImageData(image, 0, 0);
  return canvas;
}
