/** A file that a document prints, under its name in bold. */
export interface PrintedFile {
  readonly kind: "file";
  readonly name: string;
  readonly text: string;
}

/** A command that a document prints after "$ ", with the lines that it is said to print. */
export interface PrintedCommand {
  readonly kind: "command";
  readonly command: string;
  readonly output: string;
}

/**
 * The files and commands of a document, in its order. Blocks of kind sh are for the reader only, those of kind text
 * without a name are pictures.
 *
 * @throws Error where any other block has no name, for then nobody knows what to do with it
 */
export function stepsOf(markdown: string): (PrintedFile | PrintedCommand)[] {
  const blocks = withoutComments(markdown).matchAll(
    /(?:^\*\*`([^`\n]+)`\*\*\n\n)?^```(\w*)\n([\s\S]*?)^```$/gm,
  );
  return [...blocks].flatMap(([, name, kind, text]): (PrintedFile | PrintedCommand)[] => {
    if (kind === "console") return commandsOf(text!);
    if (kind === "sh" || (kind === "text" && name === undefined)) return [];
    if (name === undefined) throw new Error(`a block of ${kind || "no kind"} has no file's name:\n${text}`);
    return [{ kind: "file", name, text: text! }];
  });
}

/** A document as it is read. */
export const withoutComments = (markdown: string): string => markdown.replaceAll(/<!--[\s\S]*?-->/g, "");

function commandsOf(text: string): PrintedCommand[] {
  return text.split(/^\$ /m).flatMap((part): PrintedCommand[] => {
    const [command, ...output] = part.split("\n");
    return command ? [{ kind: "command", command, output: output.join("\n") }] : [];
  });
}

/** Whether a program printed what a document says; "…" there stands for any text, alone on a line for any lines. */
export function isAsPrinted(output: string, printed: string): boolean {
  const pattern = linesOf(printed)
    .map((line) => (line.trim() === "…" ? "(?:.*\n)*" : `${line.split("…").map(literal).join(".*")}\n`))
    .join("");
  return new RegExp(`^${pattern}$`).test(`${linesOf(output).join("\n")}\n`);
}

const linesOf = (text: string): string[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
