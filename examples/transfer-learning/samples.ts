// Sample images: the digits 5 to 9 of examples/data. The network was trained on 0 to 4 only.

import { digitLines } from "../data/lines.js";

export const DIGITS = [5, 6, 7, 8, 9] as const;

/** Images of each of these digits. */
export async function sampleImages(): Promise<Float32Array[][]> {
  const rows = (await digitLines()).map((line) => line.split(",").map(Number));
  return DIGITS.map((digit) =>
    rows.filter((row) => row.at(-1) === digit).map((row) => Float32Array.from(row.slice(0, -1), (pixel) => pixel / 16)),
  );
}
