// Run by `npm test` in a separate project, with the packed package installed and no permission granted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { layers, Sequential, setRandomSeed, WorkerLostError } from "gradstep";
import { offload } from "gradstep/worker";

const x = Float32Array.from({ length: 60 }, (_, i) => ((i * 5) % 17) / 8 - 1);
const y = Float32Array.from({ length: 20 }, (_, i) => ((i * 3) % 7) / 3);

function seededModel() {
  setRandomSeed(3);
  const model = new Sequential([
    new layers.Dense(4, { inputShape: [3] }),
    new layers.Dropout(0.2),
    new layers.Dense(1),
  ]);
  model.compile({ optimizer: "adam", loss: "mse" });
  return model;
}

test("a model trains in a worker without any permission, to the bits that it gives here", async () => {
  const local = seededModel();
  const { history } = await local.fit(x, y, { epochs: 3 });
  const remote = await offload(seededModel());
  let epochs = 0;
  const callback = {
    onEpochEnd() {
      epochs++;
    },
  };
  const there = await remote.fit(x, y, { epochs: 3, callbacks: [callback] });
  assert.deepEqual(there.history, history);
  assert.equal(epochs, 3);
  await assert.rejects(remote.fit(x, y.subarray(1)), { name: "ValueError", code: "ERR_SHAPE" });
  await remote.dispose();
});

test("a terminated worker rejects pending calls", async () => {
  let worker: Worker | undefined;
  const createWorker = (url: URL) => {
    worker = new Worker(url, { type: "module" });
    return worker;
  };
  const remote = await offload(seededModel(), { createWorker });
  const running = remote.fit(x, y, { epochs: 1e6 });
  worker?.terminate();
  await assert.rejects(running, WorkerLostError);
  await remote.dispose();
});

test("a worker that closes itself rejects pending calls, and a busy one does not", async () => {
  for (const ending of ["self.close()", "Deno.exit(3)"]) {
    let worker: Worker | undefined;
    const createWorker = (url: URL) => {
      const busy = "const end = performance.now() + 1500; while (performance.now() < end);";
      const script = `import ${JSON.stringify(url.href)};
        addEventListener("message", ({ data }) => { if (data === "end") ${ending}; if (data === "busy") { ${busy} } });`;
      worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
      return worker;
    };
    const remote = await offload(seededModel(), { createWorker });
    worker?.postMessage("busy");
    assert.equal((await remote.getWeights()).length, 4);
    const running = remote.fit(x, y, { epochs: 1e6 });
    worker?.postMessage("end");
    await assert.rejects(running, WorkerLostError);
    await remote.dispose();
  }
});

test("a worker that throws outside of a call rejects pending calls, and does not end the program", async () => {
  const createWorker = (url: URL) => {
    const script = `import ${JSON.stringify(url.href)}; addEventListener("message", ({ data }) => { if (data === "fail") throw new Error("later"); });`;
    worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
    return worker;
  };
  let worker: Worker | undefined;
  const remote = await offload(seededModel(), { createWorker });
  const running = remote.fit(x, y, { epochs: 1e6 });
  worker?.postMessage("fail");
  await assert.rejects(running, { code: "ERR_WORKER_LOST" });
  await remote.dispose();
});
