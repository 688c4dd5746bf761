/** The last step of `npm run build`: what TypeScript does not put into dist. */
import { copyFileSync, cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildPage } from "./page.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// The compiled kernels and the bundled recording stand beside the modules that load them.
copyFileSync(path("../../kernels/kernels.wasm"), path("../kernels/kernels.wasm"));
cpSync(path("../../data/example"), path("../data/example"), { recursive: true });

await buildPage();

// Imported only now: stages load the kernels.
const { recordStages } = await import("../cli/session/stage-fingerprints.ts");
await recordStages();
