/** The pages of these tests are cross-origin isolated, so they may share memory; those of test/packaging are not. */

import { expect, it } from "vitest";

it("pages and workers of the tests are cross-origin isolated", async () => {
  expect(crossOriginIsolated).toBe(true);
  const worker = new Worker(
    URL.createObjectURL(new Blob(["postMessage(crossOriginIsolated)"], { type: "text/javascript" })),
  );
  expect(await new Promise((heard) => (worker.onmessage = ({ data }) => heard(data)))).toBe(true);
  worker.terminate();
});
