// Training with a live curve, and measurements of this thread's responsiveness.

import { setRandomSeed } from "gradstep";
import { answersView } from "./answers.js";
import { Curve } from "./curve.js";
import { loadDigits } from "./digits.js";
import { figuresTable } from "./figures.js";
import { Meter } from "./meter.js";
import { spin } from "./spinner.js";
import { type Place, Trainer } from "./training.js";

/** Number of images that are shown with predictions. */
const SHOWN = 24;
/** Milliseconds between two updates of the table. */
const REFRESH = 250;

const element = <T extends Element>(id: string) => document.getElementById(id) as unknown as T;
const [start, stop] = [element<HTMLButtonElement>("start"), element<HTMLButtonElement>("stop")];
const [here, status] = [element<HTMLInputElement>("here"), element<HTMLParagraphElement>("status")];
const progress = element<HTMLProgressElement>("progress");
const curve = new Curve(element<HTMLCanvasElement>("curve"));
const showFigures = figuresTable(element<HTMLElement>("figures"));
const meter = new Meter();

let place: Place = "worker";
let accuracy: number | undefined;
let refreshed = 0;

const show = (images?: number) => showFigures(place, { ...meter.figures, accuracy, images });

spin(element<SVGSVGElement>("spinner"), element<HTMLCanvasElement>("frames"), (gap) => {
  meter.frame(gap);
  curve.draw();
  if (meter.isRunning && performance.now() - refreshed > REFRESH) {
    refreshed = performance.now();
    show();
  }
});

setRandomSeed(1);
const { train, test } = await loadDigits();
const showAnswers = answersView(element("digits"), test, SHOWN);
const trainer = new Trainer(train, test, SHOWN);

async function run(): Promise<void> {
  place = here.checked ? "thread" : "worker";
  accuracy = undefined;
  start.disabled = true;
  here.disabled = true;
  status.textContent = place === "worker" ? "Starting a worker …" : "Starting …";
  progress.value = 0;
  showAnswers([]);
  let isStopped = true;
  try {
    await trainer.run(place, {
      onBegin(steps) {
        stop.disabled = false;
        curve.begin(steps);
        progress.max = steps;
        status.textContent = `Training ${place === "worker" ? "in the worker" : "on this thread"} …`;
        meter.start();
      },
      onStep(step, loss) {
        curve.addBatch(step, loss);
        progress.value = step;
      },
      onEpoch(epoch, epochs, loss, right, answers) {
        curve.addTested(loss);
        accuracy = right;
        showAnswers(answers);
        isStopped = epoch < epochs;
        status.textContent = `Epoch ${epoch} of ${epochs}: ${(right * 100).toFixed(1)} % of other images are right`;
      },
      onEnd(images) {
        meter.stop();
        show(images);
      },
    });
    status.textContent = `${isStopped ? "Stopped" : "Done"}${accuracy === undefined ? "" : `: ${(accuracy * 100).toFixed(1)} % of other images are right`}`;
  } finally {
    stop.disabled = true;
    start.disabled = false;
    here.disabled = false;
  }
}

start.addEventListener("click", run);
stop.addEventListener("click", () => {
  stop.disabled = true;
  trainer.stop();
});
status.textContent = `${train.count.toLocaleString("en")} images to learn from, ${test.count} to be asked about`;
start.disabled = false;
