// The table: measurements of runs in the worker and on this thread.

import type { Figures } from "./meter.js";
import type { Place } from "./training.js";

/** The measurements of a run. */
export interface RunFigures extends Figures {
  readonly images: number | undefined;
  readonly accuracy: number | undefined;
}

const PLACES: readonly Place[] = ["worker", "thread"];

const milliseconds = (value: number) => (value > 0 ? `${value.toFixed(value < 100 ? 1 : 0)} ms` : "");

const ROWS: readonly (readonly [name: string, text: (run: RunFigures) => string])[] = [
  ["Frames per second", ({ frames, seconds }) => (seconds > 0 ? (frames / seconds).toFixed(0) : "")],
  ["Longest time between frames", ({ longestGap }) => milliseconds(longestGap)],
  ["Longest wait of a timer", ({ longestWait }) => milliseconds(longestWait)],
  ["Tasks over 50 ms", ({ longTasks }) => (longTasks === undefined ? "unknown" : String(longTasks))],
  [
    "Images per second",
    ({ images, seconds }) => (images === undefined ? "" : Math.round(images / seconds).toLocaleString("en")),
  ],
  ["Right, of other images", ({ accuracy }) => (accuracy === undefined ? "" : `${(accuracy * 100).toFixed(1)} %`)],
];

/** Makes the table's rows; the function that it returns shows a run's figures. */
export function figuresTable(into: HTMLElement): (place: Place, run: RunFigures) => void {
  const rows = ROWS.map(([name, text]) => {
    const line = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row", textContent: name });
    const cells = PLACES.map((place) => {
      const cell = document.createElement("td");
      cell.dataset.place = place;
      return cell;
    });
    line.append(head, ...cells);
    into.append(line);
    return { text, cells };
  });
  return (place, run) => {
    for (const { text, cells } of rows) {
      const cell = cells[PLACES.indexOf(place)];
      const shown = text(run);
      if (cell !== undefined && cell.textContent !== shown) cell.textContent = shown;
    }
  };
}
