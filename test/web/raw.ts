import { request } from "node:http";
import { connect } from "node:net";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request with just these headers: `fetch` refuses some and adds others. */
export function raw(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
      let text = "";
      const done = () => resolve({ status: answer.statusCode!, headers: answer.headers, text });
      // Of a stream of events the beginning is enough.
      if (answer.headers["content-type"]?.startsWith("text/event-stream")) {
        done();
        answer.destroy();
        return;
      }
      answer.setEncoding("utf8").on("data", (piece) => {
        text += piece;
      });
      answer.on("end", done);
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Everything that a server answers to these bytes, until it closes the connection. */
export function bytesAnswered(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setEncoding("utf8").on("data", (piece) => {
      text += piece;
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
}
