// @module-tag process
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fast } from "../support/command-line.ts";
import {
  browserTitle,
  canBrowse,
  clear,
  faultsOf,
  field,
  figure,
  launched,
  opened,
  type Served,
  served,
  slider,
  soon,
} from "./browser.ts";

type Options = Parameters<Browser["newContext"]>[0];

describe.skipIf(!canBrowse)(browserTitle("using the page"), () => {
  let browser: Browser;
  let server: Served;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launched(), served(fast)]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    clear();
  });
  afterEach(async () => {
    await context?.close();
  });

  /** A page, and what it does that it must not. */
  async function pageWith(options: Options, fragment = ""): Promise<{ page: Page; faults: string[] }> {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const faults = faultsOf(page, new URL(server.link).origin);
    await opened(page, server.link, fragment);
    return { page, faults };
  }

  it("needs no mouse", async () => {
    const { page, faults } = await pageWith({}, "ring.v_c=300");
    await page.getByText("32 done").waitFor({ timeout: 300_000 });
    await page.keyboard.press("Tab");
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent,
      );
    expect(await focused()).toBe("Skip to parameters");
    await page.keyboard.press("Enter");
    await soon(() => page.evaluate(() => document.activeElement?.id)).toBe("parameters");
    for (let k = 0; k < 60 && (await focused()) !== "ring.v_c, slider"; k++) await page.keyboard.press("Tab");
    expect(await focused()).toBe("ring.v_c, slider");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    // What is shown follows with the next frame.
    for (let k = 0; k < 2; k++) await page.evaluate(() => new Promise(requestAnimationFrame));
    const value = await field(page, "ring.v_c").inputValue();
    expect(Number(value)).toBeLessThan(300);
    expect(await slider(page, "ring.v_c").getAttribute("aria-valuetext")).toBe(`${value} mm/s`);
    await figure(page, "ring-trial/baseline")
      .locator("text", { hasText: `${value} mm/s` })
      .first()
      .waitFor();
    await soon(() => new URL(page.url()).hash).toBe(`#ring.v_c=${value}`);
    for (let k = 0; k < 200 && !(await focused())?.startsWith("step-response/RS-cell"); k++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Stage step-response/RS-cell" }).waitFor();
    await soon(() => page.locator("#live").textContent()).toMatch(
      /^All 32 stages are up to date; \d+ ran\.$/,
    );
    expect(faults).toEqual([]);
  });

  it("shows that work is aborted when its setting is overtaken", async () => {
    const { page, faults } = await pageWith({});
    await page.getByText("32 done").waitFor({ timeout: 300_000 });
    await page.locator("summary", { hasText: "Transfer functions" }).click();
    await field(page, "tf.duration").fill("5000");
    await field(page, "tf.duration").press("Enter");
    await page.locator('.graph-drawing .running[data-stage^="tf-simulation/"]').first().waitFor();
    expect(await figure(page, "ring-trial/baseline").locator("figure-place.is-old svg").count()).toBe(1);
    await page.getByRole("button", { name: "Reset tf.duration to 0.2 s" }).click();
    const line = page.locator(".log li.aborted", { hasText: "tf-simulation/" }).first();
    await line.waitFor();
    expect(await line.innerText()).toMatch(/aborted/);
    await page.getByText("32 done").waitFor({ timeout: 300_000 });
    expect(faults).toEqual([]);
  });

  it("fills the scan in while it runs", async () => {
    const { page, faults } = await pageWith({}, "scan.points=4");
    const scan = figure(page, "scan");
    await scan.scrollIntoViewIfNeeded();
    await scan.locator("figure-place:not(.is-old) svg").waitFor();
    await scan.getByText("scan is running").waitFor();
    const image = () => scan.locator("svg").first().innerHTML();
    const seen = new Set([await image()]);
    await soon(async () => seen.add(await image()).size).toBeGreaterThan(2);
    await page.getByRole("button", { name: /^Reset all/ }).click();
    await page.getByText("32 done").waitFor({ timeout: 300_000 });
    expect(faults).toEqual([]);
  });

  it("fits a phone", async () => {
    const { page, faults } = await pageWith(
      { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
      "ring.v_c=90&b:ring.v_c=50&show:scan",
    );
    await page.getByRole("region", { name: "Stage scan" }).waitFor();
    await page.locator(".section").evaluateAll((all) => {
      for (const each of all) each.setAttribute("open", "");
    });
    const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide).toEqual([390, 390]);
    await page.locator('.graph-list [data-stage="fixed-point"]').tap();
    await page.getByRole("region", { name: "Stage fixed-point" }).waitFor();
    expect(faults).toEqual([]);
  });

  it.each(["light", "dark"] as const)("has no serious fault that axe finds, in %s", async (colorScheme) => {
    const { page, faults } = await pageWith(
      { colorScheme },
      // A setting that nothing knows yet: stages that have just finished say how long they took.
      `ring.v_c=${colorScheme === "light" ? 91 : 92}&b:ring.v_c=50&show:ring-trial/baseline`,
    );
    await page.locator(".section").evaluateAll((all) => {
      for (const each of all) each.setAttribute("open", "");
    });
    await figure(page, "scan/example").scrollIntoViewIfNeeded();
    await figure(page, "scan/example").locator("svg").first().waitFor();
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(),
    );
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(
      serious.map(({ id, nodes }) => [
        id,
        nodes.slice(0, 3).map(({ html, failureSummary }) => [html, failureSummary]),
      ]),
    ).toEqual([]);
    expect(faults).toEqual([]);
  });

  it("puts parameters away on a phone, and says of each what it must be where it covers nothing", async () => {
    const { page, faults } = await pageWith(
      { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
      "ring.v_c=90&b:ring.v_c=50",
    );
    const height = () => page.locator("aside").evaluate((panel) => panel.clientHeight);
    expect(await height()).toBeGreaterThan(200);
    const required = page.locator(".parameter", { has: field(page, "ring.l_stim") }).locator(".range");
    const [box, next] = [
      await required.boundingBox(),
      await page.locator(".parameter", { has: field(page, "ring.amplitude") }).boundingBox(),
    ];
    expect(await required.innerText()).toMatch(/above 0/);
    expect(box!.y + box!.height).toBeLessThanOrEqual(next!.y);

    const fold = page.getByRole("button", { name: "Hide", exact: true });
    expect(await fold.getAttribute("aria-expanded")).toBe("true");
    await fold.focus();
    await page.keyboard.press("Enter");
    await soon(height).toBeLessThan(60);
    expect(await field(page, "ring.v_c").isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Show");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.getByRole("button", { name: "Show", exact: true }).tap();
    await soon(() => field(page, "ring.v_c").isVisible()).toBe(true);
    // Who skips to them finds them.
    await page.getByRole("button", { name: "Hide", exact: true }).tap();
    await page.getByRole("link", { name: "Skip to parameters" }).focus();
    await page.keyboard.press("Enter");
    await soon(() => field(page, "ring.v_c").isVisible()).toBe(true);
    expect(faults).toEqual([]);
  });
});

