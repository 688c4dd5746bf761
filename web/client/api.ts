import type { Artifact, Json } from "../../pipeline/artifact/artifact.ts";
import { unpack } from "../artifact-bytes.ts";
import type { GraphInfo, Message, PipelineInfo, Setting, Side, WhyInfo } from "../protocol.ts";

/** The server says no; `status` as HTTP has it. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

export const isRefusal = (reason: unknown): reason is Refusal =>
  typeof reason === "object" && reason !== null && "status" in reason;

/** A stage's name as the rest of a path, with its slashes. */
const inPath = (stage: string): string => stage.split("/").map(encodeURIComponent).join("/");

/** @throws Refusal, or TypeError where there is no answer */
async function asked(path: string, options: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { credentials: "same-origin", ...options });
  if (response.ok) return response;
  const told = (await response.json().catch(() => ({}))) as { error?: string };
  throw { status: response.status, message: told.error ?? response.statusText } satisfies Refusal;
}

const json = async <T>(path: string): Promise<T> => (await asked(path)).json() as Promise<T>;

export const pipelineInfo = () => json<PipelineInfo>("/api/pipeline");
export const graphInfo = (side: Side) => json<GraphInfo>(`/api/graph/${side}`);
export const whyInfo = (side: Side, stage: string) => json<WhyInfo>(`/api/why/${side}/${inPath(stage)}`);
export const paramsOf = (key: string) => json<Json>(`/api/params/${key}`);

export const artifactOf = async (content: string): Promise<Artifact> =>
  unpack(await (await asked(`/api/artifacts/${content}`)).arrayBuffer());

/** Of a grid that runs, as far as it is there; undefined where nothing is. */
export async function partsOf(side: Side, stage: string): Promise<Artifact | undefined> {
  const answer = await asked(`/api/parts/${side}/${inPath(stage)}`, { cache: "no-store" });
  return answer.status === 204 ? undefined : unpack(await answer.arrayBuffer());
}

export const exportPath = (side: Side, stage: string, format: string): string =>
  `/api/export/${side}/${inPath(stage)}?format=${format}`;

/** The revision that a setting made, or in sentences what is wrong with it. */
export async function putSetting(
  side: Side,
  setting: Setting,
): Promise<{ readonly revision: number } | { readonly faults: readonly string[] }> {
  const response = await fetch(`/api/settings/${side}`, {
    method: "PUT",
    credentials: "same-origin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ setting }),
  });
  const told = (await response.json()) as { revision: number } | { faults: string[] } | { error: string };
  if (response.ok || response.status === 422) {
    return "error" in told ? { faults: [told.error] } : told;
  }
  throw { status: response.status, message: "error" in told ? told.error : "" } satisfies Refusal;
}

export const endSideB = () => asked("/api/settings/b", { method: "DELETE" });

/** How long to wait before the next attempt to connect, ms. */
const pauses = [500, 1000, 2000, 5000];

interface Listener {
  message(message: Message): void;
  /** Whether messages come, now. */
  connected(isConnected: boolean): void;
}

/** Listens to the server, and again when it has been away; every time it begins with a snapshot. */
export function listen({ message, connected }: Listener): void {
  let attempt = 0;
  const connect = (): void => {
    const source = new EventSource("/api/events");
    source.onopen = () => {
      attempt = 0;
      connected(true);
    };
    source.onmessage = ({ data }) => message(JSON.parse(data) as Message);
    source.onerror = () => {
      source.close();
      connected(false);
      setTimeout(connect, pauses[Math.min(attempt++, pauses.length - 1)]);
    };
  };
  connect();
}
