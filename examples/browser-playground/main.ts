// The race: a step or more per frame for every optimizer, with the WebAssembly module fetched as a separate file.

// Vite copies the file to its output and gives its address; `init` fetches it from there.
import url from "gradstep/gradstep.wasm?url";
import { init } from "gradstep/slim";
import { element, racerRows, surfaceButtons } from "./controls.js";
import { Drawing } from "./drawing.js";
import { newRacers } from "./racers.js";
import { type Point, type Surface, surfaces } from "./surfaces.js";

await init({ url });

let surface = surfaces[0] as Surface;
let start: Point = surface.start;
let steps = 0;
let paused = false;

const racers = newRacers(surface);
const canvas = element("map", HTMLCanvasElement);
const drawing = new Drawing(canvas, surface);
const rows = racerRows(element("racers", HTMLTableSectionElement), racers);
const pause = element("pause", HTMLButtonElement);
const speed = element("speed", HTMLInputElement);
const status = element("status", HTMLParagraphElement);

function restart(): void {
  for (const racer of racers) racer.restart(surface, start);
  steps = 0;
  rows.reset();
}

function choose(chosen: Surface): void {
  surface = chosen;
  start = chosen.start;
  drawing.show(chosen);
  element("formula", HTMLParagraphElement).textContent = `f(x, y) = ${chosen.formula}`;
  restart();
}

function frame(): void {
  if (!paused) {
    for (let i = 0; i < Number(speed.value); i++) {
      for (const racer of racers) racer.step();
      steps += 1;
    }
    rows.update();
  }
  status.textContent = `${steps.toLocaleString("en")} steps`;
  drawing.paint(racers);
  requestAnimationFrame(frame);
}

surfaceButtons(element("surfaces", HTMLElement), choose);
element("restart", HTMLButtonElement).addEventListener("click", restart);
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Go on" : "Pause";
});
speed.addEventListener("input", () => {
  element("speed-value", HTMLOutputElement).textContent = speed.value;
});
canvas.addEventListener("click", ({ offsetX, offsetY }) => {
  start = drawing.pointAt(offsetX, offsetY);
  restart();
});

choose(surface);
requestAnimationFrame(frame);
