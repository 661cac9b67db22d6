/** Pages that may not start our worker the usual way. */

import { offload } from "gradstep/worker";
import { afterEach, expect, it, vi } from "vitest";
import { bits, seededModel, x, y } from "../worker/training.js";

const Original = globalThis.Worker;
const started: string[] = [];

/** Lets only such workers start; the others fail as they do in pages of another origin, or by a policy. */
function allow(isAllowed: (url: string) => boolean, fails: "throws" | "fires an error") {
  started.length = 0;
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      const isFine = isAllowed(String(url));
      if (!isFine && fails === "throws") throw new DOMException("refused here", "SecurityError");
      super(isFine ? url : "data:text/javascript,this is refused", options);
      started.push(String(url));
    }
  };
}

afterEach(() => {
  globalThis.Worker = Original;
  vi.restoreAllMocks();
});

async function expectSameBits() {
  const local = seededModel();
  await local.fit(x, y);
  const remote = await offload(seededModel());
  await remote.fit(x, y);
  expect(bits(await remote.getWeights())).toEqual(bits(local.getWeights()));
  await remote.dispose();
}

it.each(["throws", "fires an error"] as const)("a worker from a Blob, where the direct one %s", async (fails) => {
  const warn = vi.spyOn(console, "warn");
  allow((url) => url.startsWith("blob:"), fails);
  await expectSameBits();
  expect(started.at(-1)).toMatch(/^blob:/);
  expect(warn).not.toHaveBeenCalled();
});

it.each(["throws", "fires an error"] as const)(
  "this thread, with one warning, where no worker starts: it %s",
  async (fails) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    allow(() => false, fails);
    await expectSameBits();
    expect(warn.mock.calls.flat()).toEqual([expect.stringMatching(/no worker can be started here[\s\S]*createWorker/)]);
  },
);

it("a worker that is terminated behind our back is missed by the lock that it held", async () => {
  let worker: Worker | undefined;
  const remote = await offload(seededModel(), {
    createWorker: (url) => {
      worker = new Worker(url, { type: "module", name: "mine" });
      return worker;
    },
  });
  const running = remote.fit(x, y, { epochs: 1e6 });
  Original.prototype.terminate.call(worker);
  await expect(running).rejects.toMatchObject({ code: "ERR_WORKER_LOST" });
  await remote.dispose();
});
