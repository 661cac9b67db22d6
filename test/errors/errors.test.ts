/**
 * Every row of the tables: the class, the code and the whole message of an error.
 */

import { describe, it, vi } from "vitest";
import { check } from "./row.js";
import { tables } from "./tables.js";

vi.spyOn(console, "warn").mockImplementation(() => {});

describe.each(tables)("%s", (_, rows) => {
  it.each(rows.map((row) => [row[3].slice(0, 120), row] as const))("%s", (_, row) => check(row));
});
