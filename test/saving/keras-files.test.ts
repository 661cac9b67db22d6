/** Models that real Keras 3.15.1 saved: predictions are its own, and training goes on as its own does. */

import { describe, it } from "vitest";
import { loadModel } from "../../ts/saving/index.js";
import theirs from "../golden/keras-files.json" with { type: "json" };
import theirs2 from "../golden/keras2-files.json" with { type: "json" };
import { unzippedOf } from "../support/bytes.js";
import { expectSameRun, type KerasCase } from "../support/keras-runs.js";

const cases = Object.entries(theirs.cases as unknown as Readonly<Record<string, KerasCase>>);
const older = Object.entries(theirs2.cases as unknown as Readonly<Record<string, KerasCase>>).filter(
  ([name]) => name !== "image",
);

const FORMATS = { ".keras": "keras", ".h5": "h5" } as const;

const filesOf = ({ files }: KerasCase) =>
  Object.entries(FORMATS).filter(([ending]) => Object.hasOwn(files, ending)) as [
    keyof typeof FORMATS,
    "keras" | "h5",
  ][];

describe.each(cases)("Keras 3: %s", (_, one) => {
  it.each(filesOf(one))("%s", async (ending, format) => {
    await expectSameRun(await loadModel(await unzippedOf(one.files[ending]!), { format }), one);
  });
});

describe.each(older)("Keras 2: %s", (_, one) => {
  it.each(filesOf(one))("%s", async (ending, format) => {
    await expectSameRun(await loadModel(await unzippedOf(one.files[ending]!), { format }), one);
  });
});