describe.skipIf(!canBrowse)(browserTitle("the page and a server that goes away"), () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launched();
  });
  afterAll(async () => {
    await browser?.close();
    clear();
  });

  it("keeps what is there, says what is the matter, and goes on with the next server", async () => {
    const first = await served(fast);
    const context = await browser.newContext();
    const page = await opened(await context.newPage(), first.link, "ring.v_c=77");
    await page.getByText("32 done").waitFor({ timeout: 300_000 });
    await first.stop();
    const alert = page.locator(".trouble");
    await soon(() => alert.innerText()).toMatch(/does not answer/);
    expect(await page.locator("figure-place svg").first().isVisible()).toBe(true);
    await field(page, "ring.l_stim").fill("2");
    await field(page, "ring.l_stim").press("Enter");
    const { host, port } = new URL(first.link);
    const second = await served([...fast, "--port", port], first.cwd);
    expect(new URL(second.link).host).toBe(host);
    // Its token is another: this browser is unknown until the link is opened.
    await soon(() => alert.innerText()).toMatch(/Open the link that mesoflow serve printed/);
    const other = await opened(await context.newPage(), second.link);
    await soon(() => alert.count()).toBe(0);
    await soon(() => field(page, "ring.v_c").inputValue()).toBe("77");
    await soon(() => field(other, "ring.v_c").inputValue()).toBe("77");
    // What was changed while nobody was there to hear of it is in force, too.
    await soon(() => field(other, "ring.l_stim").inputValue()).toBe("2");
    expect(await field(page, "ring.l_stim").inputValue()).toBe("2");
    await context.close();
    await second.stop();
  });
});
