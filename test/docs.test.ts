import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { titled } from "./golden.ts";
import { Project, root } from "./project.ts";
import { isAsPrinted, stepsOf, withoutComments } from "./walkthrough.ts";

const built = existsSync(join(root, "dist/pipeline/index.js"));
const read = (document: string) => readFileSync(join(root, document), "utf8");

describe.skipIf(!built)(
  titled("docs/framework.md, followed from top to bottom", built, "a build"),
  { tags: ["process"] },
  () => {
    const project = new Project(["zod", "rxjs", "typescript", "@types/node"]);
    afterAll(() => project.remove());
    const steps = stepsOf(read("docs/framework.md"));

    // Each step builds on those before it.
    for (const step of steps) {
      if (step.kind === "file") {
        test(`file ${step.name}`, () => project.write(step.name, step.text));
        continue;
      }
      test(`$ ${step.command}`, () => {
        const parts = step.command.split(" && ");
        const output = parts
          .map((part) => (part === "npx tsc" ? project.compile() : project.run(part)))
          .join("");
        // Compared as text only where it differs, so that the report shows where.
        if (!isAsPrinted(output, step.output)) expect(output).toBe(step.output);
      });
    }

    it("prints no program that nobody runs", () => {
      const texts = steps.map((step) => (step.kind === "file" ? step.text : step.command)).join("\n");
      const programs = steps.flatMap((step) =>
        step.kind === "file" && step.name.endsWith(".ts") ? step.name : [],
      );
      const isUsed = (name: string) =>
        texts.includes(`"./${name}"`) || texts.includes(name.replace(/ts$/, "js"));
      expect(programs.filter((name) => !isUsed(name))).toEqual([]);
    });
  },
);

describe("what is printed is compared", () => {
  test.each([
    ["a\nb\n", "a\nb\n", true],
    ["a 0.1 s\n", "a … s\n", true],
    ["a\nb\nc\n", "a\n…\nc\n", true],
    ["a\nb\n", "a\n", false],
    ["a\n", "a\nb\n", false],
    ["", "a\n", false],
    ["aXc\n", "a.c\n", false],
  ])("%j against %j: %j", (output, printed, same) => {
    expect(isAsPrinted(output, printed)).toBe(same);
  });

  test("a block that nobody would run is refused", () => {
    expect(() => stepsOf("```ts\nnever();\n```\n")).toThrow("has no file's name");
  });
});

const documents = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
];

describe.each(documents.filter((name) => name.endsWith(".md")))("%s", (document) => {
  it("links to what is there", () => {
    const text = withoutComments(read(document));
    const links = [/\]\(([^)\s]+)\)/g, /^\[[^\]]+\]: (\S+)$/gm].flatMap((form) =>
      [...text.matchAll(form)].map(([, link]) => link!),
    );
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path, heading] = link.split("#");
      const file = path ? join(dirname(document), path) : document;
      if (!existsSync(join(root, file))) return true;
      return heading !== undefined && !headingsOf(read(file)).includes(heading);
    });
    expect(broken).toEqual([]);
  });

  // docs/extending.md makes files, which its own test does.
  it.skipIf(document === "docs/extending.md")("names files of the repository that are there", () => {
    const rooms = "pipeline|cache|kernels|stages|data|figures|web|cli|scripts|bench|test|docs";
    const path = new RegExp(`(?<![\\w./@-])(?:${rooms})/[\\w./-]*\\.(?:ts|md|json|py|c|sbatch)\\b`, "g");
    const named = [...read(document).matchAll(path)].map(([name]) => name);
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});

describe("docs/model.md", () => {
  // GitHub takes underscores between bare dollars for emphasis; between `$\`` and `\`$` it leaves them alone.
  it("has formulas that GitHub draws", () => {
    const blocks = [...read("docs/model.md").matchAll(/^```math\n([\s\S]*?)^```$/gm)].map(
      ([, text]) => text!,
    );
    const rest = read("docs/model.md").replaceAll(/^```[\s\S]*?^```$/gm, "");
    const inline = [...rest.matchAll(/\$`([^`]*)`\$/g)].map(([, text]) => text!);
    expect(rest.replaceAll(/\$`[^`]*`\$/g, "")).not.toContain("$");
    expect(inline.filter((text) => text.includes("|"))).toEqual([]); // would end a table's cell
    expect([...blocks, ...inline].filter((text) => depthOf(text) !== 0)).toEqual([]);
  });
});

/** Braces that stay open. */
const depthOf = (tex: string): number => {
  const braces = tex.replaceAll(/\\[{}]/g, "");
  return braces.split("{").length - braces.split("}").length;
};

describe("comments that name a document", () => {
  const sources = ["stages", "kernels", "figures", "pipeline", "cache", "cli", "web", "data"].flatMap(
    (room) =>
      readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(room, name)),
  );

  it("name one that is there, and its sections", () => {
    const wrong = sources.flatMap((source) => {
      // A comment goes on in the next line.
      const text = read(source).replaceAll(/\n\s*(?:\*|\/\/) /g, " ");
      return [...text.matchAll(/docs\/[\w-]+\.md((?:,| and)? "[^"]+")*/g)].flatMap(([reference]) => {
        const document = reference.match(/^[^,\s]+/)![0];
        if (!existsSync(join(root, document))) return [`${source}: ${reference}`];
        const sections = [...reference.matchAll(/"([^"]+)"/g)].map(([, title]) => anchorOf(title!));
        const missing = sections.filter((section) => !headingsOf(read(document)).includes(section));
        return missing.map((section) => `${source}: ${document}#${section}`);
      });
    });
    expect(wrong).toEqual([]);
  });
});

/** The anchors that GitHub gives to a document's headings. */
const headingsOf = (markdown: string): string[] =>
  [...markdown.replaceAll(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    anchorOf(title!),
  );

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
