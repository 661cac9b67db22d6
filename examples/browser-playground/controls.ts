// Buttons and sliders.

import type { Racer } from "./racers.js";
import { type Surface, surfaces } from "./surfaces.js";

/** The element with this id, which must be of this class. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} with the id "${id}".`);
  return found;
}

function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** One button per surface. */
export function surfaceButtons(into: HTMLElement, choose: (surface: Surface) => void): void {
  const buttons = surfaces.map((surface) => {
    const button = made("button", { type: "button", textContent: surface.name });
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      choose(surface);
    });
    return button;
  });
  buttons[0]?.setAttribute("aria-pressed", "true");
  into.append(...buttons);
}

function lossText({ lost, loss }: Racer): string {
  if (lost) return "lost";
  return Math.abs(loss) < 0.001 ? loss.toExponential(1) : loss.toPrecision(3);
}
const rateText = (rate: number) => rate.toPrecision(2);

/** One row per racer; `update` shows the losses, `reset` the rates too. */
export function racerRows(into: HTMLElement, racers: readonly Racer[]): { update(): void; reset(): void } {
  const rows = racers.map((racer) => row(racer));
  into.append(...rows.map(({ line }) => line));
  const update = () => {
    const running = racers.filter(({ enabled, lost }) => enabled && !lost);
    const best = Math.min(...running.map(({ loss }) => loss));
    for (const { line, loss, racer } of rows) {
      loss.textContent = racer.enabled ? lossText(racer) : "";
      line.classList.toggle("leads", running.includes(racer) && racer.loss === best);
    }
  };
  const reset = () => {
    for (const { showRate } of rows) showRate();
    update();
  };
  reset();
  return { update, reset };
}

function row(racer: Racer) {
  const swatch = made("span", { className: "swatch" });
  swatch.style.background = racer.color;
  const enabled = made("input", { type: "checkbox", checked: true });
  enabled.addEventListener("change", () => {
    racer.enabled = enabled.checked;
  });
  // Powers of ten, in hundredths: a logarithmic scale.
  const slider = made("input", { type: "range", min: "-500", max: "100", ariaLabel: `Learning rate of ${racer.name}` });
  const rate = made("td", {});
  const showRate = () => {
    slider.value = String(Math.round(Math.log10(racer.learningRate) * 100));
    rate.textContent = rateText(racer.learningRate);
  };
  slider.addEventListener("input", () => {
    racer.learningRate = 10 ** (Number(slider.value) / 100);
    rate.textContent = rateText(racer.learningRate);
  });
  const loss = made("td", {});
  const name = made("td", {}, made("label", {}, enabled, swatch, racer.name));
  return { racer, loss, showRate, line: made("tr", {}, name, made("td", {}, slider), rate, loss) };
}
