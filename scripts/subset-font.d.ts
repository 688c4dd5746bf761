/** The little of subset-font that the build uses; it brings no types of its own. */
declare module "subset-font" {
  export default function subset(
    font: Uint8Array,
    text: string,
    options: { readonly targetFormat: "woff2" },
  ): Promise<Uint8Array>;
}
