// The shared passages as bars over both texts, and the numbers behind the relation.

function passages(section, version) {
  const bars = [[], []];
  let end = 0;
  for (const part of version.parts) {
    const isMoved = part.kind === "moved";
    for (const piece of part.pieces) {
      if (piece.cut) continue;
      const length = piece.new?.length ?? piece.spelled?.length ?? piece.kept[1] - piece.kept[0];
      const start = end + (piece.gap?.length ?? 1);
      end = start + length;
      if (piece.new !== undefined) continue;
      const kind = isMoved ? "moved" : part.aside ? "dim" : "same";
      bars[0].push([piece.kept[0], piece.kept[1], kind]);
      bars[1].push([start, end, kind]);
    }
  }
  const [words, own, shared] = version.words;
  return make(
    "div",
    { class: "passages" },
    bar("representative", section.text.length, bars[0], percent(shared / Math.max(1, words))),
    bar("this version", end, bars[1], percent(shared / Math.max(1, own))),
    make(
      "p",
      { class: "legend" },
      make("span", { class: "swatch same" }),
      "in both, in place ",
      make("span", { class: "swatch moved" }),
      "in both, moved ",
      make("span", { class: "swatch dim" }),
      "in both, dateline or furniture ",
      make("span", { class: "swatch" }),
      "in one only",
    ),
  );
}

function bar(name, length, ranges, share) {
  // Side by side in the text is side by side in the bar.
  const joined = [];
  const ascending = [...ranges].sort((a, b) => a[0] - b[0]);
  for (const [start, end, kind] of ascending) {
    const last = joined.at(-1);
    if (last && last[2] === kind && start - last[1] <= 2) last[1] = end;
    else joined.push([start, end, kind]);
  }
  const scale = 1000 / Math.max(1, length);
  const rects = joined.map(([start, end, kind]) =>
    draw("rect", {
      class: kind,
      x: start * scale,
      y: 0,
      width: Math.max(1, (end - start) * scale),
      height: 10,
    }),
  );
  return make(
    "div",
    { class: "bar" },
    make("span", {}, name),
    draw(
      "svg",
      {
        viewBox: "0 0 1000 10",
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": `${share} of the words of ${name} in both`,
      },
      draw("rect", { class: "whole", x: 0, y: 0, width: 1000, height: 10 }),
      rects,
    ),
    make("span", { class: "share" }, share),
  );
}

function evidence(version) {
  const known = version.evidence;
  if (known === null) return null;
  const entry = (value, term, title) =>
    make("div", { title }, make("dt", {}, term), make("dd", {}, value));
  const both = (own, other) => [percent(own), make("span", { class: "of" }, " / "), percent(other)];
  return make(
    "dl",
    { class: "evidence" },
    entry(
      both(known.own, known.other),
      "Coverage: this version / representative",
      "How much of the words of each stands in the other, in order and nearly unbroken",
    ),
    entry(number(known.shared), "Shared words", "Words in passages that both have"),
    entry(counted(known.longest, "word"), "Longest passage", "Word for word the same, in a row"),
    entry(known.jaccard.toFixed(2), "Jaccard index", "Of the two sets of shingles"),
    entry(
      both(known.own_containment, known.other_containment),
      "Containment: this version / representative",
      "The share of the shingles of each that the other has",
    ),
  );
}
