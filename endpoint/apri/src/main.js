// The page: what is clicked, what is shown. Nothing is kept but in `items`, while the page is open.
import { choices, line, whole } from "./drawing.js";
import { Problem, openAll, readExport, readKey } from "./opening.js";
import { filtered, haystack } from "./searching.js";
import { table, toCsv, toOds } from "./sheets.js";
import { print, save } from "./taking.js";

const at = (id) => document.getElementById(id);
const SECTIONS = ["entrata", "elenco", "uno"];
let items = [], listed = [], current = null, origin = null;

/** Let the page be drawn before something long. */
const breathe = () => new Promise((done) => { setTimeout(done, 30); });

function show(section) {
  for (const id of SECTIONS) at(id).hidden = id !== section;
  at("dimentica").hidden = section === "entrata";
}

// --- Opening -------------------------------------------------------------------------------------

async function open(event) {
  event.preventDefault();
  forgive();
  at("apri").disabled = true;
  try {
    await openChosen();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    complain(error);
  } finally {
    at("apri").disabled = false;
    at("stato").textContent = "";
  }
}

async function openChosen() {
  const key = await chosen("chiave", "Scegli il file della chiave.");
  const text = new TextDecoder().decode(await chosen("invii", "Scegli il file degli invii."));
  const entries = readExport(text);
  at("stato").textContent = "Apro la chiave: possono volerci dieci secondi…";
  await breathe();
  const opener = await readKey(key, at("frase").value);
  const { opened, closed } = await openAll(entries, opener, async (done, all) => {
    at("stato").textContent = `Apro gli invii: ${done} di ${all}…`;
    await breathe();
  });
  if (!opened.length && closed.length) {
    throw new Problem("chiave", "Questa chiave non apre nessuno degli invii: è di un'altra coppia di chiavi. Scegli quella che si usava quando sono arrivati.");
  }
  at("modulo").reset();
  reveal();
  begin(opened, closed);
}

async function chosen(field, sentence) {
  const [file] = at(field).files;
  if (!file) throw new Problem(field, sentence);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Problem(field, `Non riesco a leggere «${file.name}»: sceglilo di nuovo.`);
  }
}

function complain({ field, message }) {
  at("problema-testo").textContent = message;
  at("problema-testo").href = `#${field}`;
  at(field).setAttribute("aria-invalid", "true");
  at("problema").hidden = false;
  at("problema").focus();
}

function forgive() {
  at("problema").hidden = true;
  for (const field of ["chiave", "frase", "invii"]) at(field).removeAttribute("aria-invalid");
}

function reveal() {
  at("frase").type = at("mostra").checked ? "text" : "password";
}

// --- The list ------------------------------------------------------------------------------------

function begin(opened, closed) {
  items = opened.map((item) => ({ ...item, words: haystack(item) }));
  const forms = new Map(items.map((item) => [item.known.modulo, item.title]));
  choices(at("quale"), "Tutti i moduli", [...forms]);
  const states = [...new Set(items.map((item) => item.known.stato))].sort();
  choices(at("passo"), "Tutti gli stati", states.map((state) => [state, state]));
  at("cerca").value = "";
  at("elenco-titolo").textContent = opened.length === 1 ? "1 invio" : `${opened.length} invii`;
  at("chiusi").hidden = !closed.length;
  at("chiusi").textContent = `Questi invii non si aprono con questa chiave, o sono rovinati: ${closed.join(", ")}. Prova con la chiave che si usava quando sono arrivati.`;
  list();
  show("elenco");
  at("elenco-titolo").focus();
  scrollTo(0, 0);
}

function list() {
  listed = filtered(items, {
    words: at("cerca").value, form: at("quale").value, state: at("passo").value,
  });
  at("invii-elenco").replaceChildren(...listed.map((item) => line(item, openOne)));
  at("quanti").textContent = listed.length === items.length ? "" : `Elencati: ${listed.length}`;
  at("azioni").hidden = !listed.length;
}

function openOne(item, button) {
  [current, origin] = [item, button];
  at("uno-testo").replaceChildren(...whole(item, 1));
  show("uno");
  at("uno-testo").firstElementChild.focus();
  scrollTo(0, 0);
}

function back() {
  at("uno-testo").replaceChildren();
  show("elenco");
  origin.focus();
}

// --- Forgetting: a page loaded anew has nothing of the old one ---------------------------------------

function forget() {
  items = listed = [];
  current = origin = null;
  document.body.replaceChildren();
  location.reload();
}

at("modulo").addEventListener("submit", open);
at("mostra").addEventListener("change", reveal);
for (const id of ["cerca", "quale", "passo"]) at(id).addEventListener("input", list);
at("torna").addEventListener("click", back);
at("stampa-uno").addEventListener("click", () => print(at("stampa"), [current]));
at("stampa-tutti").addEventListener("click", () => print(at("stampa"), listed));
at("salva-ods").addEventListener("click", () => save("ods", toOds(table(listed))));
at("salva-csv").addEventListener("click", () => save("csv", toCsv(table(listed))));
at("dimentica").addEventListener("click", forget);
addEventListener("afterprint", () => at("stampa").replaceChildren());
// Coming back with the browser's arrow must not show again what was left.
addEventListener("pageshow", (event) => { if (event.persisted) forget(); });
