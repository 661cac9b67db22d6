// A confusion matrix of digits.

const CLASSES = 10;

/** A table: a row for each digit, a column for each prediction. */
export function confusionTable(labels, predictions) {
  const counts = Array.from({ length: CLASSES }, () => new Array(CLASSES).fill(0));
  const scores = predictions.array();
  labels.forEach((label, row) => {
    counts[label][largest(scores.subarray(row * CLASSES, (row + 1) * CLASSES))]++;
  });
  const line = (head, cells) => `  ${String(head).padEnd(7)}${cells.map((cell) => String(cell).padStart(4)).join("")}`;
  const shown = (row, digit) => row.map((count, other) => (count === 0 && other !== digit ? "." : count));
  return [
    "Digits (rows), and what they were taken for (columns)",
    line(
      "",
      counts.map((_, digit) => digit),
    ),
    ...counts.map((row, digit) => line(digit, shown(row, digit))),
  ].join("\n");
}

function largest(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
