/**
 * Pictures of the page and of the report for docs/images: `npm run screenshots`, with Debian's chromium.
 *
 * All is run with the defaults on a cache of its own, so that the pictures are the same wherever they are made, but for
 * times and fonts.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const images = path("../../docs/images");
const main = path("../cli/main.js");

const folder = mkdtempSync(join(tmpdir(), "mesoflow-screenshots-"));
const cache = ["--cache", join(folder, "cache")];
mkdirSync(images, { recursive: true });
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
try {
  await ofThePage();
  await ofTheReport();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

async function ofThePage(): Promise<void> {
  const server = spawn(process.execPath, [main, "serve", "--port", "0", ...cache]);
  process.once("exit", () => server.kill()); // whatever goes wrong
  const link = await new Promise<string>((resolve) => {
    server.stdout.on("data", (said: Buffer) => {
      const [found] = /http:\S+/.exec(said.toString()) ?? [];
      if (found) resolve(found);
    });
  });
  await picture("page", { viewport: { width: 1280, height: 900 } }, `${link}#ring.v_c=120`, allDone);
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, isMobile: true };
  await picture("page-phone", phone, `${link}#ring.v_c=120`, async (page) => {
    await allDone(page);
    await page.locator('[data-path="ring.v_c"]').scrollIntoViewIfNeeded();
    await page.locator('[data-figure="ring-trial/baseline"]').evaluate((card) => card.scrollIntoView());
    await page.locator('[data-figure="ring-trial/baseline"]:not(:has(.is-old)) svg').first().waitFor();
  });
  server.kill("SIGINT");
  await once(server, "exit");
}

async function allDone(page: Page): Promise<void> {
  await page.getByText(/^\s*\d+ done\s*$/).waitFor({ timeout: 600_000 });
  await page.waitForTimeout(2_000); // figures in view are drawn meanwhile
}

async function ofTheReport(): Promise<void> {
  const out = join(folder, "report");
  const program = spawn(process.execPath, [main, "report", "--out", out, ...cache], { stdio: "ignore" });
  await once(program, "exit");
  const options = { viewport: { width: 1000, height: 1200 } };
  await picture("report", options, pathToFileURL(join(out, "report.html")).href, (page) =>
    page.waitForTimeout(1_000),
  );
}

async function picture(
  name: string,
  options: BrowserContextOptions,
  address: string,
  prepare: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ colorScheme: "light", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(address);
  await prepare(page);
  const bytes = await page.screenshot({ path: join(images, `${name}.png`) });
  console.log(`wrote docs/images/${name}.png, ${Math.round(bytes.length / 1000)} kB`);
  await context.close();
}
