/**
 * The page that trains in a worker: served by Vite as its README describes and opened in Chromium, and built for a web
 * server.
 */

import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launched } from "../packaging/chromium.js";
import { opened, type Served, served, typeErrors, whenBuiltAndServed } from "./vite.js";

const folder = "examples/worker-training";
let server: Served;
let browser: Browser;

beforeAll(async () => {
  server = await served([folder]);
  browser = await launched();
});

afterAll(async () => {
  await browser?.close();
  server?.stop();
});

/** Opens the page, which keeps what its status says in `said`. */
async function open(address: string) {
  const { page, complaints } = await opened(browser, address);
  await page.locator("#start:enabled").waitFor();
  await page.evaluate(() => {
    const status = document.getElementById("status") as HTMLElement;
    const said: string[] = [];
    new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
    Object.assign(globalThis, { said });
  });
  return { page, complaints };
}

const said = (page: Page) => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);

/** Waits until a number of epochs are done. */
const epoch = (page: Page, number: number) =>
  expect.poll(() => said(page), { timeout: 60_000 }).toContainEqual(expect.stringMatching(`^Epoch ${number} of 20:`));

/** Trains for some epochs, looks at the page, and stops. @returns what is said of each epoch, and in the end */
async function trained(page: Page, epochs: number, look: () => Promise<void> = async () => {}) {
  await page.evaluate(() => (globalThis as unknown as { said: string[] }).said.splice(0));
  await page.locator("#start").click();
  await epoch(page, epochs);
  await look();
  await page.locator("#stop").click();
  await page.locator("#start:enabled").waitFor();
  const texts = await said(page);
  return { epochs: texts.filter((text) => text.startsWith("Epoch")), end: texts.at(-1) };
}

/** Heights of the smoothed curve, from left to right, in pixels from the top. */
const heights = (page: Page) =>
  page.locator("#curve").evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, width, height) ?? { data: [] };
    return Array.from({ length: width }, (_, column) =>
      Array.from({ length: height }, (_, row) => row).find((row) => {
        const at = (row * width + column) * 4;
        const [red = 0, green = 0, blue = 0] = data.slice(at, at + 3);
        return Math.abs(red - 0x5e) + Math.abs(green - 0xc8) + Math.abs(blue - 0xd8) < 12;
      }),
    ).filter((row) => row !== undefined);
  });

/** The turns of the spinner in the next 30 frames, and whether it was training in each of them. */
const turns = (page: Page) =>
  page.evaluate(async () => {
    const turning = document.querySelector("#spinner g") as SVGGElement;
    const stop = document.getElementById("stop") as HTMLButtonElement;
    const seen: { turn: string | null; trains: boolean }[] = [];
    for (let i = 0; i < 30; i++) {
      await new Promise(requestAnimationFrame);
      seen.push({ turn: turning.getAttribute("transform"), trains: !stop.disabled });
    }
    return seen;
  });

it("trains in a worker, while the page turns and draws; and stops", async () => {
  const { page, complaints } = await open(server.address);
  const { end } = await trained(page, 2, async () => {
    expect(page.workers()).toHaveLength(1);
    const frames = await turns(page);
    expect(frames.filter(({ trains }) => trains)).toHaveLength(30);
    expect(new Set(frames.map(({ turn }) => turn)).size).toBe(30);
  });
  expect(end).toMatch(/^Stopped: 9\d\.\d % of other images are right$/);
  await expect.poll(() => page.workers()).toHaveLength(0);
  const curve = await heights(page);
  expect(curve.length).toBeGreaterThan(50);
  // Down is away from the top.
  expect(curve.at(-1)).toBeGreaterThan((curve[0] ?? 0) + 60);
  expect(await page.locator("#digits .right").count()).toBeGreaterThan(20);
  const figures = await page.locator("#figures td[data-place=worker]").allInnerTexts();
  expect(figures).toHaveLength(6);
  for (const figure of figures) expect(figure).toMatch(/^[\d,.]+( ms| %)?$/);
  expect(complaints).toEqual([]);
  await page.close();
});

it("trains on the page's own thread, to the same accuracy", async () => {
  const { page, complaints } = await open(server.address);
  const there = await trained(page, 1);
  await page.locator("#here").check();
  const here = await trained(page, 1, async () => expect(page.workers()).toHaveLength(0));
  expect(here.epochs[0]).toBe(there.epochs[0]);
  expect(here.end).toMatch(/^Stopped/);
  expect(complaints).toEqual([]);
  await page.close();
});

it("fits a narrow screen", async () => {
  const { page } = await open(server.address);
  await page.setViewportSize({ width: 360, height: 720 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await page.close();
});

it("has no type errors", async () => {
  expect(await typeErrors(folder)).toBe("");
});

it("trains when it is built for a web server", async () => {
  await whenBuiltAndServed(folder, async (address) => {
    const { page, complaints } = await open(address);
    await trained(page, 1, async () => {
      expect(page.workers().map((worker) => worker.url())).toEqual([
        expect.stringMatching(/\/assets\/gradstep-worker-.*\.js$/),
      ]);
    });
    expect(complaints).toEqual([]);
    await page.close();
  });
});
