/** The last step of `npm run build`: what TypeScript does not put into dist. */
import { copyFileSync, cpSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// The compiled kernels and the bundled recording stand beside the modules that load them.
copyFileSync(path("../../../kernels/kernels.wasm"), path("../../kernels/kernels.wasm"));
cpSync(path("../../../data/example"), path("../../data/example"), { recursive: true });

// Imported only now: stages load the kernels.
const { stages } = await import("../../stages/cortex.ts");
const { fingerprintOf } = await import("./fingerprints.ts");
const fingerprints = await Promise.all(
  stages.map(async ({ id }) => [id, await fingerprintOf(path(`../../stages/${id}.js`))]),
);
writeFileSync(
  path("../../stages/fingerprints.json"),
  `${JSON.stringify(Object.fromEntries(fingerprints), null, 2)}\n`,
);
