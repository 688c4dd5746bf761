import { fileURLToPath } from "node:url";
import { Resvg, type ResvgRenderOptions, renderAsync } from "@resvg/resvg-js";
import { type Look, themes } from "./theme.ts";

const fonts = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"].map((file) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${file}`)),
);

/** 300 dots an inch, as pixels per px of an SVG. */
const print = 3.125;

/**
 * A figure as PNG on its theme's background, in the bundled Inter: the same pixels everywhere with this version of
 * resvg.
 *
 * @param scale pixels per px of the SVG
 */
export const png = (svg: string, theme: Look["theme"], scale = print): Uint8Array =>
  new Resvg(svg, optionsFor(theme, scale)).render().asPng();

/** The same on another thread. */
export async function pngAside(svg: string, theme: Look["theme"], scale = print): Promise<Uint8Array> {
  const picture = await renderAsync(svg, optionsFor(theme, scale));
  return picture.asPng();
}

const optionsFor = (theme: Look["theme"], scale: number): ResvgRenderOptions => ({
  background: themes[theme].background,
  fitTo: { mode: "zoom", value: scale },
  font: { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: "Inter" },
});
