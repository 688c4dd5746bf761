import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { stageFingerprints } from "../../cli/session/stage-fingerprints.ts";
import type { Fingerprint } from "../../pipeline/index.ts";
import { hash } from "../../pipeline/inspect.ts";
import { stages } from "../../stages/registry.ts";
import { isBuilt, processTitle } from "../support/command-line.ts";

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

describe("the fingerprints of this program's stages", () => {
  let source: Record<string, Fingerprint>;
  beforeAll(async () => {
    const of = await stageFingerprints();
    source = Object.fromEntries(stages.map((stage) => [stage.id, of(stage)]));
  });

  it("tell the kernels and packages that each reaches", () => {
    const kernels = hash(readFileSync(path("kernels/kernels.wasm")));
    const { version } = JSON.parse(readFileSync(path("node_modules/zod/package.json"), "utf8"));
    // These compute nothing but what IEEE 754 fixes.
    const without = ["recording", "starts", "inference", "refined-inference", "propagation/trial"];
    for (const [id, fingerprint] of Object.entries(source))
      expect([id, fingerprint.kernels]).toEqual([id, without.includes(id) ? undefined : kernels]);
    expect(Object.keys(source.inference!.packages!)).toContain("@stdlib/stats-base-dists-t-cdf");
    for (const fingerprint of Object.values(source))
      expect(fingerprint.packages).toMatchObject({ zod: version });
  });

  it("name files of the stages, of the framework its errors alone", () => {
    const files = [...new Set(Object.values(source).flatMap(({ files }) => Object.keys(files!)))];
    const framework = files.filter((name) => name.startsWith("pipeline/"));
    expect(framework).toEqual(["pipeline/errors.ts"]);
    const rooms = files.filter((name) => !framework.includes(name)).map((name) => name.split("/")[0]);
    expect([...new Set(rooms)].sort()).toEqual(["data", "kernels", "stages"]);
    expect(Object.keys(source["ring-trial"]!.files!)).toContain("stages/model/ring/ring.ts");
  });

  it.skipIf(!isBuilt)(processTitle("are the same from source and from what is built"), async () => {
    const built: typeof import("../../cli/session/stage-fingerprints.ts") = await import(
      path("dist/cli/session/stage-fingerprints.js")
    );
    const of = await built.stageFingerprints();
    for (const stage of stages) {
      const { files: _, ...fingerprint } = of(stage);
      const { files: __, ...expected } = source[stage.id]!;
      expect(fingerprint, stage.id).toEqual(expected);
    }
  });
});
