/** Results go to stdout; everything else a user is told goes to stderr. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

export const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** One JSON object a line, for programs. NaN and infinities become null. */
export const jsonLine = (object: object): string => JSON.stringify(object);

export const printJson = (object: object): void => print(jsonLine(object));

/**
 * Writes a line and resolves once the stream takes more: at once, or when its reader has read. A pipe that is full
 * keeps nobody's thread, only who awaits this. A stream that fails tells it by its `error` event, not here.
 */
export const writeLine = (stream: NodeJS.WritableStream, line: string): Promise<void> =>
  new Promise((resolve) => {
    if (stream.write(`${line}\n`, () => resolve())) resolve();
  });
