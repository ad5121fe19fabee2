// «Trova il servizio»: the answers stay in the page. Nothing is sent, stored or written into the
// address. Which sheet an answer brings, and why, is in the data that the builder computed.
const form = document.querySelector("#trova");
const links = document.querySelector("#trova-collegamenti");
const list = document.querySelector("#trova-elenco");
const count = document.querySelector("#trova-quanti");
const cards = document.querySelector("#trova-schede").content.querySelectorAll(".c-card");
const data = JSON.parse(document.querySelector("#trova-dati").textContent);
const emergencies = new Set(data.emergenze);

const inputs = [...form.querySelectorAll("input")];
// No browser brings the answers back; in the page itself HTML does not allow this on check boxes.
for (const input of inputs) input.autocomplete = "off";
const chosen = () => inputs.filter((input) => input.checked && input.value).map((i) => i.value);

// By sheet: the reasons in order, each once, and whether one of them brings the sheet.
function reasonsOf(answers) {
  const found = new Map();
  for (const answer of answers) {
    for (const [sheet, ...numbers] of answer.motivi) {
      const entry = found.get(sheet) ?? { sheet, reasons: new Set(), brings: false };
      for (const number of numbers) {
        const [text, brings] = data.frasi[number];
        entry.reasons.add(text);
        entry.brings ||= brings;
      }
      found.set(sheet, entry);
    }
  }
  return [...found.values()].filter((entry) => entry.brings);
}

// What a sheet asks that none of the answers of a kind (age, Comune) meets.
function limitsOf(sheet, answers) {
  return ["eta", "comune"].flatMap((kind) => {
    const asked = answers.filter((answer) => answer.dice.includes(kind));
    const said = asked.map((answer) =>
      answer.limiti.find(([k, , sheets]) => k === kind && sheets.includes(sheet)));
    return said.length && said.every(Boolean) ? [said[0][1]] : [];
  });
}

function results(answers) {
  const danger = answers.some((answer) => answer.pericolo);
  const found = reasonsOf(answers).map((e) => ({ ...e, limits: limitsOf(e.sheet, answers) }));
  const rank = (entry) => [
    danger && emergencies.has(entry.sheet) ? 0 : 1,
    entry.limits.length ? 1 : 0,
    -entry.reasons.size,
    entry.sheet,
  ];
  const ranked = found.map((entry) => [rank(entry), entry]);
  ranked.sort(([a], [b]) => a.reduce((order, value, i) => order || value - b[i], 0));
  return ranked.map(([, entry]) => entry);
}

function line(text, name) {
  const item = document.createElement("li");
  item.textContent = text;
  if (name) item.className = name;
  return item;
}

function draw({ sheet, reasons, limits }) {
  const card = cards[sheet].cloneNode(true);
  const why = card.querySelector(".c-why");
  for (const reason of reasons) why.append(line(`Perché ${reason}`));
  for (const limit of limits) why.append(line(`Attenzione. ${limit}`, "c-why__limit"));
  return card;
}

function show(selector, wanted) {
  for (const part of document.querySelectorAll(selector)) {
    const hide = !wanted(part);
    if (part.hidden !== hide) part.hidden = hide;
  }
}

function say(number, answered) {
  if (!answered) return "Scegli una risposta: i servizi compaiono qui.";
  if (!number) return "Con queste risposte non c'è nessun servizio.";
  return number === 1 ? "1 servizio." : `${number} servizi.`;
}

// The numbers to call must be in sight as soon as they appear.
function warn(danger) {
  const box = document.querySelector("[data-pericolo]");
  const appears = danger && box?.hidden;
  show("[data-pericolo]", () => danger);
  if (appears) box.scrollIntoView({ block: "nearest" });
}

function update() {
  const ids = chosen();
  const answers = ids.map((id) => data.risposte[id]);
  const found = results(answers);
  list.replaceChildren(...found.slice(0, data.massimo).map(draw));
  count.textContent = say(found.length, ids.length > 0);
  show("#trova-altri", () => found.length > data.massimo);
  warn(answers.some((answer) => answer.pericolo));
  // The quick exit comes with the first delicate answer and stays, whatever is answered after it.
  if (answers.some((answer) => answer.delicata)) show("#trova-uscita, #trova-consigli", () => true);
  show("[data-comune]", (part) => ids.includes(part.dataset.comune));
}

function restart() {
  for (const input of inputs) input.checked = input.type === "radio" && !input.value;
  update();
}

form.addEventListener("change", update);
document.querySelector("#trova-ricomincia").addEventListener("click", () => {
  restart();
  inputs[0].focus();
});
// Who goes back to this page must not find a delicate answer that another person gave.
window.addEventListener("pagehide", () => {
  if (chosen().some((id) => data.risposte[id].delicata)) restart();
});

// The browser must not remember what was ticked.
for (const input of inputs) input.autocomplete = "off";
links.hidden = true;
form.hidden = false;
restart();
