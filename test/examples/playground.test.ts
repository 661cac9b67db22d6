/** The playground: served by Vite as its README describes and opened in Chromium, and built for a web server. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launched } from "../packaging/chromium.js";
import { root } from "./program.js";
import { opened, type Served, served, typeErrors, whenBuilt } from "./vite.js";

const folder = "examples/browser-playground";
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

const open = () => opened(browser, server.address);

/** Waits until the race has taken a number of steps. */
const steps = (page: Page, count: number) =>
  page.waitForFunction(
    (least) => Number.parseInt(document.getElementById("status")?.textContent?.replace(",", "") ?? "", 10) >= least,
    count,
  );

const losses = (page: Page) => page.locator("#racers tr td:last-child").allTextContents();

/** Number of colours in a grid of points on the map. */
const colours = (page: Page) =>
  page.locator("#map").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    const seen = new Set<string>();
    for (let i = 0; i < data.length; i += 4 * 101) seen.add(data.slice(i, i + 3).join());
    return seen.size;
  });

it("every surface is drawn, and every optimizer goes down", async () => {
  const { page, complaints } = await open();
  const pause = page.locator("#pause");
  await page.locator("#speed").fill("10");
  await pause.click();
  for (const surface of await page.locator("#surfaces button").all()) {
    await surface.click();
    const start = Number((await losses(page))[0]);
    await pause.click();
    await steps(page, 400);
    await pause.click();
    const reached = await losses(page);
    expect(reached).toHaveLength(8);
    for (const loss of reached) expect(Number(loss), await surface.innerText()).toBeLessThan(start);
    expect(await colours(page)).toBeGreaterThan(20);
  }
  expect(complaints).toEqual([]);
  await page.close();
});

it("a click starts there, and a slider sets the rate", async () => {
  const { page, complaints } = await open();
  await steps(page, 5);
  await page.locator("#pause").click();
  await page.locator("#map").click({ position: { x: 60, y: 60 } });
  const [first, ...others] = await losses(page);
  // All are on the clicked point.
  expect(new Set(others)).toEqual(new Set([first]));
  const slider = page.getByLabel("Learning rate of Adam");
  await slider.fill("-100");
  await expect.poll(() => page.locator("#racers tr", { has: slider }).locator("td").nth(2).textContent()).toBe("0.10");
  expect(complaints).toEqual([]);
  await page.close();
});

it("has no type errors", async () => {
  expect(await typeErrors(folder)).toBe("");
});

it("a build for a web server has the module once, as a file", async () => {
  await whenBuilt(folder, (out) => {
    const files = readdirSync(out, { recursive: true, encoding: "utf8" });
    const modules = files.filter((file) => file.endsWith(".wasm"));
    expect(modules).toHaveLength(1);
    const shipped = readFileSync(`${root}/dist/gradstep.wasm`);
    expect(readFileSync(join(out, modules[0] ?? "")).equals(shipped)).toBe(true);
    const script = files
      .filter((file) => file.endsWith(".js"))
      .reduce((sum, file) => sum + statSync(join(out, file)).size, 0);
    // The bytes are not in the script a second time.
    expect(script).toBeLessThan(shipped.length);
  });
});
