// The fits of main-thread.mjs. `prepare` runs in the page, and returns the function to measure.

const modules = async () => ({ ...(await import("gradstep")), ...(await import("gradstep/worker")) });

/** A model that is offloaded, and its data as typed arrays. */
async function offloaded({ samples, features, hidden }, options) {
  const { layers, offload, Sequential } = await modules();
  const model = new Sequential([
    new layers.Dense(hidden, { activation: "relu", inputShape: [features] }),
    new layers.Dense(10, { activation: "softmax" }),
  ]);
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy" });
  const x = Float32Array.from({ length: samples * features }, (_, i) => ((i * 7) % 23) / 23);
  const y = Int32Array.from({ length: samples }, (_, i) => i % 10);
  return { remote: await offload(model, options), x, y };
}

const BIG = { samples: 40_000, features: 1000, hidden: 4 };

export const FITS = [
  {
    label: "1,875 batches with a callback for each",
    async prepare() {
      const { remote, x, y } = await offloaded({ samples: 20_000, features: 64, hidden: 128 });
      let seen = 0;
      const callbacks = [{ onTrainBatchEnd: () => seen++ }];
      return async () => {
        await remote.fit(x, y, { epochs: 3, callbacks });
        if (seen !== 1875) throw new Error(`The callback was called ${seen} times.`);
      };
    },
  },
  {
    label: "160 MB of data, copied",
    async prepare() {
      const { remote, x, y } = await offloaded(BIG);
      return () => remote.fit(x, y, { batchSize: 1000 });
    },
  },
  {
    label: "160 MB of data, transferred",
    async prepare() {
      const { remote, x, y } = await offloaded(BIG, { transfer: true });
      return () => remote.fit(x, y, { batchSize: 1000 });
    },
  },
  {
    label: "2M numbers in nested lists",
    async prepare() {
      const { remote, x, y } = await offloaded({ samples: 20_000, features: 100, hidden: 4 });
      const rows = Array.from(y, (_, row) => [...x.subarray(row * 100, (row + 1) * 100)]);
      return () => remote.fit(rows, [...y], { batchSize: 1000 });
    },
  },
  {
    label: "EarlyStopping keeps the best of 1M weights",
    async prepare() {
      const { callbacks } = await modules();
      const { remote, x, y } = await offloaded({ samples: 1000, features: 1000, hidden: 1000 });
      const stopping = new callbacks.EarlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true });
      return () => remote.fit(x, y, { epochs: 6, batchSize: 500, callbacks: [stopping] });
    },
  },
];
