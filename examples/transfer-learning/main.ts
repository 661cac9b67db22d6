// A network from TensorFlow.js learns classes that it has never seen, from few images.

import { setRandomSeed } from "gradstep";
import { hasCamera, startCamera } from "./camera.js";
import { ClassCard } from "./class-card.js";
import { fromVideo, picture } from "./images.js";
import { element } from "./page.js";
import { DIGITS, sampleImages } from "./samples.js";
import { accuracyOf, answers, type Labelled, train, withNewHead } from "./transfer.js";

/** One of this many samples is for training, from writers throughout the file; all others are for testing. */
const LEARNED = 9;
/** Number of test images that are shown with predictions. */
const SHOWN = 24;

const status = element("status");
const samples = element<HTMLButtonElement>("samples");
const camera = element<HTMLButtonElement>("camera");
const start = element<HTMLButtonElement>("train");
const [before, after] = [element("before"), element("after")];
const progress = element<HTMLProgressElement>("progress");

const takePicture = () => fromVideo(element<HTMLVideoElement>("video"));
const cards = DIGITS.map((digit) => new ClassCard(String(digit), changed, takePicture));

setRandomSeed(1);
// Next to index.html: a bundler that renamed model.json would lose the shards listed in it.
const model = await withNewHead(new URL("pretrained/model.json", document.baseURI), cards.length);

const labelled = (listOf: (card: ClassCard) => readonly Float32Array[]): Labelled => ({
  x: Float32Array.from(cards.flatMap((card) => listOf(card).flatMap((image) => [...image]))),
  y: Int32Array.from(cards.flatMap((card, label) => listOf(card).map(() => label))),
});

function changed(message?: string): void {
  start.disabled = cards.some(({ training, tests }) => training.length === 0 || tests.length === 0);
  status.textContent =
    message ?? (start.disabled ? "Each class needs at least four images." : "Ready to train the last layer.");
}

const percent = (part: number) => `${(part * 100).toFixed(1)} %`;

async function run(): Promise<void> {
  start.disabled = true;
  try {
    const test = labelled(({ tests }) => tests);
    before.textContent = percent(await accuracyOf(model, test));
    after.textContent = "…";
    status.textContent = "Training …";
    const training = labelled((card) => card.training);
    await train(model, training, (part) => {
      progress.value = part;
    });
    after.textContent = percent(await accuracyOf(model, test));
    await showAnswers(test);
    status.textContent = "Done.";
  } finally {
    start.disabled = false;
  }
}

/** Shows some of the test images, spread over all classes. */
async function showAnswers({ x, y }: Labelled): Promise<void> {
  const given = await answers(model, x);
  const pixels = x.length / y.length;
  const count = Math.min(SHOWN, y.length);
  const figures = Array.from({ length: count }, (_, i) => {
    const at = Math.floor((i * y.length) / count);
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = cards[given[at] as number]?.name ?? "";
    figure.className = given[at] === y[at] ? "right" : "wrong";
    figure.append(picture(x.subarray(at * pixels, (at + 1) * pixels)), caption);
    return figure;
  });
  element("answers").replaceChildren(...figures);
}

samples.addEventListener("click", async () => {
  samples.disabled = true;
  (await sampleImages()).forEach((images, i) => {
    const isLearned = (_: Float32Array, at: number) => at % LEARNED === 0;
    cards[i]?.addSplit(
      images.filter(isLearned),
      images.filter((image, at) => !isLearned(image, at)),
    );
  });
  changed();
});

camera.addEventListener("click", async () => {
  camera.disabled = true;
  try {
    await startCamera();
    for (const button of document.querySelectorAll<HTMLButtonElement>(".picture")) button.hidden = false;
  } catch (error) {
    camera.disabled = false;
    status.textContent = `No camera: ${(error as Error).message}`;
  }
});

start.addEventListener("click", run);
camera.hidden = !(await hasCamera());
samples.disabled = false;
const frozen = model.nonTrainableWeights.reduce((sum, { size }) => sum + size, 0);
const learned = model.trainableWeights.reduce((sum, { size }) => sum + size, 0);
status.textContent = `Loaded: ${frozen.toLocaleString("en")} numbers are frozen, ${learned.toLocaleString("en")} will be learned.`;
