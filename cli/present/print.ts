/** Results go to stdout; everything else a user is told goes to stderr. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

export const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** One JSON object a line, for programs. NaN and infinities become null. */
export const printJson = (object: object): void => print(JSON.stringify(object));
