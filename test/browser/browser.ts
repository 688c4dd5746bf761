import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { titled } from "../golden.ts";
import { isBuilt, start, workingFolders } from "../support/command-line.ts";

/** Debian's; `apt-get install chromium` brings it. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const canBrowse = isBuilt && existsSync(executablePath);
export const browserTitle = (title: string) => titled(title, canBrowse, isBuilt ? "chromium" : "a build");

/** Headless, and without what it would otherwise ask of the network by itself. */
export const launched = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
      ...["--disable-background-networking", "--disable-component-update"],
    ],
  });

export interface Served {
  /** With the token. */
  readonly link: string;
  readonly cwd: string;
  /** Interrupts it, and tells its exit status. */
  stop(): Promise<number | null>;
}

const folders = workingFolders();
export const clear = folders.clear;

/** `mesoflow serve` in a folder, new unless given, once it listens. */
export async function served(options: readonly string[], cwd = folders.make()): Promise<Served> {
  const program = start(cwd, "serve", ...(options.includes("--port") ? [] : ["--port", "0"]), ...options);
  const ended = new Promise<number | null>((resolve) => program.on("exit", resolve));
  let said = "";
  const link = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const [found] = /http:\S+/.exec(said) ?? [];
      if (found) resolve(found);
    };
    program.stdout.on("data", listen);
    program.stderr.on("data", listen);
    program.on("exit", () => reject(new Error(`mesoflow serve ended: ${said}`)));
  });
  return {
    ...{ link, cwd },
    stop() {
      program.kill("SIGINT");
      return ended;
    },
  };
}

/** What a page must never do: errors on its console, violations of its policy, requests to anywhere else. */
export function faultsOf(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) faults.push(`a request to ${url}`);
  });
  return faults;
}

/** Opens a page of a server, with a fragment. */
export async function opened(page: Page, link: string, fragment = ""): Promise<Page> {
  await page.goto(link + (fragment && `#${fragment}`));
  // Only what is on the screen is drawn.
  await page.locator("figure-place").first().scrollIntoViewIfNeeded();
  await page.locator("figure-place svg").first().waitFor();
  return page;
}

export const figure = (page: Page, name: string) => page.locator(`.figures [data-figure="${name}"]`);
export const slider = (page: Page, path: string) => page.locator(`input[type=range][data-path="${path}"]`);
export const field = (page: Page, path: string) => page.locator(`[id="parameter-${path}"]`);

/** Drags a slider with the mouse from where it is to fractions of its length, one after the other; at each `onTheWay`. */
export async function drag(
  page: Page,
  path: string,
  fractions: readonly number[],
  onTheWay: () => Promise<void> = async () => {},
): Promise<void> {
  const its = slider(page, path);
  await its.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await its.boundingBox())!;
  const at = await its.evaluate((input: HTMLInputElement) => Number(input.value) / Number(input.max));
  const to = (fraction: number) => x + 8 + fraction * (width - 16);
  await page.mouse.move(to(at), y + height / 2);
  await page.mouse.down();
  for (const fraction of fractions) {
    await page.mouse.move(to(fraction), y + height / 2, { steps: 3 });
    await onTheWay();
  }
  await page.mouse.up();
}

/** What is the case before long; how long a busy machine takes is no matter. */
export const soon = <T>(value: () => T | Promise<T>) => expect.poll(value, { timeout: 300_000 });
