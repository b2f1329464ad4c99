// The family tree: a version a line, children below their parent, an only child right under it.

const LINE = 44;
const STEP = 26;

function familyTree(section, row, open) {
  const nodes = placed(section.tree);
  if (nodes.length === 0) return null;
  for (const node of nodes) describeNode(node, nodes, section, row);
  const branches = nodes.filter((node) => node.parent !== null);
  const widths = nodes.map((node) => node.x + 40 + Math.max(...lineWidths(node)));
  const drawing = draw(
    "svg",
    {
      class: "tree",
      width: Math.ceil(Math.max(...widths)),
      height: LINE * nodes.length + 4,
      role: "group",
      "aria-label": "Family tree",
    },
    branches.map((node) => branch(nodes[node.parent], node)),
    nodes.map((node) => nodeLink(node, row, open)),
  );
  const name = "Family tree, may be scrolled";
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": name },
    drawing,
  );
}

// The nodes with their places in the drawing.
function placed(tree) {
  const children = tree.map(() => 0);
  for (const { parent } of tree) if (parent !== null) children[parent] += 1;
  const nodes = [];
  for (const [index, node] of tree.entries()) {
    const { parent } = node;
    const left = parent === null ? 16 : nodes[parent].x;
    const isAside = parent !== null && children[parent] > 1;
    nodes.push({ ...node, x: left + (isAside ? STEP : 0), y: 20 + LINE * index });
  }
  return nodes;
}

// What is written beside a node.
function describeNode(node, nodes, section, row) {
  const articlesOf = ({ version }) =>
    version === null ? [row.representative] : section.versions[version].articles;
  const nameOf = (articles, length) => isolated(shortened(row.articles[articles[0]].id, length));
  node.articles = articlesOf(node);
  const copies = node.articles.length - 1;
  node.name = nameOf(node.articles, 44) + (copies > 0 ? ` and ${number(copies)} more` : "");
  node.what = edits(node) + firstDate(node.articles, row);
  if (node.against !== undefined) {
    const ancestor = nameOf(articlesOf(nodes[node.against]), 28);
    node.warning = `⚠ Dated before ${ancestor}, from which it seems to come`;
  }
}

// How wide its lines are, in pixels.
function lineWidths(node) {
  const paper = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  const width = (text, font) => {
    paper.font = `${font} ${family}`;
    return paper.measureText(text).width;
  };
  const warning = node.warning ? width(node.warning, "600 12.5px") + 12 : 0;
  return [width(node.name, "600 14px"), width(node.what, "12.5px") + warning];
}

function branch(parent, { x, y }) {
  const down = `M${parent.x} ${parent.y + 7}V`;
  const isBelow = x === parent.x;
  const d = isBelow ? `${down}${y - 7}` : `${down}${y - 8}q0 8 8 8H${x - 7}`;
  return draw("path", { class: "branch", d });
}

function nodeLink(node, row, open) {
  const { x, y, name, what, warning, articles } = node;
  const classes = ["node"];
  if (node.version === null) classes.push("representative");
  if (warning) classes.push("against");
  const spoken = [name, what, warning].filter((part) => part !== undefined).join(". ");
  const titles = articles.slice(0, 20).map((article) => describe(row.articles[article]));
  const link = draw(
    "a",
    { href: `#${row.name}`, class: classes.join(" "), "aria-label": spoken },
    draw("title", {}, titles.join("\n")),
    draw("rect", { class: "hit", x: x - 10, y: y - 15, width: 600, height: LINE - 6 }),
    draw("circle", { cx: x, cy: y, r: 6 }),
    draw("text", { class: "name", x: x + 16, y: y + 1 }, name),
    draw(
      "text",
      { class: "what", x: x + 16, y: y + 17 },
      what,
      warning ? draw("tspan", { class: "warning", dx: 8 }, warning) : null,
    ),
  );
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open(articles[0]);
  });
  return link;
}

// The earliest date of those who have a version.
function firstDate(articles, row) {
  const days = articles.map((article) => row.articles[article].day);
  const first = days.reduce((least, day) => Math.min(least, day ?? Infinity), Infinity);
  return first === Infinity ? "" : ` · ${dayName(first)}`;
}

// What was done to the parent.
function edits(node) {
  if (node.parent === null) return counted(node.words, "word");
  const done = [];
  if (node.added > 0) done.push(`${counted(node.added, "word")} added`);
  if (node.dropped > 0) {
    const cuts = node.cuts > 1 ? ` in ${number(node.cuts)} cuts` : "";
    done.push(`${counted(node.dropped, "word")} dropped${cuts}`);
  }
  if (node.moves > 0) done.push("passages moved");
  return done.length > 0 ? done.join(", ") : "the same words";
}
