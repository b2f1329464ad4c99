// The timeline: a lane for each source, a mark for each article, at its date.

const LANES = 24;

function timeline(row, open) {
  const numbered = row.articles.map((article, index) => ({ ...article, index }));
  const dated = numbered.filter((article) => article.day !== undefined);
  const undated = numbered.filter((article) => article.day === undefined);
  const figure = make("figure", { class: "timeline" });
  if (dated.length > 0) figure.append(lanes(dated, row, open));
  if (undated.length > 0) {
    const shown = undated.slice(0, 60).map((article) => articleLink(row, article.index, open));
    const more = undated.length - shown.length;
    figure.append(
      make(
        "div",
        { class: "undated" },
        make("h4", {}, dated.length > 0 ? "Without a date" : "No article has a date"),
        make(
          "ul",
          {},
          shown.map((link) => make("li", {}, link)),
          more > 0 ? make("li", {}, `and ${number(more)} more`) : null,
        ),
      ),
    );
  }
  return figure;
}

// The id of an article, which leads to its version.
function articleLink(row, index, open) {
  const article = row.articles[index];
  const link = button("", { class: "link", title: describe(article) }, () => open(index));
  link.append(written(article.id));
  if (index === row.representative)
    link.append(" ", make("span", { class: "star" }, "representative"));
  return link;
}

function describe(article) {
  const known = [article.id, article.source, article.date];
  return known.filter((part) => part !== undefined).join(" · ");
}

function lanes(dated, row, open) {
  const days = dated.map((article) => article.day);
  const first = days.reduce((a, b) => Math.min(a, b));
  const last = days.reduce((a, b) => Math.max(a, b));
  const at = (day) => (last > first ? (100 * (day - first)) / (last - first) : 50);
  const bySource = new Map();
  for (const article of dated) {
    const source = article.source ?? "";
    if (!bySource.has(source)) bySource.set(source, []);
    bySource.get(source).push(article);
  }
  const order = [...bySource].sort(([, a], [, b]) => earliest(a) - earliest(b));
  const table = make("div", { class: "lanes" });
  for (const [source, articles] of order.slice(0, LANES)) {
    const name = source === "" ? make("span", { class: "aside" }, "no source") : written(source);
    table.append(make("div", { class: "lane-name" }, name), lane(articles, at, row, open));
  }
  if (order.length > LANES) {
    const rest = order.slice(LANES).flatMap(([, articles]) => articles);
    const name = make("span", { class: "aside" }, `${number(order.length - LANES)} more sources`);
    table.append(make("div", { class: "lane-name" }, name), lane(rest, at, row, open));
  }
  table.append(make("div"), axis(first, last));
  return table;
}

function earliest(articles) {
  return articles.reduce((least, article) => Math.min(least, article.day), Infinity);
}

// Articles of one moment are one mark.
function lane(articles, at, row, open) {
  const marks = new Map();
  for (const article of articles) {
    const place = Math.round(at(article.day) * 2) / 2;
    if (!marks.has(place)) marks.set(place, []);
    marks.get(place).push(article);
  }
  const track = make("div", { class: "track" });
  for (const [place, group] of marks) {
    const isFirst = group.some((article) => article.index === row.representative);
    const mark = button(
      group.length > 1 ? number(group.length) : "",
      {
        class: isFirst ? "mark representative" : "mark",
        title: group.slice(0, 12).map(describe).join("\n"),
        "aria-label":
          group.length > 1
            ? `${group.length} articles, ${describe(group[0])} and others`
            : describe(group[0]),
      },
      () => open(group[0].index),
    );
    mark.style.setProperty("--at", place);
    track.append(mark);
  }
  return track;
}

function axis(first, last) {
  const scale = make("div", { class: "axis", "aria-hidden": "true" });
  const days = last - first;
  const steps = days >= 3 ? 3 : days >= 1 ? 1 : 0;
  const seen = new Set();
  for (let step = 0; step <= steps; step += 1) {
    const share = steps === 0 ? 50 : (100 * step) / steps;
    const name = dayName(first + (steps === 0 ? 0 : (days * step) / steps));
    if (seen.has(name)) continue;
    seen.add(name);
    const tick = make("span", { class: step === 0 ? "start" : step === steps ? "end" : "" }, name);
    if (steps === 0) tick.className = "middle";
    tick.style.setProperty("--at", share);
    scale.append(tick);
  }
  return scale;
}
