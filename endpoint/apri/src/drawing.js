// Drawing submissions. Whatever a citizen wrote goes in as text, never as markup.
import { HEADINGS } from "./sheets.js";

/** An element with its attributes and its children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** «22/11/2026 ore 11:00» of «2026-11-22 11:00». */
export function spoken(moment) {
  const [day, hour] = moment.split(" ");
  return `${day.split("-").reverse().join("/")} ore ${hour}`;
}

/** A line of the list: a button that opens the submission. */
export function line(item, open) {
  const { known } = item;
  const form = element("span", {}, item.title);
  if (known.sospetto) form.append(" ", element("span", { class: "flag" }, "sospetto"));
  const button = element("button", { type: "button" },
    element("span", { class: "number" }, known.numero), " ", form, " ",
    element("span", {}, spoken(known.ricevuto)), " ", element("span", {}, known.stato));
  button.addEventListener("click", () => open(item, button));
  return element("li", {}, button);
}

/** A whole submission, under a heading of a level. */
export function whole(item, level) {
  const { known } = item;
  const rows = HEADINGS.slice(2).filter(([key]) => known[key]).map(([key, title]) => (
    row(title, key === "ricevuto" ? spoken(known[key]) : known[key])
  ));
  const answers = item.answers.map(({ question, text }) => row(question, text));
  return [
    element(`h${level}`, { tabindex: "-1" }, `${item.title} `,
      element("span", { class: "number" }, known.numero)),
    element("dl", {}, ...rows),
    element(`h${level + 1}`, {}, "Risposte"),
    element("dl", {}, ...answers),
  ];
}

function row(title, text) {
  return element("div", {}, element("dt", {}, title), element("dd", {}, text));
}

/** Fill a choice with «tutti» and the pairs [value, words]. */
export function choices(select, all, pairs) {
  select.replaceChildren(element("option", { value: "" }, all),
    ...pairs.map(([value, words]) => element("option", { value }, words)));
}
