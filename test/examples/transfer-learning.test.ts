/**
 * The page that trains a new head on a network of TensorFlow.js: served by Vite as its README says, with sample images,
 * files and a camera; and built for a web server.
 */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launched } from "../packaging/chromium.js";
import { root } from "./program.js";
import { opened, type Served, served, typeErrors, whenBuiltAndServed } from "./vite.js";

const folder = "examples/transfer-learning";
let server: Served;
let browser: Browser;

beforeAll(async () => {
  server = await served([folder]);
  browser = await launched(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
});

afterAll(async () => {
  await browser?.close();
  server?.stop();
});

async function open(address: string) {
  const { page, complaints } = await opened(browser, address);
  await page.locator("#samples:enabled").waitFor();
  return { page, complaints };
}

/** Trains. @returns the accuracies before and after, in percent */
async function trained(page: Page): Promise<{ before: number; after: number }> {
  await page.locator("#train:enabled").click();
  await expect.poll(() => page.locator("#status").innerText(), { timeout: 60_000 }).toBe("Done.");
  const shown = await page.locator("dd").allInnerTexts();
  for (const text of shown) expect(text).toMatch(/^\d+\.\d %$/);
  const [before = Number.NaN, after = Number.NaN] = shown.map((text) => Number.parseFloat(text));
  return { before, after };
}

/** Rows of a digit: 64 pixels and the label. */
function digitRows(digit: number): number[][] {
  const rows = gunzipSync(readFileSync(`${root}/examples/data/digits.csv.gz`))
    .toString()
    .trim()
    .split("\n");
  return rows.map((row) => row.split(",").map(Number)).filter((row) => row.at(-1) === digit);
}

/** PNG files of digits: dark ink on white paper, 96 pixels wide and 64 high. */
const drawn = (page: Page, rows: number[][]) =>
  page.evaluate(
    (images) =>
      images.map((pixels) => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 96, height: 64 });
        const context = canvas.getContext("2d") as CanvasRenderingContext2D;
        context.fillStyle = "white";
        context.fillRect(0, 0, 96, 64);
        pixels.slice(0, 64).forEach((pixel, at) => {
          const gray = 255 - pixel * 15;
          context.fillStyle = `rgb(${gray}, ${gray}, ${gray})`;
          context.fillRect(16 + (at % 8) * 8, Math.floor(at / 8) * 8, 8, 8);
        });
        return canvas.toDataURL("image/png").split(",")[1] as string;
      }),
    rows,
  );

/** Chooses these images as a user does, for a class. */
async function choose(page: Page, at: number, images: readonly string[]): Promise<void> {
  const files = images.map((data, i) => ({
    name: `${i}.png`,
    mimeType: "image/png",
    buffer: Buffer.from(data, "base64"),
  }));
  await page.locator("input[type=file]").nth(at).setInputFiles(files);
}

it("learns five digits that the network has never seen, from the sample images", async () => {
  const { page, complaints } = await open(server.address);
  // 120 + 2,616 of the convolutions, 216 x 5 + 5 of the new layer.
  expect(await page.locator("#status").innerText()).toBe("Loaded: 2,736 numbers are frozen, 1,085 will be learned.");
  expect(await page.locator("#train").isDisabled()).toBe(true);
  await page.locator("#samples").click();
  const { before, after } = await trained(page);
  expect(before).toBeLessThan(50);
  expect(after).toBeGreaterThan(95);
  expect(await page.locator("#answers .right").count()).toBeGreaterThanOrEqual(20);
  expect(complaints).toEqual([]);
  await page.close();
});

it("learns from image files, and names a file that is none", async () => {
  const { page, complaints } = await open(server.address);
  for (const [at, digit] of [5, 6, 7, 8, 9].entries())
    await choose(
      page,
      at,
      await drawn(
        page,
        digitRows(digit)
          .slice(0, 160)
          .filter((_, i) => i % 4 === 0),
      ),
    );
  await expect
    .poll(() => page.locator(".count").allInnerTexts())
    .toEqual(Array(5).fill("30 to learn from, 10 for the test"));
  const { before, after } = await trained(page);
  expect(before).toBeLessThan(50);
  expect(after).toBeGreaterThanOrEqual(85);
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({
      name: "notes.png",
      mimeType: "image/png",
      buffer: Buffer.from("no image"),
    });
  await expect.poll(() => page.locator("#status").innerText()).toBe("Not an image that this browser reads: notes.png");
  expect(complaints).toEqual([]);
  await page.close();
});

it("takes pictures of the camera", async () => {
  const { page, complaints } = await open(server.address);
  expect(await page.locator(".picture").first().isVisible()).toBe(false);
  await page.locator("#camera").click();
  await page.locator(".picture").first().click();
  await expect.poll(() => page.locator(".count").first().innerText()).toBe("1 to learn from, 0 for the test");
  // Chromium's device shows a pattern: the picture is not empty.
  const shown = await page.locator(".images canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(0, 0, 8, 8);
    return new Set(data.filter((_, at) => at % 4 === 3)).size;
  });
  expect(shown).toBeGreaterThan(4);
  expect(complaints).toEqual([]);
  await page.close();
});

it("fits a narrow screen", async () => {
  const { page } = await open(server.address);
  await page.locator("#camera").click();
  await page.locator("#samples").click();
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
    await page.locator("#samples").click();
    expect((await trained(page)).after).toBeGreaterThan(95);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
