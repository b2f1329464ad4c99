// The section of a cluster, built when it is opened.

const view = { isSideBySide: false, showsSpelling: false };

function buildSection(holder, row, section, go) {
  const versions = section.versions.map((version, index) =>
    versionEntry(row, section, version, index),
  );
  const text = make(
    "details",
    { class: "version", id: "representative" },
    make(
      "summary",
      {},
      written(row.articles[row.representative].id, "span", { class: "name" }),
      " ",
      make("span", { class: "relation representative" }, "representative"),
      make("span", { class: "brief" }, "the text that all others are compared with"),
    ),
    written(flowing(section)(section.text), "div", { class: "whole-text" }),
  );
  const open = (article) => {
    const index = section.versions.findIndex((version) => version.articles.includes(article));
    const target = article === row.representative || index < 0 ? text : versions[index].element;
    target.open = true;
    target.scrollIntoView({ block: "start" });
    target.querySelector("summary").focus({ preventScroll: true });
  };
  const tree = familyTree(section, row, open);
  const different = versions.filter(({ version }) => version.relation !== "identical");
  holder.replaceChildren(
    make(
      "nav",
      { class: "ways", "aria-label": "Clusters" },
      make("a", { href: "#", class: "back" }, "← All clusters"),
      go.previous ? make("a", { href: `#${go.previous}`, rel: "prev" }, "Previous") : null,
      go.next ? make("a", { href: `#${go.next}`, rel: "next" }, "Next") : null,
    ),
    written(row.title, "h2", { tabindex: "-1", class: "headline" }),
    make("p", { class: "meta" }, meta(row)),
    make("section", {}, make("h3", {}, "When and where it appeared"), timeline(row, open)),
    tree === null ? "" : treeSection(section, tree),
    section.shared.length === 0 ? "" : sharedEdits(row, section, open),
    make(
      "section",
      {},
      make("h3", {}, "What each version changed"),
      section.more > 0
        ? make(
            "p",
            { class: "notice" },
            `Not compared here: ${counted(section.more, "more version")}. These are the closest.`,
          )
        : null,
      toolbar(versions),
      text,
      versions.map(({ element }) => element),
    ),
  );
  const first = different[0] ?? versions[0];
  if (first) first.element.open = true;
}

function treeSection(section, tree) {
  const doubts = section.tree.filter((node) => node.against !== undefined).length;
  const speaks = `${counted(doubts, "date")} ${doubts === 1 ? "speaks" : "speak"} against it`;
  const warning = ` ⚠ ${speaks}: either the date or the tree is wrong there.`;
  return make(
    "section",
    {},
    make("h3", {}, "Which version came from which"),
    make(
      "p",
      { class: "hint" },
      "The tree with the fewest edits, from the wording and the dates.",
      doubts > 0 ? make("strong", { class: "warning" }, warning) : null,
    ),
    tree,
  );
}

function meta(row) {
  const sources = [
    ...new Set(
      row.articles.map((article) => article.source).filter((source) => source !== undefined),
    ),
  ];
  const known = row.articles.filter((article) => article.day !== undefined);
  const parts = [
    counted(row.articles.length, "article"),
    counted(row.versions, "distinct version"),
  ];
  if (known.length > 0) {
    const days = known.map((article) => article.day);
    const [first, last] = [
      dayName(days.reduce((a, b) => Math.min(a, b))),
      dayName(days.reduce((a, b) => Math.max(a, b))),
    ];
    parts.push(first === last ? first : `${first} – ${last}`);
  }
  if (sources.length > 0) {
    const more = sources.length > 3 ? ` and ${number(sources.length - 3)} more sources` : "";
    parts.push(`${sources.slice(0, 3).map(isolated).join(", ")}${more}`);
  }
  return parts.join(" · ");
}

function toolbar(versions) {
  const redraw = () => {
    for (const { element, build } of versions) if (element.open) build();
  };
  const choice = (text, isSideBySide) => {
    const control = button(
      text,
      { "aria-pressed": String(view.isSideBySide === isSideBySide) },
      () => {
        view.isSideBySide = isSideBySide;
        for (const other of control.parentElement.children)
          other.setAttribute("aria-pressed", String(other === control));
        redraw();
      },
    );
    return control;
  };
  const spelling = button(
    "Spelling and punctuation",
    { "aria-pressed": String(view.showsSpelling) },
    () => {
      view.showsSpelling = !view.showsSpelling;
      spelling.setAttribute("aria-pressed", String(view.showsSpelling));
      for (const { element } of versions) element.classList.toggle("spelling", view.showsSpelling);
    },
  );
  const all = button("Open all", {}, () => {
    const isOpening = versions.some(({ element }) => !element.open);
    for (const { element } of versions) element.open = isOpening;
    all.textContent = isOpening ? "Close all" : "Open all";
  });
  return make(
    "div",
    { class: "toolbar" },
    make(
      "div",
      { class: "choice", role: "group", "aria-label": "View" },
      choice("Inline", false),
      choice("Side by side", true),
    ),
    spelling,
    versions.length > 1 ? all : null,
  );
}

function names(row, articles, most) {
  const shown = articles.slice(0, most).flatMap((article, index) => {
    const name = written(row.articles[article].id, "span", { class: "name" });
    return index === 0 ? [name] : [" = ", name];
  });
  const more = articles.length - most;
  return more > 0 ? [...shown, ` and ${number(more)} more`] : shown;
}

