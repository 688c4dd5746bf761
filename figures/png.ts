import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { type Look, themes } from "./theme.ts";

const fonts = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"].map((file) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${file}`)),
);

/**
 * A figure as PNG upon its theme's background, in Inter, which comes along: the same pixels wherever there is this
 * version of resvg.
 *
 * @param scale pixels per px of the SVG: 300 dots an inch are 3.125
 */
export function png(svg: string, theme: Look["theme"], scale = 3.125): Uint8Array {
  const picture = new Resvg(svg, {
    background: themes[theme].background,
    fitTo: { mode: "zoom", value: scale },
    font: { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: "Inter" },
  });
  return picture.render().asPng();
}
