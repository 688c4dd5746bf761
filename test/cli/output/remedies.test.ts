import { firstValueFrom, of } from "rxjs";
import { describe, expect, test } from "vitest";
import { sentenceOf, withRemedy, workerEventWithRemedy } from "../../../cli/output/remedies.ts";
import { withRemedies } from "../../../cli/session/warnings.ts";
import { BadExecutor, type Fault, StoreError } from "../../../pipeline/errors.ts";
import { failureOf } from "../../../pipeline/failure.ts";
import type { PipelineEvent } from "../../../pipeline/index.ts";

const folder = "/c";

describe("a fault is told with what to do", () => {
  test.each<[string, Fault, string]>([
    [
      "Cannot write it.",
      { what: "cache", folder, reason: "unusable" },
      "Cannot write it; choose another with --cache DIR.",
    ],
    [
      "Cannot write it.",
      { what: "content", folder, reason: "unusable" },
      "Cannot write it; choose another with --content DIR.",
    ],
    [
      "Cannot write it.",
      { what: "cache", folder, reason: "full" },
      "Cannot write it; make room or choose another folder with --cache DIR.",
    ],
    [
      "It is newer.",
      { what: "cache", folder, reason: "newer" },
      "It is newer; update mesoflow or choose another with --cache DIR.",
    ],
    [
      "It is damaged.",
      { what: "cache", folder, reason: "damaged" },
      "It is damaged; delete it or choose another with --cache DIR.",
    ],
    ["It is no JSON.", { what: "entry" }, "It is no JSON; mesoflow cache verify removes it."],
    [
      "It is lost.",
      { what: "artifact", content: "ab", stage: "tf-fit/exc" },
      "It is lost; have it computed again with mesoflow run --force tf-fit/exc.",
    ],
    [
      "It is lost.",
      { what: "artifact", content: "ab" },
      "It is lost; have it computed again with mesoflow run --force <stage>.",
    ],
    [
      "Redis is full.",
      { what: "exchange", reason: "refused" },
      "Redis is full; give it more memory, or share a folder with --content DIR.",
    ],
    [
      "It is too large.",
      { what: "exchange", reason: "too-large" },
      "It is too large: share a folder with --content DIR.",
    ],
    [
      "It forgets.",
      { what: "exchange", reason: "forgotten" },
      "It forgets: give it more room, or share a folder with --content DIR.",
    ],
    [
      "Cannot reach it.",
      { what: "executor", reason: "unreachable" },
      "Cannot reach it; start Redis there, or name another with --executor URL.",
    ],
    [
      "WRONGPASS.",
      { what: "executor", reason: "unauthorised" },
      "WRONGPASS; give user and password as redis://user:password@host:port/db in MESOFLOW_EXECUTOR.",
    ],
    [
      "max clients.",
      { what: "executor", reason: "full" },
      "max clients; raise its maxclients, or start fewer workers with more --jobs.",
    ],
    [
      "no certificate.",
      { what: "executor", reason: "untrusted" },
      "no certificate; name the file of the authority that has signed it in NODE_EXTRA_CA_CERTS, or the host as it stands there.",
    ],
    [
      "wrong version.",
      { what: "executor", reason: "no-tls" },
      "wrong version; it speaks no TLS there: redis:// instead of rediss://.",
    ],
    ["DB 99.", { what: "executor", reason: "unusable" }, "DB 99; name another with --executor URL."],
    [
      "No worker takes jobs.",
      { what: "executor", reason: "unused" },
      "No worker takes jobs: start some with mesoflow worker, the same executor and the same content store.",
    ],
  ])("%s %o", (fact, fault, sentence) => {
    expect(withRemedy(fact, fault)).toBe(sentence);
  });
});

test("an error without a fault says what it said", () => {
  expect(sentenceOf(new StoreError("The store is closed."))).toBe("The store is closed.");
  expect(sentenceOf(new BadExecutor("Cannot reach it", "unreachable"))).toBe(
    "Cannot reach it; start Redis there, or name another with --executor URL.",
  );
});

test("events of runs and of workers say what to do, and nothing of faults", async () => {
  const failure = failureOf(new StoreError("It is no JSON.", { fault: { what: "entry" } }));
  const failed: PipelineEvent = { event: "failed", stage: "a", failure };
  const message = "It is no JSON; mesoflow cache verify removes it.";
  expect(await firstValueFrom(of(failed).pipe(withRemedies()))).toEqual({
    ...failed,
    failure: { kind: "store", message },
  });
  const at = { stage: "a", key: "k" };
  const fault: Fault = { what: "entry" };
  expect(workerEventWithRemedy({ event: "left", ...at, why: "It is no JSON.", fault })).toEqual({
    event: "left",
    ...at,
    why: message,
  });
  expect(workerEventWithRemedy({ event: "failed", ...at, message: "It is no JSON.", fault })).toEqual({
    event: "failed",
    ...at,
    message,
  });
});
