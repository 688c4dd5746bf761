export { adexSpikes, adexTrace } from "./adex";
export { erfc, erfcinv, exp, gaussian, log } from "./math";
export { heapBase } from "./memory";
export { generator, seed, uniform } from "./mersenne";
export { meanVoltage, rate } from "./rate";
export { rateJet } from "./rate-jet";
export { ring } from "./ring";
