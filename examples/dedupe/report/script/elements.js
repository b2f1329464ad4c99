"use strict";

// Making elements. Whatever comes from an article becomes text here, never markup.

const SVG = "http://www.w3.org/2000/svg";

// Fills an element: strings become text, null is nothing.
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null));
  return element;
}

function make(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function draw(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function button(label, attributes, onclick) {
  return make("button", { type: "button", onclick, ...attributes }, label);
}

// Text of an article, which may run from right to left.
function written(text, tag = "span", attributes = {}) {
  return make(tag, { dir: "auto", ...attributes }, text);
}

// Without marks that turn the direction of writing, by which a text could play tricks.
function untricked(text) {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/gu, "");
}

// The direction of a text, by its first letter.
function direction(text) {
  const letter = /\p{L}/u.exec(text)?.[0] ?? "";
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u.test(letter) ? "rtl" : "ltr";
}

// A name within a sentence or a drawing, kept apart from the direction of what is around it.
function isolated(text) {
  return `\u2068${text}\u2069`;
}

function number(value) {
  return value.toLocaleString("en-GB");
}

function counted(value, thing) {
  return `${number(value)} ${thing}${value === 1 ? "" : "s"}`;
}

// In whole percent; 0 and 100 are said only when meant.
function percent(share) {
  const rounded = Math.round(share * 100);
  const clamped = share > 0 && share < 1 ? Math.min(99, Math.max(1, rounded)) : rounded;
  return `${clamped} %`;
}

// At most so many characters, never half of one.
function shortened(text, length) {
  const characters = Array.from(text);
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join("")
        .trimEnd()}…`;
}

// A day counted from 1970.
function dayName(day) {
  const date = new Date(Math.floor(day) * 86400000);
  const format = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleDateString("en-GB", format);
}

// The names that kinds of edit and relations go by, and what is said of each.
const KINDS = {
  headline: "in the headline",
  standfirst: "in the lines between headline and text",
  dateline: "where and when the story was filed",
  credit: "who wrote it or contributed to it",
  furniture: "in what a site prints around its articles",
  number: "a number",
  date: "a date",
  name: "a name",
  quotation: "within a quotation",
  wording: "other words for something",
  tail: "the end is missing",
  lead: "something new goes before the text",
  inserted: "a paragraph or a sentence is new",
  dropped: "a paragraph or a sentence is missing",
  moved: "a passage stands elsewhere",
  spelling: "the same words, spelled in another way",
};

const RELATIONS = {
  identical: "word for word",
  reprint: "reprint",
  excerpt: "excerpt",
  extended: "longer version",
  overlap: "through others",
};

function kindTag(kind, text = kind) {
  return make("span", { class: "kind", "data-kind": kind, title: KINDS[kind] }, text);
}
