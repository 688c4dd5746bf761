import fc from "fast-check";

// The same cases in every run, so that a failure is one of the change at hand; FUZZ_SEED tries others.
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 2018) });
