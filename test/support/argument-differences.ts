/**
 * The table of arguments in docs/differences-from-keras.md: places and arguments; a star matches every name.
 */

import text from "../../docs/differences-from-keras.md?raw";

/** A row: paths and arguments as they are called here. */
export interface DifferenceRow {
  readonly line: string;
  readonly where: readonly string[];
  readonly names: readonly string[];
}

export const DIFFERENCES: readonly DifferenceRow[] = (text.split("## Arguments")[1] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => {
    const [where = [], names = []] = line
      .split("|")
      .slice(1, 3)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string));
    return { line, where, names };
  });

/** Whether a place in the table means this path. */
export const means = (place: string, path: string): boolean =>
  place.endsWith("*") ? path.startsWith(place.slice(0, -1)) : path === place;

/** Whether the table has an argument of this path. */
export const isListed = (path: string, argument: string): boolean =>
  DIFFERENCES.some(({ where, names }) => names.includes(argument) && where.some((place) => means(place, path)));
