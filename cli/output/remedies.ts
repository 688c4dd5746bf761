import { type Fault, faultOf } from "../../pipeline/errors.ts";
import type { Failure } from "../../pipeline/index.ts";
import type { WorkerEvent } from "../../pipeline/queue/index.ts";

/** What to type, or to do, against a fault; with the sign that joins it to the sentence that tells the fault. */
function remedyOf(fault: Fault): string {
  switch (fault.what) {
    case "cache":
    case "content":
      return `; ${ofFolders[fault.reason]} with --${fault.what} DIR`;
    case "entry":
      return "; mesoflow cache verify removes it";
    case "artifact":
      return `; have it computed again with mesoflow run --force ${fault.stage ?? "<stage>"}`;
    case "exchange":
      return ofExchange[fault.reason];
    case "executor":
      return ofExecutor[fault.reason];
  }
}

const ofFolders = {
  unusable: "choose another",
  full: "make room or choose another folder",
  newer: "update mesoflow or choose another",
  damaged: "delete it or choose another",
};

const ofExchange = {
  refused: "; give it more memory, or share a folder with --content DIR",
  "too-large": ": share a folder with --content DIR",
  forgotten: ": give it more room, or share a folder with --content DIR",
};

const ofExecutor = {
  unreachable: "; start Redis there, or name another with --executor URL",
  unauthorised: "; give user and password as redis://user:password@host:port/db in MESOFLOW_EXECUTOR",
  full: "; raise its maxclients, or start fewer workers with more --jobs",
  untrusted:
    "; name the file of the authority that has signed it in NODE_EXTRA_CA_CERTS, or the host as it stands there",
  "no-tls": "; it speaks no TLS there: redis:// instead of rediss://",
  unusable: "; name another with --executor URL",
  unused: ": start some with mesoflow worker, the same executor and the same content store",
  "shares-elsewhere": "; start workers with the run's --content, or run with theirs",
};

/** The sentence that tells a fault, and what to do about it. */
export const withRemedy = (sentence: string, fault: Fault | undefined): string =>
  fault ? `${sentence.replace(/\.$/, "")}${remedyOf(fault)}.` : sentence;

/** What an error says to the user. */
export const sentenceOf = (error: Error): string => withRemedy(error.message, faultOf(error));

/** The same failure, whose message says what to do. */
export function failureWithRemedy<F extends Failure>(failure: F): F {
  if (!("fault" in failure)) return failure;
  const { fault, ...rest } = failure;
  return { ...rest, message: withRemedy(failure.message, fault) } as F;
}

/** What a worker says, with what to do. */
export function workerEventWithRemedy(event: WorkerEvent): WorkerEvent {
  if (!("fault" in event)) return event;
  const { fault, ...rest } = event;
  if (rest.event === "left") return { ...rest, why: withRemedy(rest.why, fault) };
  return { ...rest, message: withRemedy(rest.message, fault) };
}

/** Does something whose errors are told to the user with what to do. */
export async function saying<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (thrown) {
    if (!(thrown instanceof Error) || !faultOf(thrown)) throw thrown;
    throw new Error(sentenceOf(thrown), { cause: thrown });
  }
}
