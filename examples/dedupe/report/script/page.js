// Which of the two is shown, colours, keys.

const rows = readRows();
const byName = new Map(rows.map((row) => [row.name, row]));
const ways = buildOverview(rows);
const overview = document.getElementById("overview");
const holder = document.getElementById("section");
let shown = null;
let scrolled = 0;

function route() {
  const row = byName.get(location.hash.slice(1)) ?? null;
  if (row === shown) return;
  if (shown === null) scrolled = scrollY;
  const left = shown;
  shown = row;
  overview.hidden = row !== null;
  holder.hidden = row === null;
  if (row === null) {
    holder.replaceChildren();
    document.title = "What happened to these stories";
    scrollTo(0, scrolled);
    overview.querySelector(`a[href="#${left.name}"]`)?.focus({ preventScroll: true });
    return;
  }
  buildSection(holder, row, row.section(), ways(row));
  document.title = row.title;
  scrollTo(0, 0);
  holder.querySelector("h2").focus({ preventScroll: true });
}

addEventListener("hashchange", route);
route();

for (const choice of document.querySelectorAll("[data-theme-choice]")) {
  choice.addEventListener("click", () => {
    document.documentElement.dataset.theme = choice.dataset.themeChoice;
    for (const other of choice.parentElement.children)
      other.setAttribute("aria-pressed", String(other === choice));
  });
}

// The next or previous of some elements, from the one that has the focus.
function step(elements, by) {
  const all = Array.from(elements);
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.matches("input, select, textarea");
  if (event.key === "Escape") {
    if (isTyping) event.target.blur();
    else if (shown !== null) location.hash = "";
  }
  if (isTyping) return;
  const by = { j: 1, k: -1 }[event.key];
  if (by !== undefined)
    step(
      shown === null
        ? overview.querySelectorAll("a.row")
        : holder.querySelectorAll("details.version > summary"),
      by,
    );
  if (event.key === "/" && shown === null) {
    event.preventDefault();
    document.getElementById("search").focus();
  }
});
