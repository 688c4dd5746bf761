// @module-tag slow
import { HtmlValidate } from "html-validate";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import type { Contents, Drawing } from "../../../cli/report/contents.ts";
import { darkRules, sistersOf } from "../../../cli/report/dark.ts";
import { pageOf } from "../../../cli/report/page.ts";
import { pageWithin } from "../../../cli/report/page-within.ts";
import { sections } from "../../../cli/report/sections.ts";
import { results } from "../../figures/artifacts.ts";
import { contentsOf, factsOf, hash, made } from "./contents.ts";

const documentOf = (page: string) => parseHTML(page).document;
const all = () => true;

describe("the page of a report", () => {
  let contents: Contents;
  let page: string;
  beforeAll(async () => {
    contents = await contentsOf(made);
    page = await pageOf(contents, "", all);
  });

  it("has the story's sections in their order, and a way to each", () => {
    const document = documentOf(page);
    const ids = [...document.querySelectorAll("main section")].map(({ id }) => id);
    const told = sections.filter(({ stages }) =>
      stages.some((kind) => [...made.keys()].some((name) => name === kind || name.startsWith(`${kind}/`))),
    );
    expect(ids).toEqual([...told.map(({ id }) => id), "provenance"]);
    const links = [...document.querySelectorAll("nav a")].map((link) => link.getAttribute("href"));
    expect(links).toEqual(ids.map((id) => `#${id}`));
  });

  it("has every figure, numbered, with its caption", () => {
    const figures = [...documentOf(page).querySelectorAll("figure")];
    expect(figures).toHaveLength(contents.drawings.length);
    figures.forEach((figure, k) => {
      expect(figure.querySelector("svg")?.getAttribute("role")).toBe("img");
      expect(figure.querySelector("figcaption")?.textContent).toMatch(new RegExp(`^Figure ${k + 1}\\. `));
    });
  });

  it("is valid HTML", async () => {
    const validator = new HtmlValidate({ root: true, extends: ["html-validate:standard"] });
    const { results: found } = await validator.validateString(page);
    expect(
      found.flatMap(({ messages }) => messages.map(({ message, line }) => `${line}: ${message}`)),
    ).toEqual([]);
  });

  it("loads nothing, and lets browsers load nothing", () => {
    const document = documentOf(page);
    expect([...document.querySelectorAll("script, link, img, iframe, object, embed, image, use")]).toEqual(
      [],
    );
    expect([...document.querySelectorAll("[src], [srcset], [data], [background], [onclick]")]).toEqual([]);
    expect([...page.matchAll(/url\(([^)]*)/g)].filter(([, to]) => !to!.startsWith("data:"))).toEqual([]);
    expect(page).not.toContain("@import");
    const policy = document.querySelector("meta[http-equiv=Content-Security-Policy]")!;
    expect(policy.getAttribute("content")).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'; font-src data:$/,
    );
  });

  it("marks parameters that are no defaults", () => {
    const marked = [...documentOf(page).querySelectorAll(".changed")].map(({ textContent }) => textContent);
    expect(marked).toEqual(["ring.v_c 50 mm/s (default 300 mm/s)"]);
  });

  it("tells of every stage its key, content and run", () => {
    const text = documentOf(page).querySelector("#provenance")!.textContent!;
    for (const name of made.keys()) expect(text).toContain(name);
    expect(text).toContain("20250131-120512.847-3fa9c1");
    expect(text).toContain("2025-01-31 12:05:00");
    expect(text.split(hash)).toHaveLength(2 * made.size + 2);
    expect(text).toContain("mesoflow report --set ring.v_c=50");
  });

  it("is the same whenever it is made", async () => {
    expect(await pageOf(await contentsOf(results()), "", all)).toBe(page);
  });

  it("says in its place what is missing, and why", async () => {
    const some = new Map([...made].filter(([name]) => name !== "scan"));
    const facts = [...made.keys()].map((name) =>
      name === "scan" ? { name, missing: "failed: no <memory>" } : factsOf(name),
    );
    const document = documentOf(await pageOf(await contentsOf(some, facts), "", all));
    const told = (id: string) =>
      [...document.querySelectorAll(`#${id} .missing`)].map(({ textContent }) => textContent);
    expect(told("scan")).toEqual([
      "scan failed: no <memory>",
      "The figure “What the recordings tell of the parameters” is missing, as scan is.",
      "The figure “Residuals over the parameters: one” is missing, as scan is.",
    ]);
    expect(told("inference")).toEqual([expect.stringMatching(/^The figure .* is missing, as scan is\.$/)]);
    expect(document.querySelector("header")!.textContent).toContain(
      "1 has no result, as is told in its place",
    );
  });

  it("leaves to the folder what would make it too long, and says so", async () => {
    const whole = await pageWithin(Number.POSITIVE_INFINITY, contents);
    const size = Buffer.byteLength(whole);
    const shorter = await pageWithin(size - 1000, contents);
    expect(Buffer.byteLength(shorter)).toBeLessThan(size - 1000);
    const document = documentOf(shorter);
    expect(document.querySelector("#figure-recording_one")).toBeNull();
    expect(document.querySelector("#figure-ring-variants")).not.toBeNull();
    expect(document.querySelector("#recordings")!.textContent).toContain("Left to the folder");
    expect(whole).toContain('id="figure-recording_one"');
    expect(whole).not.toContain("Left to the folder");
  });

  it("takes names for what they are, whatever they hold", async () => {
    const name = '<img src=x onerror="alert(1)">&';
    const renamed = new Map(
      [...made].map(([stage, one]) => [stage.replace(/\/one$/, `/${name}`), one] as const),
    );
    const document = documentOf(await pageOf(await contentsOf(renamed), "", all));
    expect(document.querySelector("img")).toBeNull();
    expect([...document.querySelectorAll("[onerror]")]).toEqual([]);
    expect(document.querySelector("#recordings figcaption")!.textContent).toContain(name);
    expect(document.querySelector("#provenance")!.textContent).toContain(`recording/${name}`);
  });
});

