import { BadInput } from "../pipeline/errors.ts";
import { type CsvRow, csvRows, looksNumeric, numberIn } from "./csv-read.ts";
import { NoRecording, type OpenRecording, type Recording } from "./recording.ts";
import { axisOf, checkSignal, filledOf } from "./recording-checks.ts";

/** The columns of a tidy table, by where they are. */
type Columns = { readonly [name in "space" | "time" | "vsd"]: number } & { readonly missing?: number };

const units = { space: ["mm"], time: ["ms"], vsd: ["‰", "permille", "per mille"] };

/**
 * A recording in a CSV file, in one of two layouts. Either a tidy table with the columns space (mm), time (ms) and vsd
 * (‰) in any order, a row for every place and time, as `mesoflow export recording/<name> --format csv` writes it: of
 * `missing`, one cell may say how many zeros were not measured; other columns may be anything. Or a matrix of vsd in ‰
 * with times (ms) in the first row, places (mm) in the first column, and text or nothing in the first cell. A blank
 * vsd was not measured.
 *
 * @param file its name, for error messages
 * @throws BadInput; NoRecording where the first row is of neither
 */
export function openCsvRecording(bytes: Uint8Array, file: string): OpenRecording {
  const rows = csvRows(bytes, file);
  const head = rows.next().value;
  if (!head) throw new BadInput(`${file} is empty; copy it anew or save it again`);
  const columns = columnsOf(head, file);
  if (!columns) refuseOtherThanMatrix(head, file);
  return {
    format: columns ? "CSV, a row for each place and time" : "CSV, a matrix",
    contents: () =>
      columns
        ? head.cells.map((name) => ({ name, what: "column" }))
        : [{ name: "vsd", what: `matrix with ${head.cells.length - 1} times in row ${head.number}` }],
    read: () => {
      const body = csvRows(bytes, file);
      body.next();
      const regular = sameLength(head, body, file);
      return columns ? tidy(columns, regular, file) : matrix(head, regular, file);
    },
  };
}

const placeOf = (row: number, column: number, file: string): string =>
  `row ${row}, column ${column + 1} of ${file}`;

/** Where a tidy table has what; undefined where the first row names no vsd. */
function columnsOf({ number, cells }: CsvRow, file: string): Columns | undefined {
  const names = cells.map((cell, column) => {
    const [, name = "", unit] = /^(\w+)\s*(?:[([]\s*(.*?)\s*[)\]])?$/.exec(cell) ?? [];
    const known = name.toLowerCase();
    if (known !== "space" && known !== "time" && known !== "vsd") return known;
    if (unit !== undefined && !units[known].includes(unit)) {
      // The corner of a matrix may say what it likes.
      const isTidy = cells.some((other) => /^vsd\b/i.test(other));
      if (!isTidy) return "";
      const place = placeOf(number, column, file);
      throw new BadInput(`${place} says that ${known} is in ${unit}; give it in ${units[known][0]}`);
    }
    return known;
  });
  if (!names.includes("vsd") || names.length < 3) return undefined;
  const at = (name: string) => {
    const first = names.indexOf(name);
    const second = names.indexOf(name, first + 1);
    if (first >= 0 && second >= 0) {
      const places = `columns ${first + 1} and ${second + 1} of row ${number}`;
      throw new BadInput(`${places} of ${file} are both called ${name}; rename one`);
    }
    return first;
  };
  const [space, time, vsd, missing] = ["space", "time", "vsd", "missing"].map(at) as [
    number,
    number,
    number,
    number,
  ];
  const absent = space < 0 ? "space" : time < 0 ? "time" : undefined;
  if (absent !== undefined) {
    throw new BadInput(`row ${number} of ${file} names a column vsd but none ${absent}; add it`);
  }
  return { space, time, vsd, ...(missing >= 0 && { missing }) };
}

function refuseOtherThanMatrix({ number, cells }: CsvRow, file: string): void {
  const asRow = "a recording begins with the names space, time and vsd, or with times in ms from column 2 on";
  const place = (column: number) => placeOf(number, column, file);
  const odd = cells.findIndex((cell, column) => column > 0 && !looksNumeric(cell));
  if (cells.length < 3 || odd > 0) {
    const column = Math.max(odd, 0);
    const shown = cells[column] === "" ? "blank" : JSON.stringify(cells[column]!.slice(0, 40));
    throw new NoRecording(`${place(column)} is ${shown}; ${asRow}`);
  }
  if (looksNumeric(cells[0]!)) {
    throw new NoRecording(
      `${place(0)} is the number ${cells[0]}; leave that cell empty, with times in ms beside it and places in mm below`,
    );
  }
  if (/^time\b/i.test(cells[0]!)) {
    throw new BadInput(
      `${place(0)} says that time goes down column 1; transpose the table, so that times are in row ${number}`,
    );
  }
}

