// The overview: all clusters, searched, sorted and filtered, a page at a time.

const PAGE = 50;

function readRows() {
  const sections = document.querySelectorAll("script.cluster-data");
  return Array.from(document.querySelectorAll("script.row-data"), (element, index) => {
    const row = JSON.parse(element.textContent);
    for (const article of row.articles) {
      for (const name of ["id", "source", "date"]) {
        if (article[name] !== undefined) article[name] = untricked(article[name]);
      }
    }
    row.index = index;
    row.name = `cluster-${index + 1}`;
    row.section = () => JSON.parse(sections[index].textContent);
    row.first = row.articles.reduce((least, { day }) => Math.min(least, day ?? Infinity), Infinity);
    row.last = row.articles.reduce((most, { day }) => Math.max(most, day ?? -Infinity), -Infinity);
    row.relations = new Set(row.articles.map((article) => article.relation));
    return row;
  });
}

const ORDERS = {
  order: (a, b) => a.index - b.index,
  size: (a, b) => b.articles.length - a.articles.length || a.index - b.index,
  versions: (a, b) => b.versions - a.versions || a.index - b.index,
  differs: (a, b) => b.differs - a.differs || a.index - b.index,
  // Without a date last, either way.
  early: (a, b) => compare(a.first, b.first) || a.index - b.index,
  late: (a, b) => compare(b.last, a.last) || a.index - b.index,
};

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

// What a row is searched in, made at the first search.
function haystack(row) {
  row.haystack ??= folded(
    [row.title, ...row.articles.flatMap(({ id, source }) => [id, source ?? ""])].join("\n"),
  );
  return row.haystack;
}

function buildOverview(rows) {
  const find = (id) => document.getElementById(id);
  const list = find("clusters");
  const pages = find("pages");
  const state = { page: 0, found: rows };

  const chips = (holder, names, title) => {
    const controls = names.map(([name, text]) =>
      button(
        text,
        { class: "chip", "aria-pressed": "false", "data-name": name, title: title(name) },
        (event) => {
          const control = event.currentTarget;
          control.setAttribute(
            "aria-pressed",
            String(control.getAttribute("aria-pressed") !== "true"),
          );
          update();
        },
      ),
    );
    holder.append(...controls);
    holder.hidden = controls.length < 2;
    return () =>
      controls
        .filter((control) => control.getAttribute("aria-pressed") === "true")
        .map((control) => control.dataset.name);
  };
  const relations = Object.entries(RELATIONS).filter(([name]) =>
    rows.some((row) => row.relations.has(name)),
  );
  const kinds = Object.keys(KINDS).filter((name) => rows.some((row) => row.kinds.includes(name)));
  const relationsChosen = chips(find("relations"), relations, (name) => RELATIONS[name]);
  const kindsChosen = chips(
    find("kinds"),
    kinds.map((name) => [name, name]),
    (name) => KINDS[name],
  );

  const show = () => {
    const count = state.found.length;
    const last = Math.max(0, Math.ceil(count / PAGE) - 1);
    state.page = Math.min(state.page, last);
    const start = state.page * PAGE;
    const shown = state.found.slice(start, start + PAGE);
    list.start = start + 1;
    list.replaceChildren(...shown.map(rowEntry));
    const range = count > PAGE ? `${number(start + 1)} to ${number(start + shown.length)} of ` : "";
    find("count").textContent =
      count === 0 ? "No cluster is like that." : `${range}${counted(count, "cluster")}`;
    const turn = (by) => () => {
      state.page += by;
      show();
      find("count").scrollIntoView({ block: "start" });
      list.querySelector("a")?.focus({ preventScroll: true });
    };
    pages.hidden = last === 0;
    pages.replaceChildren(
      button("Previous page", { disabled: state.page === 0 }, turn(-1)),
      make("span", {}, `Page ${number(state.page + 1)} of ${number(last + 1)}`),
      button("Next page", { disabled: state.page === last }, turn(1)),
    );
  };

  const update = () => {
    const words = folded(find("search").value)
      .split(/\s+/u)
      .filter((word) => word !== "");
    const least = Number(find("size").value) || 0;
    const [ofRelations, ofKinds] = [relationsChosen(), kindsChosen()];
    const isFound = (row) =>
      row.articles.length >= least &&
      ofRelations.every((relation) => row.relations.has(relation)) &&
      ofKinds.every((kind) => row.kinds.includes(kind)) &&
      words.every((word) => haystack(row).includes(word));
    state.found = rows.filter(isFound).sort(ORDERS[find("sort").value]);
    state.page = 0;
    show();
  };

  const controls = find("controls");
  controls.hidden = rows.length === 0;
  controls.addEventListener("submit", (event) => event.preventDefault());
  find("search").addEventListener("input", update);
  find("size").addEventListener("input", update);
  find("sort").addEventListener("change", update);
  if (rows.length > 0) update();
  // What comes before and after a cluster, as the reader has sorted them.
  return (row) => {
    const at = state.found.indexOf(row);
    return {
      previous: state.found[at - 1]?.name,
      next: at < 0 ? undefined : state.found[at + 1]?.name,
    };
  };
}

function rowEntry(row) {
  const shown = row.kinds.slice(0, 8).map((kind) => kindTag(kind));
  const more = row.kinds.length - shown.length;
  const meter = make("span", { class: "meter", "aria-hidden": "true" }, make("span", {}));
  meter.firstChild.style.setProperty("--share", Math.min(1, row.differs));
  return make(
    "li",
    {},
    make(
      "a",
      { href: `#${row.name}`, class: "row" },
      written(row.title, "span", { class: "title" }),
      make("span", { class: "meta" }, meta(row)),
      make(
        "span",
        { class: "kinds" },
        shown,
        more > 0 ? make("span", { class: "aside" }, `+${more}`) : null,
      ),
      make(
        "span",
        { class: "differs", title: "Words that are not in both, of all words" },
        meter,
        row.kinds.length === 0 ? "the same words" : `${percent(row.differs)} differs`,
      ),
    ),
  );
}
