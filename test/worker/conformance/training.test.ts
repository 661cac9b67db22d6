/** The suites of test/conformance/training that train, word for word, with models that do it in a worker. */

import { expect, it } from "vitest";
import { sent } from "./models-in-workers.js";
import "../../conformance/training/callbacks.test.js";
import "../../conformance/training/fingerprint.test.js";
import "../../conformance/training/fit.test.js";
import "../../conformance/training/models.test.js";
import "../../conformance/training/documented-page.test.js";
import "../../conformance/training/refusals-of-fit.test.js";

it("all models trained in a worker", () => {
  expect(Object.keys(sent).sort()).toEqual(["evaluate", "fit", "predict", "predictAll", "testOnBatch", "trainOnBatch"]);
  expect(sent.fit).toBeGreaterThan(50);
});
