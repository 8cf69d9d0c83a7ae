namespace SamSegmentation.ML.Reports.Html;

/// <summary>How a page looks, light and dark, on a phone and on paper; and the script that sorts tables.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root {
          --paper: #ffffff; --card: #f6f7f9; --line: #d9dde3; --ink: #1b2028; --quiet: #5b6675; --hot: 21, 88, 176;
          --c0: #1f66c1; --c1: #c2570c; --c2: #0f766e; --c3: #a21caf; --c4: #64748b; --c5: #9a7b0a;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #14171c; --card: #1d2128; --line: #363c46; --ink: #e7eaee; --quiet: #9aa5b4; --hot: 64, 132, 224;
            --c0: #6aa9f7; --c1: #f0954a; --c2: #3fc1b4; --c3: #e07bee; --c4: #a3aebd; --c5: #d9b838;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 68rem; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
        h2 { margin: 2.2rem 0 .8rem; font-size: 1.15rem; }
        h3 { margin: 1.2rem 0 .5rem; font-size: 1rem; }
        p { margin: .3rem 0; max-width: 48rem; }
        .quiet { color: var(--quiet); }
        .bad { color: #b42318; font-weight: 600; }
        @media (prefers-color-scheme: dark) { .bad { color: #ff8a80; } }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem; margin-top: 1.2rem; }
        .tile { padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
        .tile b { display: block; font-size: 1.35rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
        .tile span { color: var(--quiet); font-size: .85rem; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 1rem; }
        figure { margin: 0; min-width: 0; }
        .chart { padding: .7rem .8rem .4rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
        .chart figcaption { font-weight: 600; }
        .chart ul { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; list-style: none; color: var(--quiet); font-size: .85rem; }
        .chart li::before { content: ""; display: inline-block; width: 1.1em; height: .2em; margin-right: .4em; vertical-align: middle; background: var(--c); }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--quiet); font-size: 12px; }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg .curve { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
        svg .fine { stroke-width: 1; opacity: .55; }
        svg .dot { fill: var(--c); stroke: var(--card); stroke-width: 1; }
        .k0 { --c: var(--c0); } .k1 { --c: var(--c1); } .k2 { --c: var(--c2); }
        .k3 { --c: var(--c3); } .k4 { --c: var(--c4); } .k5 { --c: var(--c5); }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { font-weight: 600; }
        th.name, td.name { text-align: left; white-space: normal; overflow-wrap: break-word; min-width: 8rem; max-width: 20rem; }
        th button { padding: 0; border: 0; background: none; color: inherit; font: inherit; cursor: pointer; }
        th[aria-sort="ascending"] button::after { content: " ▲"; } th[aria-sort="descending"] button::after { content: " ▼"; }
        .swatch { display: inline-block; width: .9em; height: .9em; margin-right: .5em; border: 1px solid var(--line); border-radius: 2px; vertical-align: -.1em; }
        .bar { display: inline-block; width: 6rem; height: .55em; margin-left: .6rem; background: var(--line); }
        .bar i { display: block; height: 100%; background: var(--c0); }
        @media (max-width: 36rem) { .bar { display: none; } th, td { padding: .3rem .4rem; } }
        .confusion { font-size: .8rem; }
        .confusion th, .confusion td { padding: 0 .35rem; border: 0; }
        .confusion thead th { height: 8rem; vertical-align: bottom; }
        .confusion thead th span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 9rem; overflow: hidden; }
        .confusion td { min-width: 2.1rem; height: 2.1rem; text-align: center; border: 1px solid var(--paper);
          background: linear-gradient(rgba(var(--hot), var(--s)), rgba(var(--hot), var(--s))), var(--card); }
        .confusion td.full { color: #fff; }
        .confusion td.none { background: var(--line); }
        .matrix { max-width: 100%; height: auto; background: #fff; }
        .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 1rem; align-items: start; }
        .gallery figure { padding: .6rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
        .gallery div { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px; }
        .gallery img { display: block; width: 100%; height: auto; }
        .gallery figcaption { margin-top: .4rem; font-size: .85rem; overflow-wrap: anywhere; }
        dl { display: block; columns: 22rem; column-gap: 2rem; margin: 0; font-size: .9rem; }
        dl div { display: flex; gap: 1rem; padding: .15rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
        dt { flex: 1 1 0; min-width: 5rem; color: var(--quiet); overflow-wrap: anywhere; }
        dd { flex: 0 1 auto; min-width: 3rem; max-width: 65%; margin: 0; text-align: right; overflow-wrap: anywhere; }
        @media print {
          :root { --paper: #fff; --card: #fff; --line: #ccc; --ink: #000; --quiet: #444; --hot: 21, 88, 176;
            --c0: #1f66c1; --c1: #c2570c; --c2: #0f766e; --c3: #a21caf; --c4: #64748b; --c5: #9a7b0a; }
          body { max-width: none; padding: 0; font-size: 11px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
          figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } .wide { overflow: visible; }
        }
        """;

    // A click sorts by the cells' data-v, numbers by size; what has no value comes last either way.
    public const string Sorting = """
        document.querySelectorAll("table.sortable th button").forEach(button => button.addEventListener("click", () => {
          const head = button.closest("th"), body = head.closest("table").tBodies[0];
          const falls = head.getAttribute("aria-sort") === "ascending", words = head.classList.contains("name");
          const value = row => row.cells[head.cellIndex].dataset.v;
          head.parentElement.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", falls ? "descending" : "ascending");
          [...body.rows].sort((a, b) => {
            const x = value(a), y = value(b);
            if (x === "" || y === "") return (x === "") - (y === "");
            return (falls ? -1 : 1) * (words ? x.localeCompare(y) : x - y);
          }).forEach(row => body.append(row));
        }));
        """;
}
