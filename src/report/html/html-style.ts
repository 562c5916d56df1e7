/** The style sheet of the report: by day, by night, on a phone, on paper. */
export const htmlStyle = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --ink: #1c2430; --quiet: #5a6472; --rule: #d5dae1; --band: #f4f6f8;
  --link: #005a9c; --bad: #a8321a; --good: #1d6b3a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #161b22; --ink: #e6edf3; --quiet: #a3adb8; --rule: #3a424d; --band: #1e252e;
    --link: #79b8ff; --bad: #ff9c85; --good: #7ee2a0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: break-word;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.5rem; padding-top: 0.5rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 0.5rem; }
a { color: var(--link); }
p, li, dd { max-width: 50rem; }
.lead { font-size: 1.05rem; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: 0.25rem 1rem; margin: 0.5rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { position: relative; overflow-x: auto; margin: 1rem 0 0.25rem; }
.scroll:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0.25rem 0 0.5rem; }
caption span { position: sticky; left: 0; display: inline-block; width: max-content; max-width: min(50rem, calc(100vw - 2rem)); }
th, td { padding: 0.25rem 0.7rem; vertical-align: baseline; white-space: nowrap; }
thead th { border-bottom: 1px solid var(--quiet); font-weight: 600; }
thead th[scope="colgroup"] { border-bottom: 1px solid var(--rule); text-align: left; }
tbody { border-bottom: 1px solid var(--rule); }
tbody tr:hover { background: var(--band); }
tbody th { font-weight: 600; }
tbody th[scope="row"] + td { padding-left: 1rem; }
.left { text-align: left; }
.right { text-align: right; }
td.left { white-space: normal; min-width: 7rem; }
#verdict tbody th { min-width: 9rem; max-width: 26rem; white-space: normal; overflow-wrap: anywhere; }
.full { display: inline-block; max-width: 20rem; vertical-align: top; color: var(--quiet); font-weight: 400; white-space: normal; overflow-wrap: anywhere; }
.missing { color: var(--quiet); }
.bad, s { color: var(--bad); }
.good { color: var(--good); }
sup { font-size: 0.7em; margin-left: 0.15em; }
.notes, .remark { font-size: 0.9rem; color: var(--quiet); margin: 0.25rem 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
figure { margin: 1.5rem 0; }
figcaption { font-size: 0.9rem; color: var(--quiet); }
.drawn svg { display: block; max-width: 100%; height: auto; background: #ffffff; }
.live { display: none; overflow-x: auto; }
.is-live .live { display: block; }
.is-live .drawn { display: none; }
details { margin: 0.5rem 0; }
summary { cursor: pointer; color: var(--link); }
pre { overflow-x: auto; background: var(--band); padding: 0.75rem; font-size: 0.85rem; }
code { font-size: 0.9em; }
.vg-tooltip {
  position: fixed; z-index: 1000; visibility: hidden; pointer-events: none; padding: 0.4rem 0.6rem; font-size: 0.8rem;
  background: var(--ground); color: var(--ink); border: 1px solid var(--rule); border-radius: 4px;
}
.vg-tooltip.visible { visibility: visible; }
.vg-tooltip td { padding: 0 0.4rem 0 0; }
.vg-tooltip td.key { color: var(--quiet); text-align: right; }
@media (max-width: 40rem) {
  body { padding: 0.75rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: 0.5rem; }
  th, td { padding: 0.25rem 0.5rem; }
}
@media print {
  :root { --ground: #ffffff; --ink: #000000; --quiet: #444444; --rule: #bbbbbb; --band: #ffffff; --link: #000000; --bad: #000000; --good: #000000; }
  body { max-width: none; font-size: 9pt; }
  nav, .live, .is-live .live { display: none; }
  .drawn, .is-live .drawn { display: block; }
  .scroll { overflow: visible; }
  th, td { padding: 1pt 4pt; }
  figure, tbody { break-inside: avoid; }
}
`.trim()