describe("figures in the dark", () => {
  let drawings: readonly Drawing[];
  beforeAll(async () => {
    ({ drawings } = await contentsOf(made));
  });

  it("are the light ones in other colours; those of the transfer functions alone are drawn twice", () => {
    const twice = drawings.filter(({ light, dark }) => !sistersOf(light, dark)).map(({ name }) => name);
    expect(twice).toEqual(["transfer-function"]);
  });

  it("have the colours that they have when drawn so, by the rules of the page", () => {
    const once = drawings.flatMap(({ name, light, dark }) => {
      const sisters = sistersOf(light, dark);
      return sisters ? [{ name, light, dark, sisters }] : [];
    });
    const rules = darkRules(new Map(once.map(({ name, sisters }) => [name, sisters])));
    const parsed = [...rules.matchAll(/^(\S+) \[(\w+)="(#\w+)"\]\{\2:(#\w+)\}$/gm)].map(
      ([, within, property, from, to]) => ({ within: within!, property: property!, from: from!, to: to! }),
    );
    expect(parsed).toHaveLength(rules.split("\n").length);
    for (const { name, light, dark } of once) {
      const painted = light.replace(/ (fill|stroke|color)="(#[0-9a-f]{6})"/g, (whole, property, from) => {
        const fitting = parsed.filter((rule) => rule.property === property && rule.from === from);
        const own = fitting.find(({ within }) => within === `#figure-${name.replaceAll("/", "_")}`);
        const to = (own ?? fitting.find(({ within }) => within === "figure"))?.to;
        return to === undefined ? whole : ` ${property}="${to}"`;
      });
      expect(painted === dark).toBe(true);
    }
  });
});

it("parameters are called in tables and sentences as in figures", async () => {
  const document = documentOf(await pageOf(await contentsOf(made), "", all));
  const text = document.querySelector("main")!.textContent!;
  const within = (selector: string) =>
    [...document.querySelectorAll(selector)].map(({ innerHTML }) => innerHTML);
  expect(within("#refinement th").join()).toContain("<i>τ</i><sub>2</sub> (ms)");
  expect(within("#refinement li").join()).toContain("<i>τ</i><sub>1</sub> with the stimulus");
  expect(within("#ring figcaption").join()).toContain("<i>τ</i><sub>1</sub> 50");
  // Paths and arrays are called as they are given.
  expect(text.match(/(?<![\w.])tau[12](?!\w)/g)).toBeNull();
  expect(text).toContain("ring.tau1");
});

it("numbers that are read have true minus signs, and what programs read has hyphens", async () => {
  const document = documentOf(await pageOf(await contentsOf(made), "", all));
  const texts = [...document.querySelectorAll("main :is(p, li, td, figcaption)")].map(
    ({ textContent }) => textContent!,
  );
  // Moments and ids of runs have hyphens between digits, commands behind other signs.
  expect(texts.filter((text) => /(?<![\w=-])-\.?\d|\de-\d/.test(text))).toEqual([]);
  expect(texts.filter((text) => text.startsWith("residual.t_range")).join()).toBe(
    "residual.t_range [−50, 200] ms",
  );
});

it("a symbol stands with its subscript, and a path of the configuration as it is", async () => {
  const { withSymbols } = await import("../../../cli/report/markup.ts");
  expect(String(await withSymbols("ν_e < l_exc of ring.v_c, c_eel and mu_e"))).toBe(
    "<i>ν</i><sub>e</sub> &lt; <i>l</i><sub>exc</sub> of ring.v_c, c_eel and mu_e",
  );
  expect(String(await withSymbols("tau1, τ₂, scan.tau1 and tau1_duration"))).toBe(
    "<i>τ</i><sub>1</sub>, <i>τ</i><sub>2</sub>, scan.tau1 and tau1_duration",
  );
});
