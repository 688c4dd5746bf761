import { parseHTML } from "linkedom";
import type { Figure, Results } from "../../figures/index.ts";
import type { Drawing } from "./contents.ts";

/** A drawing with the pictures of it that go beside the page. */
export interface Drawn extends Drawing {
  readonly png: Promise<Uint8Array>;
}

/**
 * Draws every figure that these stages allow, light and dark, at the width of a journal's column. PNGs are painted on
 * threads meanwhile. Loads the figures' room, which takes longer than most commands do.
 *
 * @param stages all that there are to be, made or not
 * @param onDrawn asked between figures; throws to end it
 */
export async function drawingsOf(
  stages: readonly string[],
  results: Results,
  onDrawn: () => Promise<void>,
): Promise<Drawn[]> {
  const [{ figuresOf, column }, { pngAside }] = await Promise.all([
    import("../../figures/index.ts"),
    import("../../figures/png.ts"),
  ]);
  const { document } = parseHTML("<!doctype html><html></html>");
  const drawn: Drawn[] = [];
  for (const figure of figuresOf(stages)) {
    const missing = figure.needs.filter((stage) => !results.has(stage));
    const svg = (theme: "light" | "dark") =>
      missing.length > 0 ? "" : figure.draw(results, { document, theme, width: column });
    const [light, dark] = [svg("light"), svg("dark")];
    const png = light === "" ? Promise.resolve(new Uint8Array()) : pngAside(light, "light");
    png.catch(() => {}); // told of where it is awaited
    drawn.push({ ...factsOf(figure, results), missing, light, dark, png });
    await onDrawn();
  }
  return drawn;
}

const factsOf = (figure: Figure, results: Results) => ({
  name: figure.name,
  title: figure.title,
  stage: figure.stage,
  stages: [...figure.needs, ...figure.wants].filter((stage) => results.has(stage)),
  caption: figure.caption(results),
});
