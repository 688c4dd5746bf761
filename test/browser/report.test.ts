// @module-tag process
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageOf } from "../../cli/report/page.ts";
import { contentsOf } from "../cli/report/contents.ts";
import { browserTitle, canBrowse, launched } from "./browser.ts";

describe.skipIf(!canBrowse)(browserTitle("tables of a report"), () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launched();
    page = await browser.newPage();
    await page.setContent(await pageOf(await contentsOf(), "", () => true));
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** Of each table's box how far it goes on, and the attachments of what is behind it. */
  const boxes = () =>
    page.locator(".scrolls").evaluateAll((all) =>
      all.map((box) => ({
        beyond: box.scrollWidth - box.clientWidth,
        behind:
          getComputedStyle(box).backgroundImage === "none" ? "" : getComputedStyle(box).backgroundAttachment,
      })),
    );

  it("go on beyond the edge of a phone, which is in shade, and can be reached by keys", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const all = await boxes();
    expect(all.filter(({ beyond }) => beyond > 50).length).toBeGreaterThan(1);
    for (const { behind } of all) expect(behind).toBe("local, local, scroll, scroll");
    const box = page.getByRole("region", { name: "Best set of each recording" }).first();
    // What is at the right edge of the box, near its top.
    const edge = async () => {
      const png = await box.screenshot({ animations: "disabled" });
      return page.evaluate(async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext("2d")!;
        context.drawImage(image, 0, 0);
        return [...context.getImageData(image.width - 1, 3, 1, 1).data.slice(0, 3)];
      }, png.toString("base64"));
    };
    const shaded = await edge();
    expect(Math.max(...shaded)).toBeLessThan(200);
    await box.focus();
    await page.keyboard.press("End");
    for (let k = 0; k < 40; k++) await page.keyboard.press("ArrowRight");
    await expect
      .poll(() => box.evaluate((one) => one.scrollLeft + one.clientWidth >= one.scrollWidth - 1))
      .toBe(true);
    await expect.poll(async () => Math.min(...(await edge()))).toBeGreaterThan(240);
  });

  it("are whole on paper", async () => {
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 672, height: 1000 }); // A4 within its margins
    for (const { beyond, behind } of await boxes()) expect([beyond, behind]).toEqual([0, ""]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(672);
    await page.emulateMedia({ media: null });
  });
});
