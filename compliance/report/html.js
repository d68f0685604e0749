"use strict";
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  const shown = document.getElementById("shown");
  const search = document.getElementById("search");
  const fields = { status: "s", severity: "v", domain: "d", framework: "f", owner: "o", account: "a", change: "c" };
  const selects = Object.keys(fields).map((name) => document.getElementById(name)).filter(Boolean);

  // This runs before the findings are there. The browser hands them over as it reads them,
  // the last of them perhaps without its end.
  const rows = [];
  let last = document.currentScript;
  let whole = false;
  let count = 0;

  const apply = (from = 0) => {
    const asked = selects.filter((s) => s.selectedIndex > 0).map((s) => [s.id, s.value]);
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of from > 0 ? rows.slice(from) : rows) {
      let fits = asked.every(([name, value]) => (name === "framework" ? row.framework.includes(value) : row[name] === value));
      if (fits && words.length > 0) {
        const text = row.text ?? row.element.textContent.toLowerCase();
        if (whole || row.element !== last) row.text = text;
        fits = words.every((w) => text.includes(w));
      }
      if (row.hidden === fits) {
        row.hidden = !fits;
        row.element.hidden = !fits;
        count += fits ? 1 : -1;
      }
    }
  };
  const say = () => {
    const all = whole ? `${rows.length} findings` : `the ${rows.length} findings read so far`;
    shown.textContent = count < rows.length ? `Showing ${count} of ${all}` : whole ? `Showing all ${all}` : `Showing ${all}`;
  };
  const ask = () => { apply(); say(); };
  const take = () => {
    const from = Math.max(rows.length - 1, 0);
    for (let e = last.nextElementSibling; e; e = e.nextElementSibling) {
      const row = { element: e, hidden: false, text: null };
      for (const [name, key] of Object.entries(fields)) row[name] = e.dataset[key];
      row.framework = row.framework.split("\n");
      rows.push(row);
      count++;
      last = e;
    }
    apply(from);
  };

  // The address holds the filters, so that a view can be linked to: the charts do.
  const remember = () => {
    const state = new URLSearchParams(selects.filter((s) => s.selectedIndex > 0).map((s) => [s.id, s.value]));
    if (search.value) state.set("search", search.value);
    const hash = state.toString();
    history.replaceState(null, "", hash ? `#?${hash}` : location.href.split("#")[0]);
  };
  const recall = () => {
    if (!location.hash.startsWith("#?")) return false;
    const state = new URLSearchParams(location.hash.slice(2));
    for (const s of selects) {
      const at = state.has(s.id) ? Array.from(s.options).findIndex((o, i) => i > 0 && o.value === state.get(s.id)) : 0;
      s.selectedIndex = Math.max(at, 0);
    }
    search.value = state.get("search") ?? "";
    ask();
    return true;
  };

  let timer = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => { ask(); remember(); }, event.target === search ? 150 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { ask(); remember(); }));
  window.addEventListener("hashchange", () => { if (recall()) form.scrollIntoView(); });
  form.hidden = false;
  recall();
  shown.textContent = "Reading the findings";

  const arrivals = new MutationObserver(take);
  arrivals.observe(list, { childList: true });
  document.addEventListener("DOMContentLoaded", () => {
    arrivals.disconnect();
    whole = true;
    take();
    say();
  });
})();
