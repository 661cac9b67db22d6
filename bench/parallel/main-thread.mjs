// The longest time that a fit in a worker blocks the page's thread: the longest task in Chromium's trace.

import { launch, serve } from "../engines/chromium-pages.mjs";
import { summary } from "../measure/rounds.mjs";
import { range, time } from "../report/figures.mjs";
import { FITS } from "./main-thread-fits.mjs";

const ROUNDS = 5;
const CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"];
/** Import map of a page without a bundler. */
const IMPORTS = {
  gradstep: "/dist/index.js",
  "gradstep/worker": "/dist/worker/index.js",
  "#worker-host": "/dist/worker/hosts/host-web.js",
  "#worker-scope": "/dist/worker/hosts/scope-web.js",
  "#thread-host": "/dist/threads/hosts/helpers-web.js",
  comlink: "/node_modules/comlink/dist/esm/comlink.mjs",
};
const PAGE = `<!doctype html><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module">
  import { FITS } from "/bench/parallel/main-thread-fits.mjs";
  globalThis.prepare = async (label) => { globalThis.fit = await FITS.find((fit) => fit.label === label).prepare(); };
</script>`;

/** The longest task of the page's thread in a trace, and the longest by the processor's time, in milliseconds. */
function longestTask(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const place = ({ pid, tid }) => `${pid}/${tid}`;
  const threads = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const pages = new Set(threads.map(place));
  const tasks = traceEvents.filter(
    (event) => /RunTask$/.test(event.name) && event.ph === "X" && pages.has(place(event)),
  );
  if (tasks.length === 0) throw new Error("The trace has no tasks.");
  const longest = (key) => Math.max(...tasks.map((task) => task[key] ?? 0)) / 1000;
  return { whole: longest("dur"), own: longest("tdur") };
}

export const mainThread = {
  id: "mainThread",
  title: "A page's thread while a worker trains",
  means: `The longest task of the page's thread during \`remote.fit\`, in a Chromium trace (${ROUNDS} runs each): its wall time, and that time without the share of other programs. One frame at 60 Hz takes 16.7 ms.`,
  async measure() {
    const server = await serve({ "/": PAGE }, {});
    const browser = await launch();
    try {
      const rows = [];
      for (const { label } of FITS) {
        const longest = await rounds(browser, server, label);
        const own = summary(longest.map(({ own }) => own));
        const note = `the processor's time: ${time(own.median)}, ${range(own)}`;
        rows.push({ label, measured: summary(longest.map(({ whole }) => whole)), note });
      }
      return rows;
    } finally {
      await browser.close();
      server.close();
    }
  },
};

async function rounds(browser, server, label) {
  const samples = [];
  for (let round = 0; round < ROUNDS; round++) {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => "prepare" in globalThis);
    await page.evaluate((label) => globalThis.prepare(label), label);
    await browser.startTracing(page, { categories: CATEGORIES });
    await page.evaluate(() => globalThis.fit());
    samples.push(longestTask(await browser.stopTracing()));
    await page.close();
  }
  return samples;
}
