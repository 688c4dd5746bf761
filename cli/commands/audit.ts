import { randomBytes } from "node:crypto";
import { type AuditFinding, audit as auditing, sampleOf, suspectsOf } from "../../cache/inspect.ts";
import { inProcess } from "../../pipeline/executors.ts";
import { stages } from "../../stages/registry.ts";
import { fractionGiven } from "../configuration/quantities.ts";
import type { ExitStatus, Options } from "../options.ts";
import { counted, duration } from "../output/format.ts";
import { print, printJson } from "../output/print.ts";
import { failureWithRemedy } from "../output/remedies.ts";
import { differenceLines } from "../present/differences.ts";
import { withSession } from "../session/session.ts";
import { stageFingerprints } from "../session/stage-fingerprints.ts";

/** `mesoflow audit [stage…] [--sample p]`: 1 where any bit is another, or a stage failed. */
export function audit(options: Options): Promise<ExitStatus> {
  const sample = fractionGiven("sample", options.sample) ?? 1;
  return withSession(options, { readOnly: true }, async ({ store, plan: planned, targets }) => {
    const asked = targets(options.names);
    const plan = await planned(asked);
    const known = asked.flatMap((node) => {
      const nodeState = plan.states.get(node)!;
      return nodeState.state === "fresh" ? [suspectsOf(node, nodeState.key, store)] : [];
    });
    const suspects = sampleOf(
      known.flat(),
      sample,
      randomBytes(4).toString("hex"),
      ({ result }) => result.key,
    );
    const counts = { equal: 0, different: 0, failed: 0, unknown: 0 };
    for await (const found of auditing(store, suspects, (shadow) =>
      inProcess(shadow, stages, stageFingerprints),
    )) {
      const finding = "failure" in found ? { ...found, failure: failureWithRemedy(found.failure) } : found;
      counts[finding.outcome]++;
      if (options.json) printJson({ event: "audited", ...finding });
      else print(textOf(finding));
    }
    if (options.json) printJson({ event: "summary", ...counts, notComputed: asked.length - known.length });
    else {
      const others = asked.length - known.length;
      print(
        `${counted(counts.equal, "stage")} equal, ${counts.different} different, ${counts.failed} failed` +
          (counts.unknown > 0 ? `, ${counts.unknown} without their inputs` : "") +
          (others > 0 ? `; ${counted(others, "stage")} not computed yet` : ""),
      );
    }
    return counts.different + counts.failed > 0 ? 1 : 0;
  });
}

function textOf(finding: AuditFinding): string {
  switch (finding.outcome) {
    case "equal":
      return `equal ${finding.stage}  ${duration(finding.seconds)}`;
    case "different":
      return [
        `different ${finding.stage}`,
        ...differenceLines(finding.difference).map((line) => `  ${line}`),
      ].join("\n");
    case "failed":
      return `failed ${finding.stage}: ${finding.failure.message}`;
    case "unknown":
      return `cannot audit ${finding.stage}: ${finding.lacks.join(", ")} no longer stored`;
  }
}
