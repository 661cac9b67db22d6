/**
 * Models saved by Keras, read and written back: JSON, summary, weights.
 */

import { describe, expect, it } from "vitest";
import { modelFromJSON } from "../../../ts/index.js";
import golden from "../../golden/training/model-configs.json";
import { cutAs, tableOf as table } from "../../support/summary-tables.js";

interface SavedWeight {
  readonly path: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
}

interface SavedModelCase {
  readonly id: string;
  readonly json: { readonly config: Readonly<Record<string, unknown>> };
  readonly summary: string;
  readonly count?: number;
  readonly weights?: readonly SavedWeight[];
}

const CASES = (golden as { cases: readonly unknown[] }).cases as readonly SavedModelCase[];
const BUILT = CASES.filter(({ weights }) => weights !== undefined);

/** Keras writes down that a layer which could have a mask has none; no layer here has one. */
const withoutMasks = (json: object): object =>
  JSON.parse(JSON.stringify(json, (key, value) => (key === "mask" && value === null ? undefined : value)));

const totals = (summary: string) => summary.split("\n").filter((line) => line.includes("params:"));
const named = (cases: readonly SavedModelCase[]) => cases.map((saved) => [saved.id, saved] as const);

/** Keras puts a Sequential's name before the paths of its weights, we do not. */
const layout = ({ path, shape, trainable }: SavedWeight) => ({
  path: path.split("/").slice(-2).join("/"),
  shape: [...shape],
  trainable,
});

describe("models of Keras are written back as Keras wrote them", () => {
  it.each(named(CASES))("%s", (_, { json }) => {
    const model = modelFromJSON(JSON.stringify(json));
    expect(JSON.parse(JSON.stringify(model))).toEqual(withoutMasks(json));
  });
});

describe("weights as Keras's", () => {
  it.each(named(BUILT))("%s", (_, { json, count, weights }) => {
    const model = modelFromJSON(json);
    expect(model.weights.map(layout)).toEqual(weights?.map(layout));
    expect(model.countParams()).toBe(count);
  });
});

describe("summaries as Keras's, up to widths", () => {
  it.each(named(BUILT))("%s", (_, { json, summary }) => {
    let text = "";
    modelFromJSON(json).summary((given) => {
      text = given;
    });
    const rows = table(summary);
    expect(cutAs(rows, table(text))).toEqual(rows);
    expect(totals(text)).toEqual(totals(summary));
  });
});
