/**
 * What the page of `mesoflow serve` takes a user's time: from opening it to the first paint, and from moving a slider
 * of the ring to the new map on the screen.
 *
 *     npm run bench:page
 *
 * The whole pipeline with its defaults, on an empty cache, in headless Debian chromium (/usr/bin/chromium). Milliseconds
 * of the clock, medians; the paint over loads of a browser that has loaded nothing before, the map over moves of ring.v_c
 * to values that were never computed. Kept in bench/history.txt.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { remember } from "./history.ts";

const loads = 5;
const moves = 30;
/** ms between two moves: that of somebody who looks at each map. */
const pause = 300;

const folder = mkdtempSync(join(tmpdir(), "mesoflow-page-"));
const main = fileURLToPath(new URL("../cli/main.js", import.meta.url));
const server = spawn(process.execPath, [main, "serve", "--port", "0", "--cache", join(folder, "cache")]);
const link = await new Promise<string>((resolve) => {
  server.stdout.on("data", (said: Buffer) => {
    const [found] = /http:\S+/.exec(said.toString()) ?? [];
    if (found) resolve(found);
  });
});
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});

try {
  const page = await opened(browser);
  await page.getByText("32 done").waitFor({ timeout: 600_000 });
  const maps = await movesOf(page);
  await page.close();
  const paints: number[] = [];
  for (let k = 0; k < loads; k++) paints.push(await firstPaint(browser));
  const lines = [
    { measure: "page, first contentful paint", ours: median(paints), peer: undefined },
    { measure: "page, slider to map, median", ours: median(maps), peer: undefined },
    { measure: "page, slider to map, 9 of 10", ours: quantile(maps, 0.9), peer: undefined },
  ];
  for (const { measure, ours } of lines) console.log(`${measure.padEnd(30)} ${ours.toFixed(0)} ms`);
  remember(lines);
} finally {
  await browser.close();
  server.kill("SIGINT");
  await new Promise((resolve) => server.on("exit", resolve));
  rmSync(folder, { recursive: true });
}

async function opened(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(link);
  await page.locator("figure-place svg").first().waitFor({ timeout: 600_000 });
  return page;
}

async function firstPaint(browser: Browser): Promise<number> {
  const page = await opened(browser);
  const time = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  await page.context().close();
  return Number(time);
}

/** How long each move of the slider takes until its own map has been painted, ms. */
async function movesOf(page: Page): Promise<number[]> {
  // As text: it runs in the browser, whose types this program has not.
  const times = await page.evaluate(`(async () => {
    const slider = document.querySelector('input[data-path="ring.v_c"]');
    const place = document.querySelector('[data-figure="ring-trial/baseline"] figure-place');
    place.scrollIntoView({ block: "center" });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const field = document.getElementById("parameter-ring.v_c");
    const times = [];
    for (let k = 0; k < ${moves}; k++) {
      const begin = performance.now();
      slider.value = String(Number(slider.value) - 1);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      slider.dispatchEvent(new Event("change", { bubbles: true }));
      while (!place.svg.includes(" " + field.value + " mm/s")) {
        await new Promise((resolve) => place.addEventListener("drawn", resolve, { once: true }));
      }
      await painted();
      times.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, ${pause}));
    }
    return times;
  })()`);
  return times as number[];
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * values.length)]!;
}