function versionEntry(row, section, version, index) {
  const relation = RELATIONS[version.relation] ?? version.relation;
  const [words, own, shared] = version.words;
  const brief =
    version.relation === "identical"
      ? "the same words as the representative"
      : `${number(shared)} words the same, ${number(words - shared)} missing, ${number(own - shared)} new`;
  const body = make("div", { class: "version-body" });
  const element = make(
    "details",
    { class: view.showsSpelling ? "version spelling" : "version", id: `version-${index}` },
    make(
      "summary",
      {},
      names(row, version.articles, 3),
      " ",
      make("span", { class: `relation ${version.relation}` }, relation),
      make("span", { class: "brief" }, brief),
    ),
    body,
  );
  const build = () => body.replaceChildren(...versionBody(row, section, version, index));
  element.addEventListener("toggle", () => {
    if (element.open && body.childElementCount === 0) build();
  });
  return { element, version, build };
}

function versionBody(row, section, version, index) {
  const drawn = view.isSideBySide
    ? sideBySide(section, version, index)
    : inline(section, version, index);
  const copies =
    version.articles.length > 3
      ? make(
          "p",
          { class: "copies" },
          "Carried by ",
          version.articles
            .slice(0, 200)
            .flatMap((article, at) => [at > 0 ? ", " : "", written(row.articles[article].id)]),
          version.articles.length > 200 ? ` and ${number(version.articles.length - 200)} more` : "",
        )
      : null;
  const facts = version.articles.slice(0, 1).map((article) => {
    const { source, date } = row.articles[article];
    const known = [source, date].filter((part) => part !== undefined);
    return known.length > 0 ? make("p", { class: "facts" }, known.map(isolated).join(" · ")) : null;
  });
  return [
    written(version.title, "p", { class: "version-title" }),
    ...facts,
    copies,
    evidence(version),
    passages(section, version),
    kindsLegend(version, drawn),
    drawn,
  ].filter((node) => node !== null);
}

// The kinds of edit that there are; one of them can be picked out.
function kindsLegend(version, drawn) {
  const counts = kindsOf(version);
  if (counts.length === 0) return make("p", { class: "hint" }, "The same words in the same order.");
  let only = null;
  const controls = counts.map(([kind, count]) =>
    button(
      [kindTag(kind), ` ${number(count)}`],
      { "aria-pressed": "false", title: KINDS[kind] },
      () => {
        only = only === kind ? null : kind;
        for (const [at, control] of controls.entries())
          control.setAttribute("aria-pressed", String(counts[at][0] === only));
        for (const marked of drawn.querySelectorAll(".edit, [data-kind=moved].part")) {
          marked.classList.toggle("faded", only !== null && marked.dataset.kind !== only);
        }
      },
    ),
  );
  return make(
    "div",
    { class: "kinds-legend", role: "group", "aria-label": "Pick out edits of one kind" },
    controls,
  );
}

// Edits that several versions have in the same way.
function sharedEdits(row, section, open) {
  const flow = flowing(section);
  const entry = (edit) => {
    const cut = section.text.slice(...edit.cut);
    const links = edit.versions.map((version) => {
      const article = section.versions[version].articles[0];
      const link = button("", { class: "link" }, () => open(article));
      link.append(written(row.articles[article].id));
      return link;
    });
    const count = edit.versions.length;
    const who =
      count === section.versions.length ? `all ${count} other versions` : `these ${count}`;
    const rest = links.length > 8 ? ` and ${number(links.length - 8)} more` : "";
    return make(
      "li",
      {},
      make(
        "div",
        {},
        kindTag(edit.kind),
        " ",
        written([
          cut === ""
            ? null
            : edit.kind === "moved"
              ? shortened(cut, 280)
              : make("del", {}, flow(shortened(cut, 280))),
          cut !== "" && edit.new !== "" && edit.kind !== "moved" ? " " : null,
          edit.new === "" || edit.kind === "moved"
            ? null
            : make("ins", {}, flow(shortened(edit.new, 280))),
        ]),
      ),
      make(
        "div",
        { class: "who" },
        `${done(edit)} ${who}: `,
        links.slice(0, 8).flatMap((link, at) => (at > 0 ? [", ", link] : [link])),
        rest,
      ),
    );
  };
  const sorted = [...section.shared].sort((a, b) => b.versions.length - a.versions.length);
  const list = make("ul", { class: "shared" }, sorted.slice(0, 12).map(entry));
  const rest = sorted.slice(12);
  const more =
    rest.length === 0
      ? null
      : button(`Show ${counted(rest.length, "more edit")} in common`, {}, () => {
          list.append(...rest.map(entry));
          more.remove();
        });
  return make(
    "section",
    {},
    make("h3", {}, "Edits in common"),
    make(
      "p",
      { class: "hint" },
      "What several versions have in the same way, compared with the representative.",
    ),
    list,
    more,
  );
}

function done(edit) {
  if (edit.kind === "moved") return "Moved by";
  if (edit.new === "") return "Dropped by";
  return edit.cut[0] === edit.cut[1] ? "Added by" : "Changed by";
}