/** The rows, as long as all are as long as the first. */
function* sameLength(head: CsvRow, rows: Iterable<CsvRow>, file: string): Generator<CsvRow, undefined> {
  const width = head.cells.length;
  for (const row of rows) {
    const { number, cells } = row;
    if (cells.length < width) {
      throw new BadInput(
        `row ${number} of ${file} ends with column ${cells.length}, but row ${head.number} has ${width} columns; ` +
          "give every row a cell for each",
      );
    }
    if (cells.length > width) {
      throw new BadInput(
        `row ${number} of ${file} has a cell in column ${width + 1}, but row ${head.number} only ${width} columns; ` +
          "give every row a cell for each, and numbers decimal points rather than commas",
      );
    }
    yield row;
  }
}

function matrix(head: CsvRow, rows: Iterable<CsvRow>, file: string): Recording {
  const numbers = ({ number, cells }: CsvRow, from: number) =>
    cells.slice(from).map((cell, index) => numberIn(cell, placeOf(number, from + index, file)));
  const times = Float64Array.from(numbers(head, 1));
  const time = axisOf({ data: times, shape: [times.length] }, "time", file, (index) => {
    return `row ${head.number}, column ${index + 2}`;
  });
  const body = [...rows];
  const table = body.map((row) => numbers(row, 0));
  const places = Float64Array.from(table, ([place]) => place!);
  const space = axisOf({ data: places, shape: [places.length] }, "space", file, (index) => {
    return `row ${body[index]!.number}, column 1`;
  });
  const vsd = Float64Array.from(table.flatMap(([, ...signal]) => signal));
  return whole({ vsd, time, space, filled: 0 }, file);
}

function tidy(columns: Columns, rows: Iterable<CsvRow>, file: string): Recording {
  const samples: { readonly row: number; readonly i: number; readonly j: number; readonly vsd: number }[] =
    [];
  const [spaces, times] = [new Distinct(), new Distinct()];
  let missing: number | undefined;
  for (const { number: row, cells } of rows) {
    const at = (column: number) => numberIn(cells[column]!, placeOf(row, column, file));
    if (columns.missing !== undefined && cells[columns.missing] !== "") missing = at(columns.missing);
    const [x, t, vsd] = [at(columns.space), at(columns.time), at(columns.vsd)];
    // What other columns say in a row of their own is none of the signal's.
    if ([columns.space, columns.time, columns.vsd].every((column) => cells[column] === "")) continue;
    for (const [name, value] of Object.entries({ space: x, time: t })) {
      if (!Number.isNaN(value)) continue;
      const place = placeOf(row, columns[name as "space" | "time"], file);
      throw new BadInput(`${place} is blank; every vsd needs its ${name}`);
    }
    samples.push({ row, i: spaces.indexOf(x), j: times.indexOf(t), vsd });
  }
  const [space, spaceRanks] = spaces.sorted();
  const [time, timeRanks] = times.sorted();
  const vsd = new Float64Array(space.length * time.length);
  const from = new Int32Array(vsd.length); // the row that told a sample; none is row 0
  for (const { row, i, j, vsd: value } of samples) {
    const index = spaceRanks[i]! * time.length + timeRanks[j]!;
    if (from[index] !== 0) {
      throw new BadInput(
        `row ${row} of ${file} tells vsd at ${times.values[j]} ms and ${spaces.values[i]} mm again, after row ` +
          `${from[index]}; keep one of them`,
      );
    }
    from[index] = row;
    vsd[index] = value;
  }
  const absent = from.indexOf(0);
  if (absent >= 0) {
    const [i, j] = [Math.floor(absent / time.length), absent % time.length];
    throw new BadInput(
      `${file} has no row for ${time[j]} ms and ${space[i]} mm; give every place at every time a row, with a blank ` +
        "vsd where nothing was measured",
    );
  }
  for (const [name, data] of [["space", space] as const, ["time", time] as const]) {
    axisOf({ data, shape: [data.length] }, name, file);
  }
  return whole({ vsd, time, space, filled: filledOf(missing, vsd, file) }, file);
}

/** Different numbers, in the order in which they came. */
class Distinct {
  readonly values: number[] = [];
  readonly #indices = new Map<number, number>();

  indexOf(value: number): number {
    const known = this.#indices.get(value);
    if (known !== undefined) return known;
    this.#indices.set(value, this.values.length);
    return this.values.push(value) - 1;
  }

  /** The values rising, and the place of each among them. */
  sorted(): [values: Float64Array, ranks: Int32Array] {
    const order = [...this.values.keys()].sort((a, b) => this.values[a]! - this.values[b]!);
    const ranks = new Int32Array(order.length);
    order.forEach((index, rank) => {
      ranks[index] = rank;
    });
    return [Float64Array.from(order, (index) => this.values[index]!), ranks];
  }
}

function whole(recording: Recording, file: string): Recording {
  const { vsd, time, space } = recording;
  // Rows that are too long or infinite have been refused where they are.
  const place = () => "vsd";
  checkSignal({ name: "vsd", data: vsd, shape: [space.length, time.length], place }, recording, file);
  return recording;
}
