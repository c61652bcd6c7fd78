import fc from "fast-check";

/** The same random cases in every run, so that a change is judged by itself; `FAST_CHECK_SEED=$RANDOM npm test` looks at others. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_122) });
