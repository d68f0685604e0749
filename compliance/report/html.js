"use strict";
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  const shown = document.getElementById("shown");
  const search = document.getElementById("search");
  const fields = { status: "s", severity: "v", domain: "d", framework: "f", owner: "o", account: "a", change: "c" };
  const selects = Object.keys(fields).map((name) => document.getElementById(name)).filter(Boolean);
  const rows = Array.from(list.children, (element) => {
    const row = { element, hidden: false, text: null, framework: null };
    for (const [name, key] of Object.entries(fields)) row[name] = element.dataset[key];
    row.framework = row.framework.split("\n");
    return row;
  });

  const apply = () => {
    const asked = selects.filter((s) => s.selectedIndex > 0).map((s) => [s.id, s.value]);
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      let fits = asked.every(([name, value]) => (name === "framework" ? row.framework.includes(value) : row[name] === value));
      if (fits && words.length > 0) {
        row.text ??= row.element.textContent.toLowerCase();
        fits = words.every((w) => row.text.includes(w));
      }
      if (row.hidden === fits) {
        row.hidden = !fits;
        row.element.hidden = !fits;
      }
      if (fits) count++;
    }
    shown.textContent = count === rows.length ? `Showing all ${count} findings` : `Showing ${count} of ${rows.length} findings`;
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
    apply();
    return true;
  };

  let timer = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => { apply(); remember(); }, event.target === search ? 150 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { apply(); remember(); }));
  window.addEventListener("hashchange", () => { if (recall()) form.scrollIntoView(); });
  form.hidden = false;
  if (!recall()) apply();
})();
