import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fragmentOf, linkOf } from "../../web/client/url-state.ts";

const path = fc.oneof(
  fc.constantFrom("ring.v_c", "reading", "scan.v_c", "inference.durations.a b"),
  fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => text !== "__proto__"),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const value = fc.oneof(
  number,
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("true", "12", "[1, 2]", "null", "a=b&c", "50%", '"'),
  fc.tuple(number, number),
  fc.dictionary(fc.stringMatching(/^[a-z]+$/), number, { noNullPrototype: true }),
  fc.constantFrom(null, true, false),
);
const setting = fc.dictionary(path, value, { noNullPrototype: true });
const link = fc.record(
  { a: setting, b: setting, shown: fc.string({ minLength: 1, unit: "grapheme" }) },
  { requiredKeys: ["a"] },
);

describe("the fragment of a link", () => {
  it("is readable where values are simple", () => {
    expect(fragmentOf({ a: { "ring.v_c": 50, reading: "as-published" }, b: { "scan.v_c": [60, 500] } })).toBe(
      "reading=as-published&ring.v_c=50&b:scan.v_c=[60,500]",
    );
    expect(fragmentOf({ a: {} })).toBe("");
    expect(fragmentOf({ a: {}, b: {}, shown: "ring-trial/baseline" })).toBe("b:&show:ring-trial/baseline");
  });

  it("gives back whatever link it was made of", () => {
    fc.assert(
      fc.property(link, (one) => {
        expect(linkOf(`#${fragmentOf(one)}`)).toEqual(one);
      }),
    );
  });

  it("is the same whatever the order of a setting", () => {
    fc.assert(
      fc.property(setting, (a) => {
        const reversed = Object.fromEntries(Object.entries(a).reverse());
        expect(fragmentOf({ a: reversed })).toBe(fragmentOf({ a }));
      }),
    );
  });

  it("stands in an address as it is: browsers change nothing of it", () => {
    fc.assert(
      fc.property(link, (one) => {
        const fragment = fragmentOf(one);
        expect(new URL(`http://127.0.0.1/#${fragment}`).hash).toBe(fragment && `#${fragment}`);
      }),
    );
  });

  it("passes over what it does not understand", () => {
    expect(linkOf("#nothing&=5&ring.v_c=%zz&b:&&show:")).toEqual({ a: { "ring.v_c": "%zz" }, b: {} });
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(linkOf(text)).toHaveProperty("a");
      }),
    );
  });
});
