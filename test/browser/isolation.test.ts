/** The pages of these tests may share memory, as test/packaging's may not. */

import { expect, it } from "vitest";

it("pages and workers of the tests are cross-origin isolated", async () => {
  expect(crossOriginIsolated).toBe(true);
  const worker = new Worker(
    URL.createObjectURL(new Blob(["postMessage(crossOriginIsolated)"], { type: "text/javascript" })),
  );
  expect(await new Promise((heard) => (worker.onmessage = ({ data }) => heard(data)))).toBe(true);
  worker.terminate();
});
