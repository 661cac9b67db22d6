/**
 * Curves of a history as an image, for notebooks.
 *
 * @module
 */

const WIDTH = 480;
const HEIGHT = 240;
const MARGIN = 40;
const COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b"];

/** An SVG with one curve for each list of numbers. */
export function historyChart(history: Readonly<Record<string, readonly unknown[]>>): string {
  const curves = Object.entries(history).map(([name, values]) => ({ name, values: values.map(Number) }));
  const all = curves.flatMap(({ values }) => values.filter(Number.isFinite));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const epochs = Math.max(1, ...curves.map(({ values }) => values.length - 1));
  const x = (epoch: number) => MARGIN + (epoch / epochs) * (WIDTH - 2 * MARGIN);
  const y = (value: number) => HEIGHT - MARGIN - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * MARGIN);
  const lines = curves.map(({ name, values }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const points = values.flatMap((value, epoch) =>
      Number.isFinite(value) ? [`${x(epoch).toFixed(1)},${y(value).toFixed(1)}`] : [],
    );
    const label = `<text x="${MARGIN + 4}" y="${16 + 14 * i}" fill="${colour}">${escaped(name)}</text>`;
    return `<polyline fill="none" stroke="${colour}" points="${points.join(" ")}"/>${label}`;
  });
  const axis =
    all.length === 0 ? "" : [low, high].map((v) => `<text x="0" y="${y(v)}">${v.toPrecision(3)}</text>`).join("");
  const frame = `<path fill="none" stroke="#888" d="M${MARGIN} ${MARGIN}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}"/>`;
  const last = `<text x="${WIDTH - MARGIN}" y="${HEIGHT - MARGIN + 16}">${epochs}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="11">${frame}${axis}${last}${lines.join("")}</svg>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
