import { themes } from "../../figures/theme.ts";
import { themeNow } from "./theme.ts";

/** Pixels per px of the drawing: 300 dots an inch. */
const scale = 3.125;

/** Gives the user a file. */
function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const fileOf = (name: string, ending: string): string => `${name.replaceAll("/", "-")}.${ending}`;

export const saveSvg = (name: string, svg: string): void =>
  save(fileOf(name, "svg"), new Blob([svg], { type: "image/svg+xml" }));

/** The figure upon its theme's background, in Inter where the browser draws it so. */
export async function savePng(name: string, svg: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await withFont(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * scale, image.height * scale];
  const context = canvas.getContext("2d")!;
  context.fillStyle = themes[themeNow()].background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob) save(fileOf(name, "png"), blob);
}

/** A picture in a picture loads no fonts: they come along. */
async function withFont(svg: string): Promise<string> {
  const faces = await Promise.all(
    ([400, 600] as const).map(async (weight) => {
      const bytes = new Uint8Array(await (await fetch(`/inter-${weight}.woff2`)).arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCharCode(byte);
      const source = `url(data:font/woff2;base64,${btoa(text)})`;
      return `@font-face{font-family:Inter;font-weight:${weight};src:${source}}`;
    }),
  );
  return svg.replace(/>/, `><style>${faces.join("")}</style>`);
}
