// @module-tag process
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fast } from "../support/command-line.ts";
import {
  browserTitle,
  canBrowse,
  clear,
  drag,
  faultsOf,
  field,
  figure,
  launched,
  opened,
  type Served,
  served,
  soon,
} from "./browser.ts";

describe.skipIf(!canBrowse)(browserTitle("the page of mesoflow serve"), () => {
  let browser: Browser;
  let server: Served;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];
  const origin = () => new URL(server.link).origin;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launched(), served(fast)]);
  });
  afterAll(async () => {
    await browser?.close();
    expect(await server?.stop()).toBe(130);
    clear();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    faults = faultsOf(page, origin());
  });
  afterEach(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });

  const map = (of: Page = page) => figure(of, "ring-trial/baseline").locator("svg").first();
  /** The map once a note below it says so. */
  const mapOf = (note: string, of: Page = page) => map(of).locator("text", { hasText: note }).first();
  const fragment = (of: Page = page) => new URL(of.url()).hash;

  it("shows every stage with its state, and the figures", async () => {
    await opened(page, server.link);
    await page.getByText("32 done").waitFor({ timeout: 300_000 });
    const stages = page.locator(".graph-drawing [data-stage]");
    expect(await stages.count()).toBe(32);
    expect(await stages.first().getAttribute("aria-label")).toMatch(
      /: (known|[\d.]+ m?s, finished, took .* m?s)$/,
    );
    await map().waitFor();
    expect(await map().getAttribute("aria-label")).toBe("A trial of the ring: baseline");
    // Where figures are: in the page, not upon a token.
    expect(page.url()).toBe(`${origin()}/`);
  });

  it("draws the map anew when a slider of the ring is dragged, and leaves the rest alone", async () => {
    await opened(page, server.link, "ring.v_c=300");
    await map().waitFor();
    await page.getByText("32 done").waitFor({ timeout: 300_000 });
    const before = await map().innerHTML();
    expect(before).toContain("300 mm/s");
    await drag(page, "ring.v_c", [0.45, 0.4, 0.35]);
    const value = await field(page, "ring.v_c").inputValue();
    expect(Number(value)).toBeLessThan(150);
    await mapOf(`${value} mm/s`).waitFor();
    expect(await map().innerHTML()).not.toBe(before);
    expect(fragment()).toBe(`#ring.v_c=${value}`);
    await page.getByText("32 done").waitFor({ timeout: 300_000 });
    const states = (name: string) =>
      page.locator(`.graph-drawing [data-stage="${name}"]`).getAttribute("aria-label");
    expect(await states("ring-trial/baseline")).toMatch(/finished|known/);
    expect(await states("fixed-point")).toMatch(/known/);
  });

  it("goes back a step for every change let go, not for every move of the slider", async () => {
    await opened(page, server.link, "ring.tau2=100");
    await field(page, "ring.l_exc").fill("4");
    await field(page, "ring.l_exc").press("Enter");
    await soon(() => fragment()).toBe("#ring.l_exc=4&ring.tau2=100");
    // So slowly that each move is drawn before the next.
    await map().waitFor();
    let drawn = await map().innerHTML();
    await drag(page, "ring.tau2", [0.6, 0.7, 0.8], async () => {
      await soon(() => map().innerHTML()).not.toBe(drawn);
      drawn = await map().innerHTML();
      expect(fragment()).toBe("#ring.l_exc=4&ring.tau2=100");
    });
    await soon(() => fragment()).not.toContain("ring.tau2=100");
    await page.goBack();
    await soon(() => field(page, "ring.tau2").inputValue()).toBe("100");
    expect(await field(page, "ring.l_exc").inputValue()).toBe("4");
    await page.goBack();
    await soon(() => field(page, "ring.l_exc").inputValue()).toBe("5");
    expect(fragment()).toBe("#ring.tau2=100");
  });

  it("restores the whole setting from its address", async () => {
    const link = "reading=as-published&ring.v_c=120&scan.v_c=[60,500]&b:ring.v_c=80&show:ring-trial/baseline";
    await opened(page, server.link, link);
    await soon(() => fragment()).toBe(`#${link}`);
    await page.reload();
    await page.locator("figure-place svg").first().waitFor();
    expect(fragment()).toBe(`#${link}`);
    expect(await field(page, "ring.v_c").inputValue()).toBe("120");
    await page.getByRole("heading", { name: "ring-trial/baseline", exact: true }).waitFor();
    await page.getByRole("button", { name: "End comparison" }).click();
    await soon(() => fragment()).not.toContain("b:");
    await page.getByRole("button", { name: "Reset all (3)" }).click();
    await soon(() => fragment()).toBe("#show:ring-trial/baseline");
  });

  it("is one with every other tab", async () => {
    const other = await context.newPage();
    const faultsOfOther = faultsOf(other, origin());
    await opened(page, server.link, "ring.l_stim=1");
    await opened(other, `${origin()}/`);
    await field(page, "ring.l_stim").fill("2");
    await field(page, "ring.l_stim").press("Enter");
    await soon(() => field(other, "ring.l_stim").inputValue()).toBe("2");
    await other.bringToFront();
    await mapOf("2 mm", other).waitFor();
    await soon(() => fragment(other)).toBe("#ring.l_stim=2");
    // What somebody is typing there is left alone, whatever happens here.
    await field(page, "ring.v_c").fill("12");
    await other.getByRole("button", { name: /^Reset all/ }).click();
    await soon(() => field(page, "ring.l_stim").inputValue()).toBe("1");
    expect(await field(page, "ring.v_c").inputValue()).toBe("12");
    expect(faultsOfOther).toEqual([]);
  });

  it("compares two settings side by side", async () => {
    await opened(page, server.link, "ring.v_c=300");
    await page.getByRole("button", { name: "Compare" }).click();
    await page.getByText("Both settings are the same").waitFor();
    await field(page, "ring.v_c").fill("60");
    await field(page, "ring.v_c").press("Enter");
    const maps = figure(page, "ring-trial/baseline").locator("svg[role=img]");
    await maps.nth(1).locator("text", { hasText: "60 mm/s" }).waitFor();
    await maps.nth(0).locator("text", { hasText: "300 mm/s" }).waitFor();
    const row = page.getByRole("region", { name: "Differences" }).getByRole("row").nth(1);
    expect((await row.innerText()).split(/\s+/)).toEqual(["ring.v_c", "300", "60", "mm/s"]);
    await page.getByRole("radio", { name: "Setting A" }).check();
    await soon(() => field(page, "ring.v_c").inputValue()).toBe("300");
    await page.getByRole("button", { name: "End comparison" }).click();
    await soon(() => maps.count()).toBe(1);
    await soon(() => fragment()).toBe("#ring.v_c=300");
    await page.goBack();
    await soon(() => maps.count()).toBe(2);
    expect(fragment()).toBe("#ring.v_c=300&b:ring.v_c=60");
    await page.getByRole("button", { name: "End comparison" }).click();
    await soon(() => maps.count()).toBe(1);
  });

  it("says beside the field what is wrong with a value, and keeps the figures", async () => {
    await opened(page, server.link, "ring.tau1=50");
    await map().waitFor();
    await field(page, "ring.tau1").fill("-3");
    await field(page, "ring.tau1").press("Enter");
    const fault = page.locator(".parameter.is-wrong .fault");
    await fault.waitFor();
    expect(await fault.innerText()).toMatch(/ring\.tau1 is -3 ms.*must be above 0/);
    expect(await field(page, "ring.tau1").getAttribute("aria-invalid")).toBe("true");
    expect(await map().isVisible()).toBe(true);
    expect(fragment()).toBe("#ring.tau1=50");
    // Nor is it out of sight where its field is.
    await page.getByRole("searchbox", { name: "Search parameters" }).fill("v_c");
    await soon(() => page.getByRole("alert").filter({ hasText: "ring.tau1 is -3 ms" }).isVisible()).toBe(
      true,
    );
    await page.getByRole("searchbox", { name: "Search parameters" }).fill("");
    await page.locator("summary", { hasText: "1 wrong" }).waitFor();
    await page.getByRole("button", { name: "Reset ring.tau1 to 50 ms" }).click();
    await soon(() => fault.count()).toBe(0);
    expect(faults.splice(0).join()).toMatch(/^Failed to load resource.*422/);
  });

  it("tells of a stage why it ran, what it made, and gives it away", async () => {
    await opened(page, server.link, "ring.v_c=211");
    await page.locator('.graph-drawing [data-stage="fixed-point"]').click();
    const panel = page.getByRole("region", { name: "Stage fixed-point" });
    const row = panel.getByRole("row", { name: /^second_order / }).first();
    await row.waitFor();
    expect(await panel.getByRole("heading", { name: "Why" }).isVisible()).toBe(true);
    for (const format of ["NPZ", "CSV", "JSON"]) {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        panel.getByRole("link", { name: format }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`fixed-point.${format.toLowerCase()}`);
    }
    await page.locator('.graph-drawing [data-stage="waveform-mean-field"]').click();
    const next = page.getByRole("region", { name: "Stage waveform-mean-field" });
    await next.locator("figure-place").scrollIntoViewIfNeeded();
    await next.locator('[data-figure="waveform-mean-field/afferent"] svg').waitFor();
    const [png] = await Promise.all([
      page.waitForEvent("download"),
      page
        .locator(".stage-panel")
        .getByRole("button", { name: /as PNG/ })
        .click(),
    ]);
    expect(png.suggestedFilename()).toMatch(/^waveform-mean-field-.*\.png$/);
  });
});
