/** How a report looks: on wide and on narrow screens, in the dark, and on paper. Figures bring their own colours. */
export const style = `
:root { color-scheme: light; --paper: #ffffff; --ink: #1b1e23; --muted: #59616c; --line: #d5d9df; --tint: #f3f5f7;
  --link: #005a92; --mark: #fff3d6; --alarm: #9c2f00;
  --shade: #1b1e2373 }
* { box-sizing: border-box }
html { background: var(--paper); color: var(--ink); font: 400 1rem/1.55 Inter, system-ui, sans-serif;
  -webkit-text-size-adjust: 100% }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem }
h1, h2, h3 { line-height: 1.25; font-weight: 600; text-wrap: balance }
h1 { font-size: 1.75rem; margin: 0 0 .5rem }
h2 { font-size: 1.3rem; margin: 3rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line) }
h3 { font-size: 1.05rem; margin: 2rem 0 .5rem }
p, ul, ol { margin: .75rem 0; max-width: 44rem }
a { color: var(--link) }
a:focus-visible, .scrolls:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
sub { font-size: .75em; line-height: 0 }
code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere }
.skip { position: absolute; left: -100rem }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem }
.muted, figcaption, caption { color: var(--muted) }
nav ol { columns: 2 18rem; padding-left: 1.25rem; max-width: none }
figure { margin: 1.75rem 0; display: grid; gap: .5rem 1.75rem; align-items: start }
figure svg { width: 100%; max-width: 27rem; height: auto; display: block }
figcaption { font-size: .875rem; max-width: 40rem }
figcaption strong { color: var(--ink) }
/* Where a table goes on beyond its box, that edge is in shade: covers that move with the table hide it at the end. */
.scrolls { overflow-x: auto; margin: 1.25rem 0; scrollbar-width: thin; scrollbar-color: var(--muted) var(--tint);
  background:
    linear-gradient(to right, var(--paper) 40%, transparent) left / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--paper) 40%, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / .9rem 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) right / .9rem 100% no-repeat scroll }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums }
caption { text-align: left; padding-bottom: .4rem; font-weight: 600; color: var(--ink) }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line) }
tbody th { font-weight: 400; min-width: 11rem }
thead th { font-weight: 600; border-bottom-color: var(--muted) }
.prose { min-width: 16rem }
.number { text-align: right; white-space: nowrap }
.parameters { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .35rem .5rem; font-size: .875rem;
  max-width: none }
.parameters li { background: var(--tint); padding: .1rem .5rem; border-radius: .3rem; overflow-wrap: anywhere }
.parameters .changed, tr.changed { background: var(--mark) }
.missing, .warning { border-left: .25rem solid var(--alarm); padding: .35rem .75rem; background: var(--tint) }
.stages .hashes td { border-bottom: 1px solid var(--line); padding-top: 0; color: var(--muted); font-size: .8125rem }
.stages .of th, .stages .of td { border-bottom: 0; padding-bottom: 0 }
.dark { display: none }
@media (min-width: 46rem) {
  figure { grid-template-columns: minmax(0, 27rem) minmax(0, 1fr) }
}
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --paper: #14171c; --ink: #e8eaed; --muted: #a3acb8; --line: #3a414b; --tint: #1e232a;
    --link: #7cc4f5; --mark: #3d3110; --alarm: #f0803c;
    --shade: #e8eaed66 }
  .light { display: none }
  .dark { display: block }
}
@media print {
  @page { margin: 18mm 16mm }
  html { font-size: 9.5pt }
  body { padding: 0; max-width: none }
  .skip { display: none }
  figure { grid-template-columns: 85mm minmax(0, 1fr); break-inside: avoid }
  figure svg { max-width: 85mm }
  h2, h3, caption { break-after: avoid }
  section.provenance { break-before: page }
  tr, .parameters, .missing, .warning { break-inside: avoid }
  .scrolls { overflow: visible; background: none }
  /* Nothing scrolls on paper: tables become as narrow as it. */
  table { width: 100%; font-size: 8pt }
  th, td { padding-right: .5rem }
  tbody th, .prose { min-width: 0 }
  tbody th { overflow-wrap: anywhere }
  .number { white-space: normal }
  section:not(.provenance) .scrolls { break-inside: avoid }
  a { color: inherit; text-decoration: none }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
`.trim();
