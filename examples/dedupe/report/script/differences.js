// What differs between the representative and a version: within one text, or side by side.

const FOLDED = 420;
const HEAD = 170;
const TAIL = 120;

// The parts in the order of the version, and where the representative has what was moved.
function steps(version) {
  const parts = version.parts.map((part, index) => ({ part, index }));
  const origins = parts
    .filter(({ part }) => part.kind === "moved")
    .map((step) => ({ ...step, isOrigin: true }))
    .sort((a, b) => a.part.a[0] - b.part.a[0]);
  const all = [];
  for (const step of parts) {
    const isPlaced = step.part.kind !== "moved";
    while (isPlaced && origins.length > 0 && origins[0].part.a[1] <= step.part.a[0])
      all.push(origins.shift());
    all.push(step);
  }
  return all.concat(origins);
}

// Consecutive pieces of one kind are one edit.
function edited(part) {
  const groups = [];
  for (const piece of part.pieces) {
    const last = groups.at(-1);
    if (piece.kept === undefined && last && last.kind !== null && last.kind === piece.edit)
      last.pieces.push(piece);
    else
      groups.push({
        kind: piece.kept === undefined ? (piece.edit ?? "wording") : null,
        pieces: [piece],
      });
  }
  return groups;
}

// How often a version has each kind of edit.
function kindsOf(version) {
  const counts = new Map();
  const count = (kind) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const part of version.parts) {
    if (part.kind === "moved") count("moved");
    for (const group of edited(part)) if (group.kind !== null) count(group.kind);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

// Text as it is shown. Lines that are as long as those of a page with wrapped lines run on.
function flowing(section) {
  section.isWrapped ??= section.text.split("\n").every((line) => line.length <= 110);
  const joined = (text) =>
    section.isWrapped ? text.replace(/([^\n]{56})\n(?=\S)/gu, "$1 ") : text;
  return (text) => joined(untricked(text));
}

// A place near `at` where a text may be cut: between words, never within a character.
function cutNear(text, at) {
  const space = text.lastIndexOf(" ", at);
  if (space > at - 40) return space;
  let place = at;
  while (place > 0 && /^[\p{M}\u200d\ufe0f\udc00-\udfff]/u.test(text.slice(place, place + 1)))
    place -= 1;
  if (/[\udc00-\udfff]/.test(text[place] ?? "")) place -= 1;
  return place;
}

// Text that was kept; the middle of a long one is folded. What is folded together opens together.
function kept(text, folds) {
  if (text.length <= FOLDED) return [text];
  const head = cutNear(text, HEAD);
  const tail = cutNear(text, text.length - TAIL);
  const hidden = text.slice(head, tail);
  const words = hidden.trim().split(/\s+/u).length;
  const size =
    words > hidden.length / 20 ? counted(words, "word") : counted(hidden.length, "character");
  const fold = button(`… ${size} the same …`, { class: "fold", "aria-expanded": "false" }, () => {
    for (const unfold of folds) unfold();
  });
  const holder = make("span", {}, fold);
  folds.push(() => {
    if (fold.isConnected) holder.replaceChildren(hidden);
  });
  return [text.slice(0, head), " ", holder, " ", text.slice(tail)];
}

// The text of a part. `side` is "a" or "b" for one text only, or null for both in one.
function partText(section, part, side, foldsOf) {
  const flow = flowing(section);
  const nodes = [];
  let endOfA = null;
  let last = null;
  let hasOwn = false;
  for (const group of edited(part)) {
    const inside = [];
    for (const [at, piece] of group.pieces.entries()) {
      const place = piece.kept ?? piece.cut;
      const isShown =
        side === null || (side === "a" ? place !== undefined : piece.cut === undefined);
      const gapOfA = endOfA !== null && place ? section.text.slice(endOfA, place[0]) : " ";
      const gapOfB = hasOwn ? (piece.gap ?? " ") : " ";
      if (place) endOfA = place[1];
      if (!isShown) continue;
      // Between the words of both texts there is what is between them in one of the two.
      const isOfA =
        side === "a" ||
        piece.cut !== undefined ||
        (piece.kept !== undefined && last?.cut !== undefined);
      if (last !== null) (at === 0 ? nodes : inside).push(flow(isOfA ? gapOfA : gapOfB));
      last = piece;
      hasOwn ||= piece.cut === undefined;
      if (piece.cut) {
        inside.push(make("del", {}, flow(section.text.slice(...piece.cut))));
      } else if (piece.new !== undefined) {
        inside.push(make("ins", {}, flow(piece.new)));
      } else {
        const own = section.text.slice(...piece.kept);
        const text = side === "a" ? own : (piece.spelled ?? own);
        const node = kept(flow(text), foldsOf(piece));
        const isRespelled =
          piece.spelled !== undefined &&
          own.replace(/\s+/gu, " ") !== piece.spelled.replace(/\s+/gu, " ");
        inside.push(
          isRespelled && text.length <= 80
            ? make("span", { class: "respelled", title: side === "a" ? piece.spelled : own }, node)
            : node,
        );
      }
    }
    if (group.kind === null) nodes.push(inside);
    else if (inside.length > 0) nodes.push(edit(group.kind, inside, part.edit !== group.kind));
  }
  return nodes.flat(Infinity);
}

function edit(kind, inside, isTagged) {
  return make(
    "span",
    { class: "edit", "data-kind": kind, title: `${kind}: ${KINDS[kind]}` },
    inside,
    isTagged ? make("span", { class: "tag", "aria-hidden": "true" }, kind) : null,
  );
}

const LABELS = { removed: "missing here", added: "only here", changed: "changed", moved: "moved" };

// What stands beside a part.
function label(part) {
  const nodes = [];
  const kind = part.kind === "moved" ? null : part.edit;
  if (kind) nodes.push(kindTag(kind));
  if (part.aside && part.aside !== kind) nodes.push(make("span", { class: "aside" }, part.aside));
  const isSaid = !kind && part.kind !== "kept" && part.kind !== "moved";
  if (isSaid) nodes.push(make("span", { class: "aside" }, LABELS[part.kind]));
  if (part.coarse)
    nodes.push(
      make(
        "span",
        { class: "aside", title: "Too long and too different to be compared word by word" },
        "coarse",
      ),
    );
  return nodes;
}

function jump(id) {
  const target = document.getElementById(id);
  if (target === null) return;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  target.focus({ preventScroll: true });
  target.classList.remove("flash");
  void target.offsetWidth;
  target.classList.add("flash");
}

// The two ends of a move lead to each other.
function moveLink(number, index, isOrigin) {
  const [text, to] = isOrigin
    ? ["moved: see where it is now", "to"]
    : ["moved: see where it was", "from"];
  return button([make("span", { "aria-hidden": "true" }, "⇅ "), text], { class: "link move" }, () =>
    jump(`moved-${number}-${index}-${to}`),
  );
}

function partClass(part) {
  return `part ${part.kind}${part.aside ? " dim" : ""}`;
}

function inline(section, version, number) {
  const list = make("div", { class: "inline", dir: direction(section.text) });
  for (const { part, index, isOrigin } of steps(version)) {
    if (isOrigin) {
      const text = shortened(untricked(section.text.slice(...part.a)).replace(/\s+/gu, " "), 90);
      list.append(
        make(
          "div",
          {
            class: "part origin",
            id: `moved-${number}-${index}-from`,
            tabindex: "-1",
            "data-kind": "moved",
          },
          make("div", { class: "label" }, kindTag("moved", "moved away")),
          make("div", { class: "text" }, written(text), " ", moveLink(number, index, true)),
        ),
      );
      continue;
    }
    const isMoved = part.kind === "moved";
    const text = written(
      partText(section, part, null, () => []),
      "div",
      { class: "text" },
    );
    if (isMoved) text.append(" ", moveLink(number, index, false));
    const attributes = isMoved
      ? { id: `moved-${number}-${index}-to`, tabindex: "-1", "data-kind": "moved" }
      : {};
    list.append(
      make(
        "div",
        { class: partClass(part), ...attributes },
        make(
          "div",
          { class: "label" },
          isMoved ? kindTag("moved", "moved here") : null,
          label(part),
        ),
        text,
      ),
    );
  }
  return list;
}

function sideBySide(section, version, number) {
  const table = make(
    "div",
    { class: "sides", dir: direction(section.text) },
    make("div", { class: "side-name" }, "Representative"),
    make("div", { class: "side-name" }, "This version"),
  );
  for (const { part, index, isOrigin } of steps(version)) {
    const isMoved = part.kind === "moved";
    const folds = new Map();
    const foldsOf = (piece) => {
      if (!folds.has(piece)) folds.set(piece, []);
      return folds.get(piece);
    };
    const cell = (side) => {
      const isThere = isMoved
        ? (side === "a") === Boolean(isOrigin)
        : part.kind !== (side === "a" ? "added" : "removed");
      if (!isThere) return make("div", { class: `cell none ${side}` });
      const text = written(partText(section, part, side, foldsOf), "div", { class: "text" });
      const end = isOrigin ? "from" : "to";
      const attributes = isMoved
        ? { id: `moved-${number}-${index}-${end}`, tabindex: "-1", "data-kind": "moved" }
        : {};
      const labels = isMoved
        ? [
            kindTag("moved", isOrigin ? "moved away" : "moved here"),
            label(part),
            moveLink(number, index, isOrigin),
          ]
        : side === "b" || part.kind === "removed"
          ? label(part)
          : [];
      return make(
        "div",
        { class: `cell ${side} ${partClass(part)}`, ...attributes },
        labels.flat().length > 0 ? make("div", { class: "label" }, labels) : null,
        text,
      );
    };
    table.append(cell("a"), cell("b"));
  }
  return table;
}
