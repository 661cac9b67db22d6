/** Models that real Keras 3.15.1 saved: predictions equal Keras's, and training continues as in Keras. */

import { describe, it } from "vitest";
import { type Model, modelFromJSON } from "../../ts/index.js";
import { loadModel, loadWeights } from "../../ts/saving/index.js";
import theirs from "../golden/keras-files.json" with { type: "json" };
import theirs2 from "../golden/keras2-files.json" with { type: "json" };
import { unzippedOf } from "../support/bytes.js";
import { expectSameRun, type KerasCase } from "../support/keras-runs.js";

const cases = Object.entries(theirs.cases as unknown as Readonly<Record<string, KerasCase>>);
const older = Object.entries(theirs2.cases as unknown as Readonly<Record<string, KerasCase>>);

/** Layers of TensorFlow's fused batch normalization, whose moving variance uses the sample variance, over n - 1; Keras 3's is over n. */
const FUSED: Readonly<Record<string, { readonly weight: number; readonly count: number; readonly momentum: number }>> =
  {
    image: { weight: 4, count: 36, momentum: 0.9 },
  };

/** The case as Keras 3 would have it. */
function withoutFusing(name: string, model: Model, one: KerasCase): KerasCase {
  const fused = FUSED[name];
  if (fused === undefined) return one;
  const { weight, count, momentum } = fused;
  const first = model.getWeights()[weight]!.data;
  const kept = momentum ** one.losses.length;
  const variances = one.weights[weight]!.map((value, i) => {
    const stays = kept * first[i]!;
    return stays + ((value - stays) * (count - 1)) / count;
  });
  return { ...one, weights: one.weights.map((values, i) => (i === weight ? variances : values)) };
}

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

const WEIGHTS = { ".weights.h5": "weights.h5", ".h5": "h5" } as const;

const weightsOf = ({ files }: KerasCase) =>
  Object.entries(WEIGHTS).filter(([ending]) => Object.hasOwn(files, ending)) as [keyof typeof WEIGHTS, "h5"][];

/** The model as it is in the .keras file, with other weights and a new optimizer, is given those of the file. */
describe.each([...cases, ...older].filter(([, one]) => Object.hasOwn(one.files, ".weights.h5")))(
  "loadWeights: %s",
  (_, one) => {
    it.each(weightsOf(one))("%s", async (ending, format) => {
      const model = await loadModel(await unzippedOf(one.files[".keras"]!), { format: "keras" });
      model.setWeights(
        model.getWeights().map(({ data, shape }) => ({ data: data.map(() => 0.5), shape, dtype: "float32" })),
      );
      const again = modelFromJSON(model.toJSON());
      await loadWeights(again, await unzippedOf(one.files[ending]!), { format });
      await expectSameRun(again, one);
    });
  },
);

describe.each(older)("Keras 2: %s", (name, one) => {
  it.each(filesOf(one))("%s", async (ending, format) => {
    const model = await loadModel(await unzippedOf(one.files[ending]!), { format });
    await expectSameRun(model, withoutFusing(name, model, one));
  });
});
