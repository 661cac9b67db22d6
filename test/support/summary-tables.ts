/** Tables of `summary`, as Keras prints them and as we do. */

/** Our cells, cut where Keras cut its own. */
export const cutAs = (rows: readonly string[][], ours: readonly string[][]) =>
  ours.map((row, i) =>
    row.map((cell, j) => (rows[i]?.[j]?.endsWith("…") ? `${cell.slice(0, (rows[i]?.[j]?.length ?? 0) - 1)}…` : cell)),
  );

/** Rows of the table: without borders, with wrapped names put together. */
export function tableOf(summary: string): string[][] {
  const rows: string[][] = [];
  let isNew = true;
  for (const line of summary.split("\n")) {
    if (!line.startsWith("│")) {
      isNew = true;
      continue;
    }
    const cells = line
      .split("│")
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (isNew) rows.push(cells);
    else {
      const last = rows.at(-1) as string[];
      cells.forEach((cell, i) => {
        last[i] = `${last[i]} ${cell}`.trim();
      });
    }
    isNew = false;
  }
  return rows;
}
