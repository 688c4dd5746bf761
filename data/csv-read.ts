import { BadInput } from "../pipeline/errors.ts";

/** A row of a table as it is written, and its number as spreadsheets count, from 1. */
export interface CsvRow {
  readonly number: number;
  readonly cells: readonly string[];
}

/**
 * The rows of a CSV file one by one, blank ones left out; cells are trimmed. Commas, semicolons or tabs separate
 * them, whichever the first row shows: tabs before semicolons before commas. Lines end in any way, cells may be in
 * quotes (RFC 4180), and a byte order mark is passed over.
 *
 * @param file its name, for error messages
 * @throws BadInput where it is no UTF-8 text, or a quote is out of place
 */
export function* csvRows(bytes: Uint8Array, file: string): Generator<CsvRow, undefined> {
  const text = textOf(bytes, file);
  const separator = separatorOf(text);
  // Quoted, or up to the next separator or end of line; then what ends it.
  const cell = new RegExp(
    `(?: *"([^"]*(?:""[^"]*)*)" *|([^${separator}\r\n]*))(${separator}|\r\n|\n|\r|$)`,
    "y",
  );
  let number = 1;
  let cells: string[] = [];
  while (cell.lastIndex < text.length || cells.length > 0) {
    const place = `row ${number}, column ${cells.length + 1} of ${file}`;
    const found = cell.exec(text);
    if (!found || found[2]?.trimStart().startsWith('"')) {
      throw new BadInput(`${place} has a quote that is not closed before the cell ends; correct it`);
    }
    const [whole, quoted, plain, end] = found;
    cells.push((quoted?.replaceAll('""', '"') ?? plain!).trim());
    if (end === separator) continue;
    if (cells.some((content) => content !== "")) yield { number, cells };
    cells = [];
    number += 1;
    if (whole === "") return; // nothing is left to be read
  }
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new BadInput(`${file} is no text in UTF-8; save it as "CSV UTF-8"`);
  }
}

function separatorOf(text: string): "\t" | ";" | "," {
  const [first = ""] = /^(?:"[^"]*"|[^"\r\n]+)*/.exec(text.trimStart()) ?? [];
  const plain = first.replaceAll(/"[^"]*"/g, "");
  return plain.includes("\t") ? "\t" : plain.includes(";") ? ";" : ",";
}

/**
 * The number in a cell; NaN where it is blank, NaN or NA.
 *
 * @param place of the cell, for error messages
 * @throws BadInput for anything else, as numbers with decimal commas
 */
export function numberIn(cell: string, place: string): number {
  if (/^(nan|na|)$/i.test(cell)) return Number.NaN;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell)) {
    const value = Number(cell);
    if (Number.isFinite(value)) return value;
  }
  if (/^[+-]?(inf|infinity)$/i.test(cell) || looksNumeric(cell) === "plain") {
    throw new BadInput(`${place} is infinite (${cell}); leave the cell blank where nothing was measured`);
  }
  throw new BadInput(
    looksNumeric(cell)
      ? `${place} is "${cell}"; write numbers with a decimal point and nothing between thousands, like -1234.5`
      : `${place} is "${cell}", which is no number; leave the cell blank where nothing was measured`,
  );
}

/** Whether a cell is a number here, or one in the way of another country or typesetter. */
export function looksNumeric(cell: string): "plain" | "foreign" | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell)) return "plain";
  return /^[+\-−]?\d[\d.,'’ \u00a0\u202f]*(e[+\-−]?\d+)?$/i.test(cell) ? "foreign" : undefined;
}
